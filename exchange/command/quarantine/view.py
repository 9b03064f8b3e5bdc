"""The quarantine as people read it, and as the JSON lines that the command line promises."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypedDict

from rich.table import Table

from avro_schemas.catalogue import Document
from avro_schemas.typed_documents import ReasonDocument
from consumers.labels.operations import QUARANTINE_STATES
from consumers.labels.words import TIMES, for_people, local_time, words
from consumers.privacy.record_masking import masked_record
from consumers.quarantine.reader import QuarantineCount, QuarantineRow
from consumers.quarantine.states import OPEN
from consumers.read_model.rows import fields_of, plain
from exchange.command.views.sheet import Sheet
from exchange.folding.errors import SerdeError
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from topics.catalogue import Catalogue
from topics.labels import Labels
from verification.reasons import catalogue as known_reasons

LABELS: Final = Labels(__file__)
ENTRIES: Final = LABELS["entries"]
SUMMARY: Final = LABELS["summary"]
ENTRY: Final = LABELS["entry"]
DEPARTMENT: Final = LABELS["department"]
WHEN: Final = LABELS["when"]
REASON: Final = LABELS["reason"]
COUNT: Final = LABELS["count"]
SIZE: Final = LABELS["size"]
HEX_BYTES: Final = 32
"""How much is shown of what cannot be decoded: enough to see what kind of bytes they are."""

ROW_FIELDS: Final = (
    *("entry_id", "department", "state", "source", "record_topic", "record_partition", "record_offset"),
    *("record_id", "reasons", "size_bytes", "truncated", "taken_at", "action", "actor", "action_reason"),
    *("acted_at", "outcome"),
)


def quarantine_row(entry: QuarantineRow) -> Document:
    """Return an entry as `exchange quarantine list --json` prints it."""
    return fields_of(entry, ROW_FIELDS)


def entry_table(sheet: Sheet, entries: Iterable[QuarantineRow]) -> Table:
    """Return the entries in the order given; every time is Asia/Shanghai's."""
    table = sheet.table(ENTRIES, (ENTRY, DEPARTMENT, WHEN, REASON))
    table.add_column(sheet.say(SIZE), justify="right")
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    for entry in entries:
        state = [] if entry["state"] == OPEN else [sheet.both(words(QUARANTINE_STATES, entry["state"]))]
        table.add_row(
            for_people(entry["entry_id"]),
            sheet.department(entry["department"]),
            local_time(entry["taken_at"]),
            "\n".join([*state, *(_reason_line(one) for one in entry["reasons"])]),
            f"{entry['size_bytes']:,}{'+' if entry['truncated'] else ''}",
        )
    return table


def summary_table(sheet: Sheet, counts: Iterable[QuarantineCount]) -> Table:
    """Return how many entries each department has of each code."""
    table = sheet.table(SUMMARY, (DEPARTMENT, REASON))
    table.add_column(sheet.say(COUNT), justify="right")
    for one in counts:
        known = known_reasons().get(one["code"])
        said = (
            "" if known is None or "{" in known.zh else f" {known.zh if sheet.language == 'zh' else known.en}"
        )
        table.add_row(sheet.department(one["department"]), f"{one['code']}{said}", f"{one['entries']:,}")
    return table


class ContentRow(TypedDict):
    """What `exchange quarantine show --json` prints about an entry's bytes."""

    record: Document | None
    payload_bytes: int
    payload_begins: str


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry's bytes are: a masked record, or bytes of which only length and beginning are shown."""

    record: Document | None
    length: int
    beginning: str

    def as_json(self) -> ContentRow:
        """Return it as `exchange quarantine show --json` prints it."""
        record = None if self.record is None else plain(self.record)
        return {"record": record, "payload_bytes": self.length, "payload_begins": self.beginning}


def content_of(entry: QuarantineRow, payload: bytes, registry: Registry, topics: Catalogue) -> Content:
    """Return what the bytes are, with no number in full: what cannot be read is never shown as text.

    Raises:
        RegistryAwayError: a schema could not be had; try again.
    """
    record = _decoded(entry, payload, registry, topics)
    beginning = "" if record is not None else payload[:HEX_BYTES].hex() if _is_binary(payload) else ""
    return Content(record, len(payload), beginning)


def _decoded(entry: QuarantineRow, payload: bytes, registry: Registry, topics: Catalogue) -> Document | None:
    topic = topics.by_name.get(entry["record_topic"] or "")
    if topic is None or topic.schema is None or entry["source"] != "log" or entry["truncated"]:
        return None
    try:
        text = topics.schema_of(topic.name)
        found = Decoder[Document](text, registry.schema_by_id).decode(payload)
    except SerdeError:
        return None
    return masked_record(found, text)


def _is_binary(payload: bytes) -> bool:
    """Whether the beginning is not text: a text's hexadecimal digits would spell out a person's number."""
    return any(byte < 9 for byte in payload[:5])


def _reason_line(reason: ReasonDocument) -> str:
    field = f" {reason['field']}" if reason["field"] else ""
    return for_people(f"{reason['code']}{field} {reason['message']}")
