"""Clients of the brokers: one place makes them, with settings that lose nothing."""

import ast
from pathlib import Path

import pytest

from exchange.runtime.kafka.clients import KEPT, READ, make_consumer, make_producer
from tests.nowhere import NO_BROKERS
from tests.source import READS_SOURCE, nodes_of

pytestmark = READS_SOURCE
ROOT = Path(__file__).parents[3]
PACKAGES = ("avro_schemas", "topics", "verification", "exchange", "producers", "consumers", "tools")
ONLY_PLACES = {
    ROOT / "exchange" / "runtime" / "kafka" / "clients.py",
    ROOT / "producers" / "client" / "life_events_client" / "kafka_link.py",  # a distribution of its own
}
CLIENTS = {
    *("Producer", "SerializingProducer", "AIOProducer", "AIOKafkaProducer"),
    *("Consumer", "DeserializingConsumer", "AIOConsumer", "AIOKafkaConsumer", "ShareConsumer"),
    *("AdminClient", "AIOKafkaAdminClient"),
}


def test_no_other_place_makes_a_client() -> None:
    """A producer or reader made in passing has the client's own settings, which lose; use `kafka.clients`."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} imports {name.name}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path not in ONLY_PLACES
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("confluent_kafka", "aiokafka"))
        for name in node.names
        if name.name in CLIENTS
    ]
    assert found == []


@pytest.mark.parametrize(
    ("setting", "value"), [("acks", 1), ("enable.idempotence", False), ("partitioner", "random")]
)
def test_no_producer_can_be_made_that_loses(setting: str, value: object) -> None:
    """What was acknowledged is on the brokers, once, in its order, beside the person's other records."""
    assert setting in KEPT
    with pytest.raises(ValueError, match=setting):
        make_producer(NO_BROKERS, {setting: value})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("isolation.level", "read_uncommitted"),
        ("enable.auto.commit", True),
        ("enable.auto.offset.store", True),
    ],
)
def test_no_reader_can_be_made_that_loses(setting: str, value: object) -> None:
    """A reader sees what is committed, and its place is kept with what it made of the messages."""
    assert setting in READ
    with pytest.raises(ValueError, match=setting):
        make_consumer(NO_BROKERS, {setting: value})


def test_no_reader_goes_on_at_the_end_when_its_place_is_gone() -> None:
    """The client's own way out passes over everything between."""
    with pytest.raises(ValueError, match="not latest"):
        make_consumer(NO_BROKERS, {"auto.offset.reset": "latest"})


def test_what_is_kept_is_what_the_settings_promise() -> None:
    """An acknowledgement means all replicas in sync; a retry repeats and reorders nothing."""
    assert KEPT == {"acks": "all", "enable.idempotence": True, "partitioner": "murmur2_random"}
    assert READ["isolation.level"] == "read_committed"
