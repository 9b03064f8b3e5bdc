"""What is said to the brokers, and what their faults mean."""

from typing import Final

import pytest
from confluent_kafka import KafkaError

from life_events_client.access import Access, Brokers
from life_events_client.errors import ClientError, ExchangeAway, NotAllowed, PositionGone
from life_events_client.kafka_link import Sending, _options, failure
from life_events_client.publishing import send_many
from tests.cells import each_cell
from tests.client.gateway import SECRET, Gateway
from tests.client.memory import Clock, MemoryRunner
from tests.client.test_publishing import record
from tests.client.ways import MemoryLink, way_to

FAULTS: Final[tuple[tuple[int, type[ClientError]], ...]] = (
    (KafkaError._AUTHENTICATION, NotAllowed),
    (KafkaError.TOPIC_AUTHORIZATION_FAILED, NotAllowed),
    (KafkaError._AUTO_OFFSET_RESET, PositionGone),
    (KafkaError._MSG_TIMED_OUT, ExchangeAway),
    (KafkaError._TRANSPORT, ExchangeAway),
)


@each_cell(
    ("servers", "ca", "protocol"),
    [
        ("127.0.0.1:9092", None, "SASL_PLAINTEXT"),
        ("localhost:9092,[::1]:9093", None, "SASL_PLAINTEXT"),
        ("127.0.0.1:9092,10.0.0.1:9092", None, "SASL_SSL"),
        ("kafka.example.gov.cn:9192", None, "SASL_SSL"),
        ("127.0.0.1:9092", "ca.pem", "SASL_SSL"),
    ],
)
def test_a_password_travels_in_the_clear_within_one_machine_alone(
    servers: str, ca: str | None, protocol: str
) -> None:
    """And even there nobody is told it: SCRAM proves that both have it."""
    access = Access("https://exchange", "police.1", SECRET, ca=ca)
    said = _options(access, Brokers(servers, "open sesame"))
    assert (said["security.protocol"], said.get("ssl.ca.location")) == (protocol, ca)
    assert said["sasl.mechanism"] == "SCRAM-SHA-512"
    assert "sesame" not in repr(Brokers(servers, "open sesame"))


@each_cell(("code", "error"), FAULTS)
def test_a_fault_of_the_brokers_means_what_the_same_does_over_http(
    code: int, error: type[ClientError]
) -> None:
    assert type(failure(KafkaError(code))) is error


def test_brokers_that_never_say_what_became_of_a_record_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program is told in the end, and sends again later."""
    clock, gateway = Clock(), Gateway()
    way = way_to("kafka", gateway, clock, 60)
    sending = send_many(way, [record()], lambda _: None, lambda _: None)
    monkeypatch.setattr(MemoryLink, "send", lambda _, messages: Sending(len(messages)))
    with pytest.raises(ExchangeAway, match="what became of"):
        MemoryRunner(gateway, clock).run(sending)
