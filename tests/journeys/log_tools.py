"""What journeys share: records straight onto the log, and everything that a topic holds."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from avro_schemas.catalogue import schema
from exchange.domain.policy import load_policy
from exchange.runtime.registry import Registry, subject_ids
from exchange.runtime.serde import Decoder, Encoder
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from exchange.runtime.watermarks import watermarks
from topics.catalogue import ACCESS, load_catalogue
from verification.acceptance import AcceptanceRules, Accepted, accept
from verification.records import partition_key

CATALOGUE = load_catalogue()
LIMIT_S = 120.0
Encoded = tuple[str, str, bytes]


class Encoding:
    """Turns JSON-shaped records into what a department's own client would put on the log."""

    def __init__(self, settings: Settings) -> None:
        self._ids = subject_ids(settings)
        self._rules = AcceptanceRules(load_policy().deciders)

    def encode(self, record_type: str, raw: dict[str, Any], department: str | None = None) -> Encoded:
        """Return topic, key and value."""
        topic = CATALOGUE.record_topic(record_type, department)
        full = {"record_id": str(uuid4()), "recorded_at": "2026-03-02T09:00:00+08:00", "name": "张三", **raw}
        accepted = accept(record_type, full, owner=topic.owner, rules=self._rules, taken_at=None)
        assert isinstance(accepted, Accepted), accepted
        encoder = Encoder(schema(record_type), self._ids[topic.name])
        return topic.name, partition_key(accepted.record), encoder.encode(accepted.avro)


def produce(settings: Settings, messages: list[Encoded]) -> None:
    """Put messages on the log as a department's client would."""
    producer = Producer(
        {"bootstrap.servers": settings.kafka, "enable.idempotence": True, "partitioner": "murmur2_random"}
    )
    for topic, key, value in messages:
        producer.produce(topic, value, key)
    assert producer.flush(60) == 0


def publish_events(
    settings: Settings, topic: str, event: str, documents: list[dict[str, Any]], key: str = "case_id"
) -> None:
    """Write events as the join does, keyed by this field, and return when the brokers have them."""
    encode = Encoder(schema(event), subject_ids(settings)[topic]).encode
    produce(settings, [(topic, document[key], encode(document)) for document in documents])


def access_records(settings: Settings) -> list[dict[str, Any]]:
    """Every access record there is."""
    return [record for _, _, record in read_all(settings, [ACCESS])]


def ends(settings: Settings, topics: list[str]) -> dict[tuple[str, int], int]:
    """Return where each partition of the topics ends."""
    consumer = Consumer({"bootstrap.servers": settings.kafka, "group.id": "unused"})
    try:
        return {
            place: end
            for place, (_, end) in watermarks(
                consumer, ((name, p) for name in topics for p in range(CATALOGUE.by_name[name].partitions))
            ).items()
        }
    finally:
        consumer.close()


def topics_of(kind: str) -> list[str]:
    """Return the names of all topics of a kind."""
    return [topic.name for topic in CATALOGUE.topics if topic.kind == kind]


def count(settings: Settings, kind: str) -> int:
    """Return how many messages the topics of a kind have ever held."""
    return sum(ends(settings, topics_of(kind)).values())


def wait_for_count(settings: Settings, kind: str, wanted: int, limit_s: float = LIMIT_S) -> None:
    """Wait until the topics of a kind have held so many messages."""
    assert wait_until(lambda: count(settings, kind) >= wanted, limit_s, 0.2), count(settings, kind)


def read_all(settings: Settings, topics: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield topic, key and decoded value of everything that the topics hold now."""
    with Registry(settings.registry) as registry:
        decoders = {
            name: Decoder(schema(CATALOGUE.by_name[name].schema or ""), registry.schema_by_id)
            for name in topics
        }
        for message in _messages(settings, topics):
            value = decoders[message.topic()].decode(message.value())
            yield message.topic(), message.key().decode(), value


def _messages(settings: Settings, topics: list[str]) -> Iterator[Any]:
    left = {place: end for place, end in ends(settings, topics).items() if end}
    consumer = Consumer(
        {"bootstrap.servers": settings.kafka, "group.id": "unused", "enable.auto.commit": False}
    )
    consumer.assign([TopicPartition(name, p, OFFSET_BEGINNING) for name, p in left])
    while left:
        for message in consumer.consume(1000, 0.2):
            assert message.error() is None, message.error()
            yield message
        for place in consumer.position([TopicPartition(*place) for place in left]):
            if place.offset >= left[place.topic, place.partition]:
                del left[place.topic, place.partition]
    consumer.close()


def messages_of(settings: Settings, topic: str, partitions: int) -> list[Any]:
    """Return everything that a topic holds now, of each partition in its order, as it came."""
    consumer = Consumer({"bootstrap.servers": settings.kafka, "group.id": "unused"})
    with closing(consumer):
        ends = watermarks(consumer, [(topic, partition) for partition in range(partitions)])
        wanted = sum(high - low for low, high in ends.values())
        consumer.assign([TopicPartition(*place, OFFSET_BEGINNING) for place in ends])
        found = consumer.consume(wanted, LIMIT_S) if wanted else []
        assert len(found) == wanted
        return found
