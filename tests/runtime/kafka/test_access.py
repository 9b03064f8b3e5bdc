"""How Kafka is reached: one value, from which every client is told."""

from pathlib import Path

import pytest

from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_admin, make_consumer, make_producer

THREE = KafkaAccess("a:1,b:2,c:3", "nobody", "0f")


def test_a_client_is_told_of_every_broker() -> None:
    """Where one of three is away, another answers."""
    assert THREE.client_options()["bootstrap.servers"] == "a:1,b:2,c:3"
    assert THREE.addresses == ("a:1", "b:2", "c:3")


def test_a_client_comes_with_a_password_that_is_not_printed() -> None:
    """There is no way in without one, and settings end up in logs."""
    options = KafkaAccess("a:1", "joiner", "geheim").client_options()
    assert (options["sasl.username"], options["sasl.password"]) == ("joiner", "geheim")
    assert options["security.protocol"] == "SASL_PLAINTEXT"
    assert "geheim" not in repr(KafkaAccess("a:1", "joiner", "geheim"))


def test_brokers_that_vouch_for_themselves_are_reached_encrypted(tmp_path: Path) -> None:
    """To others a password would be told, and on the way anybody could read it."""
    options = KafkaAccess("far:1", "joiner", "geheim", tmp_path / "ca.pem").client_options()
    assert options["security.protocol"] == "SASL_SSL"
    assert options["ssl.ca.location"] == str(tmp_path / "ca.pem")


@pytest.mark.parametrize("make", [make_producer, make_consumer, make_admin])
def test_no_client_goes_elsewhere_than_the_value_says(make: object) -> None:
    """How brokers are reached is set in one place: a client's own settings cannot take it back."""
    assert callable(make)
    with pytest.raises(ValueError, match=r"bootstrap\.servers"):
        make(THREE, {"bootstrap.servers": "elsewhere:9092"})
