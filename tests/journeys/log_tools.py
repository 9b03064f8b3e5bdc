"""What journeys share: records straight onto the log, and everything that a topic holds."""

from collections.abc import Container, Iterable, Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

from confluent_kafka import OFFSET_BEGINNING, KafkaError, TopicPartition

from avro_schemas.catalogue import schema
from exchange.domain.policy import load_policy
from exchange.runtime.kafka.clients import make_consumer, make_producer, read_batch
from exchange.runtime.kafka.watermarks import Place, watermarks
from exchange.runtime.registry.client import Registry, subject_ids
from exchange.runtime.registry.serde import Decoder, Encoder
from exchange.runtime.settings import Settings
from tests.waiting import wait_for
from topics.catalogue import ACCESS, load_catalogue
from verification.acceptance import Accepted, accept
from verification.records import partition_key

CATALOGUE = load_catalogue()
Encoded = tuple[str, str, bytes]


class Encoding:
    """Turns JSON-shaped records into what a department's own client would put on the log."""

    def __init__(self, settings: Settings) -> None:
        self._ids = subject_ids(settings)
        self._rules = load_policy().acceptance

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
    producer = make_producer(settings.kafka)
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


def places_of(topics: Iterable[str]) -> list[Place]:
    """Return every partition of the topics."""
    return [(name, p) for name in topics for p in range(CATALOGUE.by_name[name].partitions)]


def ends(settings: Settings, topics: list[str]) -> dict[Place, int]:
    """Return where each partition of the topics ends; this counts what a transaction left there."""
    with closing(make_consumer(settings.kafka)) as consumer:
        return {place: end for place, (_, end) in watermarks(consumer, places_of(topics)).items()}


def topics_of(kind: str) -> list[str]:
    """Return the names of all topics of a kind."""
    return [topic.name for topic in CATALOGUE.topics if topic.kind == kind]


class Tally:
    """Counts the messages of some topics, from the beginning and then as they come."""

    def __init__(self, settings: Settings, topics: list[str]) -> None:
        self._reader = Reader(settings, places_of(topics))
        self._count = 0

    def count(self) -> int:
        """Return how many messages the topics have held so far."""
        self._count += sum(1 for _ in self._reader.to_end())
        return self._count

    def close(self) -> None:
        """Stop counting."""
        self._reader.close()


def count(settings: Settings, kind: str) -> int:
    """Return how many messages the topics of a kind have ever held."""
    with closing(Tally(settings, topics_of(kind))) as tally:
        return tally.count()


def wait_for_count(settings: Settings, kind: str, wanted: int) -> None:
    """Wait until the topics of a kind have held this many messages."""
    with closing(Tally(settings, topics_of(kind))) as tally:
        wait_for("so many messages", lambda: tally.count() >= wanted, seen=tally.count)


def read_all(
    settings: Settings, topics: list[str], keys: Container[str] | None = None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield topic, key and decoded value of what the topics hold now, deletions left out.

    Everything, or of these keys only: what is not asked for is not decoded.
    """
    with Registry(settings.registry) as registry:
        decoders = {
            name: Decoder(schema(CATALOGUE.by_name[name].schema or ""), registry.schema_by_id)
            for name in topics
        }
        for message in messages_in(settings, topics):
            key = message.key().decode()
            if message.value() is not None and (keys is None or key in keys):
                yield message.topic(), key, decoders[message.topic()].decode(message.value())


def messages_in(settings: Settings, topics: Iterable[str]) -> Iterator[Any]:
    """Yield everything that the topics hold now, of each partition in its order, as it came."""
    with closing(Reader(settings, places_of(topics))) as reader:
        yield from reader.to_end()


def messages_of(settings: Settings, topic: str, partitions: int) -> list[Any]:
    """Return the same of one topic, which may be a test's own."""
    with closing(Reader(settings, [(topic, partition) for partition in range(partitions)])) as reader:
        return list(reader.to_end())


def nothing_after(settings: Settings, positions: dict[Place, int]) -> bool:
    """Say whether no message stands at or behind these positions; what a transaction left is none."""
    with closing(Reader(settings, positions, positions)) as reader:
        return not any(True for _ in reader.to_end())


class Reader:
    """Reads partitions to their end as the brokers tell it: offsets also count what is not a message."""

    def __init__(
        self, settings: Settings, places: Iterable[Place], positions: dict[Place, int] | None = None
    ) -> None:
        self._places = set(places)
        self._at_end: set[Place] = set()
        self._consumer = make_consumer(
            settings.kafka, {"enable.partition.eof": True, "fetch.wait.max.ms": 10}
        )
        self._consumer.assign(
            [TopicPartition(*place, (positions or {}).get(place, OFFSET_BEGINNING)) for place in self._places]
        )

    def to_end(self) -> Iterator[Any]:
        """Yield what was not read yet, until the end of every partition was met."""
        # An end is told once; whoever comes again asks for what has come since.
        caught_up = self._at_end >= self._places
        while True:
            messages = read_batch(self._consumer, 1000, 0.2)
            for message in messages:
                place = message.topic(), message.partition()
                if message.error() is None:
                    self._at_end.discard(place)
                    yield message
                else:
                    assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
                    self._at_end.add(place)
            if self._at_end >= self._places and (not messages or not caught_up):
                return

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()
