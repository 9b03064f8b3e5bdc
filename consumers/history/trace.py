"""Follows a record from its place in the log to everything that it brought about; shows nothing of a person.

What the join publishes names, in the header `ce_correlationid`, the receipt id of the message that brought it
about: topic, partition and offset. All of it is on that partition.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from avro_schemas.catalogue import Document
from consumers.log.source import NOTHING_KNOWN, Keep, KnownSpots, ReadsLog
from exchange.folding.cloud_events import CORRELATION
from exchange.folding.errors import SerdeError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from topics.catalogue import Catalogue
from verification.numbers import is_uuid

_RECEIPT_ID: Final = re.compile(r"(?P<topic>[a-z_.]+)/(?P<partition>[0-9]{1,5})/(?P<offset>[0-9]{1,18})")
_SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "receipts": ("record_id", "case_id", "status"),
    "quarantine": ("entry_id",),
    "cases": ("case_id",),
    "matters": ("id", "case_id", "department", "matter", "transition"),
    "tasks": ("task_id", "case_id", "kind", "state", "owed_by", "matter"),
}
"""Kind of topic → the fields that are shown; none of them is personal data."""


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One thing that a record brought about. ``at`` is when the log took it, ``what`` the fields shown."""

    at: datetime
    topic: str
    kind: str
    what: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Trace:
    """A record's place, when the log took it if its receipt says so, and what it brought about, in order."""

    receipt_id: str
    taken_at: datetime | None
    events: tuple[TraceEvent, ...]


class TraceSpots(Protocol):
    """What knows where receipts and announcements are."""

    def by_id(self, some_id: str) -> KnownSpots:
        """Return where receipts of records with this id, and announcements with it, are."""

    def by_receipt(self, receipt_id: str) -> KnownSpots:
        """Return where this receipt, and the announcements that its record brought about, are."""


class _NoTraceSpots:
    def by_id(self, _some_id: str) -> KnownSpots:
        return NOTHING_KNOWN

    def by_receipt(self, _receipt_id: str) -> KnownSpots:
        return NOTHING_KNOWN


NO_TRACE_SPOTS: Final[TraceSpots] = _NoTraceSpots()


@dataclass(frozen=True)
class Tracer:
    """Looks through one exchange's log, for receipts and announcements where `spots` says that they are.

    Raises:
        ExchangeError: from every method: the brokers or the registry do not answer.
    """

    log: ReadsLog
    registry: Registry
    topics: Catalogue
    spots: TraceSpots = NO_TRACE_SPOTS

    def find(self, asked: str) -> list[Trace]:
        """Return the traces of a receipt id, a record id or an announcement id, if there are any.

        A record id has several if it was published more than once.
        """
        traces = [self._trace(receipt_id) for receipt_id in self._receipt_ids(asked)]
        return [trace for trace in traces if trace.events]

    def _receipt_ids(self, asked: str) -> list[str]:
        if _RECEIPT_ID.fullmatch(asked):
            return [asked]
        if not is_uuid(asked):
            return []
        word = asked.encode()
        keeps: dict[str, Keep] = {
            # The bytes of an id are in the Avro as they are: only messages that hold them have to be decoded.
            **dict.fromkeys(self._named("receipts"), lambda message: word in (message.value() or b"")),
            **dict.fromkeys(self._named("matters"), lambda message: _header(message, "ce_id") == word),
        }
        found = self.log.read(keeps, range(self.topics.records[0].partitions), self.spots.by_id(asked))
        ids = (_header(message, CORRELATION).decode() for message in found)
        return list(dict.fromkeys(one for one in ids if _RECEIPT_ID.fullmatch(one)))

    def _trace(self, receipt_id: str) -> Trace:
        wanted, match = receipt_id.encode(), _RECEIPT_ID.fullmatch(receipt_id)
        partition = int(match["partition"]) if match else 0
        if partition >= self.topics.records[0].partitions:
            return Trace(receipt_id, None, ())
        keeps: dict[str, Keep] = dict.fromkeys(
            self._named(*_SHOWN), lambda message: _header(message, CORRELATION) == wanted
        )
        found = self.log.read(keeps, (partition,), self.spots.by_receipt(receipt_id))
        documents = list(self._decoded(_once(found)))
        taken = (one["taken_at"] for _, one in documents if "taken_at" in one)
        return Trace(receipt_id, next(taken, None), tuple(self._event(*one) for one in documents))

    def _named(self, *kinds: str) -> list[str]:
        return [topic.name for topic in self.topics.topics if topic.kind in kinds]

    def _decoded(self, messages: Iterable[Any]) -> Iterator[tuple[Any, Document]]:
        for message in messages:
            decoder = Decoder[Document](self.topics.schema_of(message.topic()), self.registry.schema_by_id)
            try:
                yield message, decoder.decode(message.value() or b"")
            except SerdeError:
                continue

    def _event(self, message: Any, document: Document) -> TraceEvent:
        kind = self.topics.by_name[message.topic()].kind
        what = {name: document[name] for name in _SHOWN[kind]}
        if "reasons" in document:
            what["reasons"] = [reason["code"] for reason in document["reasons"]]
        at = datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)
        return TraceEvent(at, message.topic(), kind, what)


def _once(messages: Iterable[Any]) -> Iterator[Any]:
    """Yield each event once: what a crash repeats has the same id."""
    seen: set[tuple[str, bytes]] = set()
    for message in messages:
        place = (message.topic(), _header(message, "ce_id"))
        if place not in seen:
            seen.add(place)
            yield message


def _header(message: Any, name: str) -> bytes:
    value: bytes = dict(message.headers() or ()).get(name) or b""
    return value
