"""The quarantine in the read model: what is in it and what was done with it; no bytes.

Shape: `quarantine_entries`: entry_id → the entry without its payload, and where the topic holds it.
`quarantine_actions`: entry_id → the last action.
What came of a retry the ledger knows; `consumers.quarantine.states` joins the three.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from psycopg.types.json import Jsonb

from avro_schemas.catalogue import Document
from avro_schemas.typed_documents import QuarantineActionDocument, QuarantineEntryDocument
from consumers.log.copies import Connection
from consumers.log.projection import Projection, keep_all, storable
from exchange.folding.log_time import taken_at_of
from topics.catalogue import QUARANTINE_ACTIONS, Catalogue

_LAYOUT = """
CREATE TABLE quarantine_entries (
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
CREATE INDEX ON quarantine_entries (taken_at);
CREATE TABLE quarantine_actions (
    entry_id text PRIMARY KEY,
    action text NOT NULL,
    actor text NOT NULL,
    action_reason text,
    acted_at timestamptz NOT NULL,
    noted_at timestamptz NOT NULL
);
"""
_PUT_ENTRIES = """
INSERT INTO quarantine_entries VALUES (
    %(entry_id)s, %(department)s, %(source)s, %(record_topic)s, %(record_partition)s, %(record_offset)s,
    %(record_id)s, %(codes)s, %(reasons)s, %(size_bytes)s, %(truncated)s, %(taken_at)s, %(entered_at)s,
    %(topic)s, %(partition)s, %(offset)s
)
ON CONFLICT (entry_id) DO UPDATE SET
    codes = excluded.codes, reasons = excluded.reasons, entered_at = excluded.entered_at,
    partition = excluded.partition, "offset" = excluded."offset"
"""
_PUT_ACTIONS = """
INSERT INTO quarantine_actions VALUES (
    %(entry_id)s, %(action)s, %(actor)s, %(action_reason)s, %(acted_at)s, %(noted_at)s
)
ON CONFLICT (entry_id) DO UPDATE SET
    action = excluded.action, actor = excluded.actor, action_reason = excluded.action_reason,
    acted_at = excluded.acted_at, noted_at = excluded.noted_at
"""


def entry_row(department: str | None, message: Any, document: QuarantineEntryDocument) -> Document:
    """Return the row of a department's entry; a later one with the same id is what a retry came to."""
    reasons = [
        {name: _text(str(value)) if value is not None else None for name, value in one.items()}
        for one in document["reasons"]
    ]
    return {
        "entry_id": _text(document["entry_id"]),
        "department": department,
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
        "entered_at": taken_at_of(message),
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
    }


def action_row(message: Any, document: QuarantineActionDocument) -> Document:
    """Return the row of an action. `noted_at` is the log's time, so it compares with an entry's time."""
    return {
        "entry_id": _text(document["entry_id"]),
        "action": document["action"],
        "actor": _text(document["actor"]),
        "action_reason": _text(document["reason"]),
        "acted_at": document["at"],
        "noted_at": taken_at_of(message),
    }


def _put_entries(connection: Connection, rows: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_ENTRIES, rows)


def _put_actions(connection: Connection, rows: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_ACTIONS, rows)


def _text(value: str | None) -> str | None:
    return None if value is None else storable(value)


ACTION_TABLE: Final = Projection(
    QUARANTINE_ACTIONS, "quarantine_action", "entry_id", _LAYOUT, action_row, _put_actions, keep_all
)
"""Its layout also makes the entries' table, since entries come on one topic for each department."""


def entry_tables(catalogue: Catalogue) -> tuple[Projection, ...]:
    """Return how the entries of each topic become rows of that one table."""
    return tuple(
        Projection(
            topic.name,
            "quarantine_entry",
            "entry_id",
            "",
            partial(entry_row, topic.department),
            _put_entries,
            keep_all,
        )
        for topic in catalogue.topics
        if topic.kind == "quarantine"
    )
