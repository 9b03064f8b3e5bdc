"""A log without brokers: messages with their places and times, and the rules that take them."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from avro_schemas.catalogue import Document, schema
from exchange.domain.policy import Policy, load_policy
from exchange.folding.case_ids import CaseIds
from exchange.folding.limits import RECORD_BYTES
from exchange.folding.outputs import Outputs
from exchange.folding.partitions import partition_of
from exchange.folding.step import Step
from exchange.runtime.logs import logger
from exchange.runtime.registry.serde import Decoder, Encoder
from tests.cases import Given, accepted
from topics.catalogue import load_catalogue
from verification.records import partition_key

CATALOGUE = load_catalogue()
IDS = {topic.name: number for number, topic in enumerate(CATALOGUE.topics, 1) if topic.schema}
SCHEMAS = {number: schema(str(CATALOGUE.by_name[name].schema)) for name, number in IDS.items()}
ENCODERS = {name: Encoder(SCHEMAS[number], number).encode for name, number in IDS.items()}
DECODERS = {name: Decoder(SCHEMAS[IDS[name]], SCHEMAS.get, RECORD_BYTES) for name in CATALOGUE.join_inputs}
TAKEN_AT_MS = 1_783_000_000_000


@dataclass
class Message:
    """A message as the log has it."""

    name: str
    place: int
    at: int
    name_of_person: bytes | None
    payload: bytes | None
    taken_at_ms: int = TAKEN_AT_MS

    def topic(self) -> str:  # noqa: D102
        return self.name

    def partition(self) -> int:  # noqa: D102
        return self.place

    def offset(self) -> int:  # noqa: D102
        return self.at

    def key(self) -> bytes | None:  # noqa: D102
        return self.name_of_person

    def value(self) -> bytes | None:  # noqa: D102
        return self.payload

    def timestamp(self) -> tuple[int, int]:  # noqa: D102
        return (2, self.taken_at_ms)


@dataclass
class Log:
    """Gives messages their places, as the brokers would."""

    ends: Counter[tuple[str, int]] = field(default_factory=Counter)
    policy: Policy | None = None

    def message(
        self, record: Given, *, key: str | None = None, payload: bytes | None = None, at_ms: int = TAKEN_AT_MS
    ) -> Message:
        """The record on its topic; with another key or other bytes where a test wants that."""
        verdict = accepted(record, self.policy)
        topic = CATALOGUE.record_topic(record[0], record[1].get("department")).name
        right = partition_key(verdict.record)
        place = partition_of(right, CATALOGUE.by_name[topic].partitions)
        value = ENCODERS[topic](verdict.avro) if payload is None else payload
        return self.append(topic, place, (key or right).encode(), value, at_ms)

    def append(self, topic: str, place: int, key: bytes | None, value: bytes | None, at_ms: int) -> Message:
        """A message at the end of a partition."""
        at = self.ends[topic, place]
        self.ends[topic, place] += 1
        return Message(topic, place, at, key, value, at_ms)


def published(topic: str, value: bytes) -> Document:
    """What was published, as a reader has it."""
    return _reader(topic).decode(value)


@cache
def _reader(topic: str) -> Decoder:
    return Decoder(SCHEMAS[IDS[topic]], SCHEMAS.get)


def report(event: str, **where: object) -> None:
    """Log what a rule failed on, as an exchange does."""
    logger("join.step").error(event, **where)


def new_step(policy: Policy | None = None) -> Step:
    """The rules, with the policy as shipped or another."""
    return Step(
        policy or load_policy(),
        CATALOGUE,
        CaseIds(b"k" * 32),
        lambda topic, value: DECODERS[topic].decode(value or b""),
        Outputs(ENCODERS),
        report,
    )
