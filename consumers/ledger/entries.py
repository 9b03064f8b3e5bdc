"""What messages of the log say of each record: that it was taken, answered, kept in a case, delivered again.

Pure. An entry is known by the record's place in the log, and what is said of it may be read in any order: an
answer may be read before its record. No entry holds personal data.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, get_args

from avro_schemas.typed_documents import (
    CaseDocument,
    QuarantineEntryDocument,
    ReceiptDocument,
    RedeliveryDocument,
)
from exchange.domain.values import Position
from exchange.folding.case_ids import CaseIds
from exchange.folding.errors import Code, SerdeError
from exchange.folding.log_time import taken_at_of
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger
from topics.catalogue import CASES, RECORDS, REDELIVERIES, Catalogue
from verification.numbers import is_uuid

UNDECODABLE: Final = "UNDECODABLE"
OUTCOMES: Final = ("ACCEPTED", "DUPLICATE", "REJECTED", "HELD")
IN_A_CASE: Final = ("ACCEPTED", "HELD")
"""The case must know of records with these outcomes."""
RECONCILED: Final = "RECONCILED"

_UNREADABLE: Final = frozenset(get_args(Code))
"""Reasons of a quarantine entry that say: these bytes could not even be decoded, so there is no receipt."""

log = logger("ledger.entries")

Decoders = Mapping[str, Any]
"""Topic → how its messages are read: bytes → document, or `SerdeError`."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What is known of one record.

    Attributes:
        taken_at: when the log took it.
        logged: whether the record itself was read, and not only something said of it.
        filed_under: the case id that the record's key stands for, whatever came of it; None for bytes that no
            department writes as a key, and until the record itself was read.
        outcome: one of `OUTCOMES` or `UNDECODABLE`; None while it is pending.
        redeliveries: how often the reconciler has delivered it again.
        redelivery_offset: where the last of these is in the topic `redeliveries`.
    """

    taken_at: datetime
    logged: bool = False
    record_id: str | None = None
    filed_under: str | None = None
    outcome: str | None = None
    case_id: str | None = None
    redeliveries: int = 0
    redelivered_at: datetime | None = None
    redelivery_offset: int | None = None


@dataclass(frozen=True)
class LedgerBatch:
    """What one read of the log says.

    Attributes:
        entries: by the record's place.
        cases: case id → the ids of its records, as last published; None where the case was deleted.
        refusals: what admission turned away, so that it never was in the log: id → department and when.
        positions: where to go on.
    """

    entries: dict[Position, LedgerEntry] = field(default_factory=dict)
    cases: dict[str, list[str] | None] = field(default_factory=dict)
    refusals: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    positions: dict[Place, int] = field(default_factory=dict)

    def note(self, place: Position, entry: LedgerEntry) -> None:
        """Add what is said of a record to what was said before."""
        before = self.entries.get(place)
        self.entries[place] = entry if before is None else merged(before, entry)


def merged(before: LedgerEntry, said: LedgerEntry) -> LedgerEntry:
    """Return what two messages say together.

    A later receipt replaces an earlier one, since a record that is delivered again is answered again. Bytes
    count as undecodable only while there is no receipt.
    """
    outcome = said.outcome if said.outcome in OUTCOMES else before.outcome or said.outcome
    return replace(
        before,
        logged=before.logged or said.logged,
        record_id=before.record_id or said.record_id,
        filed_under=before.filed_under or said.filed_under,
        outcome=outcome,
        case_id=said.case_id or before.case_id,
        redeliveries=before.redeliveries + said.redeliveries,
        redelivered_at=said.redelivered_at or before.redelivered_at,
        redelivery_offset=before.redelivery_offset
        if said.redelivery_offset is None
        else said.redelivery_offset,
    )


def batch_of(
    messages: Iterable[Any], catalogue: Catalogue, decoders: Decoders, case_ids: CaseIds
) -> LedgerBatch:
    """Return what messages say, those of each partition being in the order of the log.

    What cannot be read and is not a record is logged and passed over.

    Raises:
        RegistryAwayError: a schema could not be had; try the same messages again.
    """
    batch, last_of_case = LedgerBatch(), dict[str, Any]()
    for message in messages:
        topic = catalogue.by_name[message.topic()]
        batch.positions[topic.name, message.partition()] = message.offset() + 1
        if topic.name == CASES:
            # Only the last state of each is looked into: a case that grows by ten records is there ten times.
            last_of_case[(message.key() or b"").decode(errors="replace")] = message
        elif topic.kind == RECORDS:
            _note_record(batch, message, decoders[topic.name], case_ids)
        elif (said := _read(message, decoders)) is not None:
            _SAYINGS[topic.kind](batch, said, message, catalogue)
    for case_id, message in last_of_case.items():
        _note_case(batch, case_id, message, decoders)
    return batch


def _note_record(batch: LedgerBatch, message: Any, decode: Any, case_ids: CaseIds) -> None:
    place = Position(message.topic(), message.partition(), message.offset())
    try:
        record_id = _uuid(decode(message.value() or b"")["record_id"])
    except SerdeError:
        record_id = None  # the join says so in quarantine
    filed_under = case_ids.of_message_key(message.key())
    entry = LedgerEntry(taken_at_of(message), logged=True, record_id=record_id, filed_under=filed_under)
    batch.note(place, entry)


def _note_receipt(batch: LedgerBatch, said: ReceiptDocument, _: Any, catalogue: Catalogue) -> None:
    if said["status"] not in OUTCOMES or not _is_record_topic(catalogue, said["record_topic"]):
        return  # admission's own entry, of a record that never reached the log, or a newer version's
    if said["record_offset"] < 0:
        return
    place = Position(said["record_topic"], said["record_partition"], said["record_offset"])
    entry = LedgerEntry(
        said["taken_at"],
        record_id=_uuid(said["record_id"]),
        outcome=said["status"],
        case_id=said["case_id"],
    )
    batch.note(place, entry)


def _note_quarantined(
    batch: LedgerBatch, said: QuarantineEntryDocument, message: Any, catalogue: Catalogue
) -> None:
    if said["source"] == "gateway":
        department = catalogue.by_name[message.topic()].department or ""
        batch.refusals[said["entry_id"]] = (department, said["taken_at"])
        return
    topic, partition, offset = said["record_topic"], said["partition"], said["offset"]
    if topic is None or partition is None or offset is None or not _is_record_topic(catalogue, topic):
        return
    if _UNREADABLE & {reason["code"] for reason in said["reasons"]}:
        place = Position(topic, partition, offset)
        batch.note(place, LedgerEntry(said["taken_at"], outcome=UNDECODABLE))


def _note_redelivery(
    batch: LedgerBatch, said: RedeliveryDocument, message: Any, catalogue: Catalogue
) -> None:
    if said["cause"] != RECONCILED or not _is_record_topic(catalogue, said["record_topic"]):
        return
    entry = LedgerEntry(
        said["taken_at"],
        redeliveries=1,
        redelivered_at=taken_at_of(message),
        redelivery_offset=message.offset(),
    )
    batch.note(Position(said["record_topic"], message.partition(), said["record_offset"]), entry)


_SAYINGS: Final[Mapping[str, Callable[[LedgerBatch, Any, Any, Catalogue], None]]] = {
    "receipts": _note_receipt,
    "quarantine": _note_quarantined,
    REDELIVERIES: _note_redelivery,
}


def _note_case(batch: LedgerBatch, case_id: str, message: Any, decoders: Decoders) -> None:
    if message.value() is None:
        batch.cases[case_id] = None
        return
    said: CaseDocument | None = _read(message, decoders)
    if said is not None:
        batch.cases[said["case_id"]] = [entry["record_id"] for entry in said["records"]]


def _read(message: Any, decoders: Decoders) -> Any:
    """Return what a message says; None, with a line in the log, if it cannot be read."""
    try:
        return decoders[message.topic()](message.value() or b"")
    except SerdeError as problem:
        log.error(
            "not_readable",
            code=problem.code,
            topic=message.topic(),
            partition=message.partition(),
            offset=message.offset(),
        )
        return None


def _is_record_topic(catalogue: Catalogue, name: str | None) -> bool:
    topic = catalogue.by_name.get(name or "")
    return topic is not None and topic.kind == RECORDS


def _uuid(text: str | None) -> str | None:
    """Return an id as records hold it; anything else might be personal data and is not kept."""
    return text.lower() if text is not None and is_uuid(text) else None
