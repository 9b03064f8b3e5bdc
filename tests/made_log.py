"""A log without brokers: messages with their places and times, and the rules that take them."""

from collections import Counter
from dataclasses import dataclass, field

from avro_schemas.catalogue import Document
from exchange.domain.policy import Policy, load_policy
from exchange.folding.case_ids import CaseIds
from exchange.folding.outputs import Outputs
from exchange.folding.partitions import partition_of
from exchange.folding.sizes import RECORD_BYTES
from exchange.folding.step import Step
from exchange.runtime.logs import logger
from exchange.runtime.registry.avro_writer import case_part_encoders
from exchange.runtime.registry.serde import Decoder, Encoder
from tests.cases import Given, accepted
from topics.catalogue import CASES, Catalogue, load_catalogue
from verification.acceptance import Accepted
from verification.records import partition_key


class Wire:
    """What writes and reads the topics of a city, with the numbers that a registry would give its schemas."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.ids = {topic.name: number for number, topic in enumerate(catalogue.topics, 1) if topic.schema}
        self.schemas = {number: catalogue.schema_of(name) for name, number in self.ids.items()}
        self.encoders = {
            name: Encoder(self.schemas[number], number).encode for name, number in self.ids.items()
        }
        self.decoders = {
            name: Decoder(self.schemas[self.ids[name]], self.schemas.get, RECORD_BYTES)
            for name in catalogue.join_inputs
        }
        self._readers: dict[str, Decoder] = {}

    def published(self, topic: str, value: bytes) -> Document:
        """What was published, as a reader has it."""
        if topic not in self._readers:
            self._readers[topic] = Decoder(self.schemas[self.ids[topic]], self.schemas.get)
        return self._readers[topic].decode(value)


CATALOGUE = load_catalogue()
WIRE = Wire(CATALOGUE)
CASE_PARTS = case_part_encoders(CATALOGUE.schema_of(CASES))
IDS, SCHEMAS, ENCODERS, DECODERS = WIRE.ids, WIRE.schemas, WIRE.encoders, WIRE.decoders
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
    wire: Wire = WIRE

    def message(
        self,
        record: Given,
        *,
        verdict: Accepted | None = None,
        key: str | None = None,
        payload: bytes | None = None,
        at_ms: int = TAKEN_AT_MS,
    ) -> Message:
        """The record on its topic; with another key or other bytes where a test wants that.

        Who has asked acceptance already says with which verdict.
        """
        verdict = verdict or accepted(record, self.policy, self.wire.catalogue)
        topic = self.wire.catalogue.record_topic(record[0], record[1].get("department")).name
        right = partition_key(verdict.record)
        place = partition_of(right, self.wire.catalogue.by_name[topic].partitions)
        value = self.wire.encoders[topic](verdict.avro) if payload is None else payload
        return self.append(topic, place, (key or right).encode(), value, at_ms)

    def append(self, topic: str, place: int, key: bytes | None, value: bytes | None, at_ms: int) -> Message:
        """A message at the end of a partition."""
        at = self.ends[topic, place]
        self.ends[topic, place] += 1
        return Message(topic, place, at, key, value, at_ms)


def published(topic: str, value: bytes) -> Document:
    """What was published, as a reader has it."""
    return WIRE.published(topic, value)


def report(event: str, **where: object) -> None:
    """Log what a rule failed on, as an exchange does."""
    logger("join.step").error(event, **where)


def new_step(policy: Policy | None = None, wire: Wire = WIRE) -> Step:
    """The rules, with the policy as shipped or another, and topics likewise."""
    return Step(
        policy or load_policy(),
        wire.catalogue,
        CaseIds(b"k" * 32),
        lambda topic, value: wire.decoders[topic].decode(value or b""),
        Outputs(wire.encoders, CASE_PARTS),
        report,
    )
