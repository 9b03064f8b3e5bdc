"""The quarantine in the read model: what is in it, what was done with it and what came of that; no bytes.

Shape: `quarantine_entries`: entry_id → the entry without its payload, and where the topic holds it.
`quarantine_actions`: entry_id → the last action.
`outcomes`: receipt_id → status of every record that was taken: an entry that came from the log has the id of
its record's receipt.
`quarantine`: the three as one view, with each entry's `state`. The three may come in any order.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from psycopg.types.json import Jsonb

from consumers.projection import Connection, Projection, storable
from exchange.domain.documents import Document
from topics.catalogue import QUARANTINE_ACTIONS, load_catalogue

OPEN: Final = "OPEN"
RETRIED: Final = "RETRIED"
TAKEN: Final = "TAKEN"
DISCARDED: Final = "DISCARDED"
STANDS_OPEN: Final = (OPEN, RETRIED)
"""States in which somebody still has to see to an entry."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAYOUT = """
CREATE TABLE read_model.quarantine_entries (
    entry_id text PRIMARY KEY,
    department text NOT NULL,
    source text NOT NULL,
    record_topic text,
    record_partition integer,
    record_offset bigint,
    record_id text,
    codes text[] NOT NULL,
    reasons jsonb NOT NULL,
    size_bytes integer NOT NULL,
    truncated boolean NOT NULL,
    taken_at timestamptz NOT NULL,
    entered_at timestamptz NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL
);
CREATE INDEX ON read_model.quarantine_entries (taken_at);
CREATE TABLE read_model.quarantine_actions (
    entry_id text PRIMARY KEY,
    action text NOT NULL,
    actor text NOT NULL,
    action_reason text,
    acted_at timestamptz NOT NULL,
    noted_at timestamptz NOT NULL
);
CREATE TABLE read_model.outcomes (receipt_id text PRIMARY KEY, outcome text NOT NULL);
CREATE VIEW read_model.quarantine AS
SELECT *, CASE
    WHEN outcome IS NOT NULL THEN 'TAKEN'
    WHEN action = 'DISCARDED' THEN 'DISCARDED'
    WHEN action = 'RETRIED' AND noted_at >= entered_at THEN 'RETRIED'
    ELSE 'OPEN'
END AS state
FROM read_model.quarantine_entries
LEFT JOIN read_model.quarantine_actions USING (entry_id)
LEFT JOIN read_model.outcomes ON receipt_id = entry_id;
"""
_PUT_ENTRIES = """
INSERT INTO read_model.quarantine_entries VALUES (
    %(entry_id)s, %(department)s, %(source)s, %(record_topic)s, %(record_partition)s, %(record_offset)s,
    %(record_id)s, %(codes)s, %(reasons)s, %(size_bytes)s, %(truncated)s, %(taken_at)s, %(entered_at)s,
    %(topic)s, %(partition)s, %(offset)s
)
ON CONFLICT (entry_id) DO UPDATE SET
    codes = excluded.codes, reasons = excluded.reasons, entered_at = excluded.entered_at,
    partition = excluded.partition, "offset" = excluded."offset"
"""
_PUT_ACTIONS = """
INSERT INTO read_model.quarantine_actions VALUES (
    %(entry_id)s, %(action)s, %(actor)s, %(action_reason)s, %(acted_at)s, %(noted_at)s
)
ON CONFLICT (entry_id) DO UPDATE SET
    action = excluded.action, actor = excluded.actor, action_reason = excluded.action_reason,
    acted_at = excluded.acted_at, noted_at = excluded.noted_at
"""
_PUT_OUTCOMES = """
INSERT INTO read_model.outcomes SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""


def entry_row(message: Any, document: Document) -> Document:
    """Return the row of an entry; a later one of the same id is what a retry came to."""
    reasons = [{name: _text(value) for name, value in one.items()} for one in document["reasons"]]
    return {
        "entry_id": _text(document["entry_id"]),
        "department": load_catalogue().by_name[message.topic()].department,
        "source": _text(document["source"]),
        "record_topic": _text(document["record_topic"]),
        "record_partition": document["partition"],
        "record_offset": document["offset"],
        "record_id": _text(document["record_id"]),
        "codes": sorted({str(one["code"]) for one in reasons}),
        "reasons": Jsonb(reasons),
        "size_bytes": len(document["payload"]),
        "truncated": document["truncated"],
        "taken_at": document["taken_at"],
        "entered_at": _appended_at(message),
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
    }


def action_row(message: Any, document: Document) -> Document:
    """Return the row of an action. `noted_at` is the log's time: compared with an entry's, one clock's."""
    return {
        "entry_id": _text(document["entry_id"]),
        "action": document["action"],
        "actor": _text(document["actor"]),
        "action_reason": _text(document["reason"]),
        "acted_at": document["at"],
        "noted_at": _appended_at(message),
    }


def outcome_row(_message: Any, document: Document) -> tuple[str, str]:
    """Return what a receipt says became of its record."""
    return document["receipt_id"], document["status"]


def _put_entries(connection: Connection, rows: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_ENTRIES, rows)


def _put_actions(connection: Connection, rows: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_ACTIONS, rows)


def _put_outcomes(connection: Connection, rows: Sequence[tuple[str, str]]) -> None:
    """Write what was taken; a record refused is in the quarantine itself."""
    taken = [row for row in rows if row[1] != "REJECTED"]
    connection.execute(_PUT_OUTCOMES, ([one for one, _ in taken], [status for _, status in taken]))


def _forget(_connection: Connection, _keys: Sequence[str]) -> None:
    """Keep everything: these topics delete nothing, so a message without a value is no deletion."""


def _appended_at(message: Any) -> datetime:
    return _EPOCH + timedelta(milliseconds=message.timestamp()[1])


def _text(value: str | None) -> str | None:
    return None if value is None else storable(value)


def _projections() -> tuple[Projection, ...]:
    """Return one for each topic; the first makes the tables of all."""
    topics = load_catalogue().topics
    rest = (
        *(
            Projection(topic.name, "quarantine_entry", "entry_id", "", entry_row, _put_entries, _forget)
            for topic in topics
            if topic.kind == "quarantine"
        ),
        *(
            Projection(topic.name, "receipt", "receipt_id", "", outcome_row, _put_outcomes, _forget)
            for topic in topics
            if topic.kind == "receipts"
        ),
    )
    actions = Projection(
        *(QUARANTINE_ACTIONS, "quarantine_action", "entry_id", _LAYOUT),
        *(action_row, _put_actions, _forget),
    )
    return (actions, *rest)


QUARANTINE_TABLES: Final = _projections()
