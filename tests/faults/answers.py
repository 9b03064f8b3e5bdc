"""What the exchange has answered so far: receipts, and quarantine for what could not be read at all."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from avro_schemas.catalogue import schema
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from tests.faults.observer import Position
from tests.journeys.log_tools import CATALOGUE, Reader, places_of, topics_of

UNDECODABLE = "UNDECODABLE"


class Answer(NamedTuple):
    """One answer; `at_ms` is when the log took it."""

    status: str
    at_ms: int


class Answers:
    """Reads answers as they come; a context manager.

    Attributes:
        of: place of a record → its answers, the first one first.
        order: case and record topic → offsets of its records, in the order of their first answers.
    """

    def __init__(self, settings: Settings) -> None:
        topics = [*topics_of("receipts"), *topics_of("quarantine")]
        self._registry = Registry(settings.registry)
        self._decoders = {
            name: Decoder(schema(str(CATALOGUE.by_name[name].schema)), self._registry.schema_by_id)
            for name in topics
        }
        self._reader = Reader(settings, places_of(topics))
        self.of: dict[Position, list[Answer]] = defaultdict(list)
        self.order: dict[tuple[str, str], list[int]] = defaultdict(list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        self._registry.close()

    def read(self) -> None:
        """Take in what has come since."""
        for message in self._reader.to_end():
            said = self._decoders[message.topic()].decode(message.value())
            if message.topic().startswith("receipts."):
                self._note_receipt(said, message.timestamp()[1])
            elif said["record_id"] is None:
                place = (said["record_topic"], said["partition"], said["offset"])
                self.of[place].append(Answer(UNDECODABLE, message.timestamp()[1]))

    def missing(self, places: Iterable[Position]) -> int:
        """Return how many of these records have no answer by now."""
        self.read()
        return sum(1 for place in places if place not in self.of)

    def _note_receipt(self, receipt: Any, at_ms: int) -> None:
        place = (receipt["record_topic"], receipt["record_partition"], receipt["record_offset"])
        if place not in self.of and receipt["case_id"]:
            self.order[receipt["case_id"], place[0]].append(place[2])
        self.of[place].append(Answer(receipt["status"], at_ms))
