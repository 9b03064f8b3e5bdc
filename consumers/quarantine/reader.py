"""Finds entries of the quarantine in the read model, and their bytes in the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

from psycopg.rows import dict_row

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import (
    QuarantineActionKindSymbol,
    QuarantineEntryDocument,
    ReasonDocument,
    ReceiptStatusSymbol,
)
from consumers.log.copies import LEDGER
from consumers.log.copy_session import open_session
from consumers.log.offset_lookup import read_places
from consumers.quarantine.states import STANDS_OPEN, WITH_QUARANTINE
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings

_WHERE = """
FROM quarantine
WHERE (%(department)s::text IS NULL OR department = %(department)s)
    AND (%(code)s::text IS NULL OR %(code)s = ANY(codes))
    AND (%(since)s::timestamptz IS NULL OR taken_at >= %(since)s)
    AND (%(closed_too)s OR state = ANY(%(open)s))
"""
_FIND = f"SELECT * {_WHERE} ORDER BY taken_at, entry_id LIMIT %(limit)s"
_COUNT = f"SELECT department, unnest(codes) AS code, count(*) AS entries {_WHERE} GROUP BY 1, 2 ORDER BY 1, 2"
_TOTAL = f"SELECT count(*) {_WHERE}"
_GET = "SELECT * FROM quarantine WHERE entry_id = ANY(%s) ORDER BY taken_at, entry_id"
_UNANSWERED = """
SELECT count(*) FROM quarantine
JOIN unnest(%s::text[], %s::timestamptz[]) AS asked (entry_id, entered_at) USING (entry_id, entered_at)
WHERE state = ANY(%s)
"""


class QuarantineRow(TypedDict):
    """An entry as ``states.WITH_QUARANTINE`` gives it: with its last action, its outcome and its state."""

    entry_id: str
    department: str
    state: Literal["OPEN", "RETRIED", "TAKEN", "DISCARDED"]
    source: str
    record_topic: str | None
    record_partition: int | None
    record_offset: int | None
    record_id: str | None
    reasons: list[ReasonDocument]
    size_bytes: int
    truncated: bool
    taken_at: datetime
    entered_at: datetime
    topic: str
    partition: int
    offset: int
    action: QuarantineActionKindSymbol | None
    actor: str | None
    action_reason: str | None
    acted_at: datetime | None
    outcome: ReceiptStatusSymbol | None


class QuarantineCount(TypedDict):
    """How many entries a department has of one code."""

    department: str
    code: str
    entries: int


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries: None means any. `closed_too`: also those taken after a retry, or discarded."""

    department: str | None = None
    code: str | None = None
    since: datetime | None = None
    closed_too: bool = False


@dataclass(frozen=True)
class QuarantineReader:
    """Reads the quarantine of one exchange.

    Raises:
        ExchangeError: from every method: read model or ledger is not there or not yet built, or a part does
            not answer.
    """

    settings: Settings

    def find(self, wanted: EntryFilter, limit: int | None = None) -> list[QuarantineRow]:
        """Return entries, the oldest first, as rows of `states.WITH_QUARANTINE`."""
        found: list[QuarantineRow] = self._rows(_FIND, {**_parameters(wanted), "limit": limit})
        return found

    def total(self, wanted: EntryFilter) -> int:
        """Return how many entries there are."""
        return int(self._rows(_TOTAL, _parameters(wanted))[0]["count"])

    def summary(self, wanted: EntryFilter) -> list[QuarantineCount]:
        """Return `department`, `code` and `entries`; an entry with two codes counts for both."""
        found: list[QuarantineCount] = self._rows(_COUNT, _parameters(wanted))
        return found

    def get(self, entry_ids: Collection[str]) -> list[QuarantineRow]:
        """Return those of these entries that exist."""
        found: list[QuarantineRow] = self._rows(_GET, (list(entry_ids),))
        return found

    def unanswered(self, entries: Sequence[QuarantineRow]) -> int:
        """Return how many have neither a receipt nor a later entry of the same id."""
        columns = [[entry["entry_id"] for entry in entries], [entry["entered_at"] for entry in entries]]
        return int(self._rows(_UNANSWERED, (*columns, list(STANDS_OPEN)))[0]["count"])

    def payload(self, entry: QuarantineRow) -> bytes:
        """Return an entry's bytes as they came, from the log; only the beginning if it was truncated."""
        place: Place = (entry["topic"], entry["partition"])
        (message,) = read_places(self.settings, [(*place, entry["offset"])])
        with Registry(self.settings.registry) as registry:
            document = Decoder[QuarantineEntryDocument](
                schema("quarantine_entry"), registry.schema_by_id
            ).decode(message.value())
        return document["payload"]

    def _rows(self, query: str, parameters: Any) -> Any:
        with open_session(self.settings, LEDGER) as ledger, open_session(self.settings) as session:
            ledger.require_complete()
            session.require_complete()
            with session.connection.cursor(row_factory=dict_row) as cursor:
                return cursor.execute((WITH_QUARANTINE + query).encode(), parameters).fetchall()


def _parameters(wanted: EntryFilter) -> dict[str, Any]:
    return {
        "department": wanted.department,
        "code": wanted.code,
        "since": wanted.since,
        "closed_too": wanted.closed_too,
        "open": list(STANDS_OPEN),
    }
