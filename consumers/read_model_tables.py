"""The read model's tables in PostgreSQL: cases as they were published, and their matters by department.

Shape: schema `read_model`. `cases`: case_id → the case's framed Avro bytes, and from which partition.
`matters`: one row per case, matter and instance. `positions`: partition → the next offset to read.
`life`: one row: of which layout and of which topic all this is, and whether it has been complete once.
Everything here follows from the topic `cases`: it may be dropped at any time and is built again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from exchange.domain.documents import Document

VERSION = 1
"""Of the layout below; with another one in the database, all is dropped and built again."""

_LOCK = 0x5EAD_0DE1
_ONLY_WRITER = "SELECT pg_try_advisory_lock(%s)"
# A crash of the database may lose the last moments, rows and positions together: they are read again.
_NO_WAIT_FOR_DISK = "SET synchronous_commit = off"
_LAYOUT = """
DROP SCHEMA IF EXISTS read_model CASCADE;
CREATE SCHEMA read_model;
CREATE TABLE read_model.life (
    version integer NOT NULL, topic_life text NOT NULL, complete boolean NOT NULL
);
CREATE TABLE read_model.positions (partition integer PRIMARY KEY, next_offset bigint NOT NULL);
CREATE TABLE read_model.cases (
    case_id text PRIMARY KEY,
    death_established boolean NOT NULL,
    document bytea NOT NULL,
    schema_id integer NOT NULL,
    partition integer NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE read_model.matters (
    case_id text NOT NULL REFERENCES read_model.cases ON DELETE CASCADE,
    matter smallint NOT NULL,
    instance text,
    department text NOT NULL,
    state text NOT NULL
);
CREATE INDEX ON read_model.matters (case_id);
CREATE INDEX ON read_model.matters (department, state);
"""
_FORGET = "DELETE FROM read_model.cases WHERE case_id = ANY(%s)"
_PUT_CASES = """
INSERT INTO read_model.cases
SELECT * FROM unnest(%s::text[], %s::boolean[], %s::bytea[], %s::integer[], %s::integer[], %s::timestamptz[])
ON CONFLICT (case_id) DO UPDATE SET
    death_established = excluded.death_established, document = excluded.document,
    schema_id = excluded.schema_id, partition = excluded.partition, updated_at = excluded.updated_at
"""
_FORGET_MATTERS = "DELETE FROM read_model.matters WHERE case_id = ANY(%s)"
_PUT_MATTERS = """
INSERT INTO read_model.matters
SELECT * FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::text[], %s::text[])
"""
_PUT_POSITIONS = """
INSERT INTO read_model.positions SELECT * FROM unnest(%s::integer[], %s::bigint[])
ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it came. `updated_at` is the log's append time, so that a rebuild gives the same row."""

    case_id: str
    death_established: bool
    document: bytes
    schema_id: int
    partition: int
    updated_at: datetime
    matters: tuple[Document, ...]


@dataclass(frozen=True)
class Batch:
    """What one read of the log changes: the last state of each case in it, and where to go on."""

    cases: Mapping[str, CaseRow]
    removed: frozenset[str]
    positions: Mapping[int, int]


Connection = psycopg.Connection[tuple[Any, ...]]


def become_only_writer(connection: Connection) -> bool:
    """Say whether this connection now is the one that may write; it stays so until it is closed."""
    connection.execute(_NO_WAIT_FOR_DISK)
    row = connection.execute(_ONLY_WRITER, (_LOCK,)).fetchone()
    return row is not None and bool(row[0])


def stored_positions(connection: Connection, topic_life: str) -> dict[int, int] | None:
    """Return partition → next offset; None where the model is not there, or of another layout or life."""
    if not is_there(connection):
        return None
    try:
        life = connection.execute("SELECT version, topic_life FROM read_model.life").fetchone()
    except psycopg.errors.UndefinedColumn:  # another version's
        return None
    if life != (VERSION, topic_life):
        return None
    rows = connection.execute("SELECT partition, next_offset FROM read_model.positions").fetchall()
    return {partition: next_offset for partition, next_offset in rows}


def rebuild(connection: Connection, topic_life: str, positions: Mapping[int, int]) -> None:
    """Drop everything and lay empty tables, to be filled from these positions on."""
    with connection.transaction():
        connection.execute(_LAYOUT)
        connection.execute("INSERT INTO read_model.life VALUES (%s, %s, false)", (VERSION, topic_life))
        connection.execute(_PUT_POSITIONS, (list(positions), list(positions.values())))


def is_there(connection: Connection) -> bool:
    """Say whether the model still stands: whoever keeps the database may drop it at any time."""
    return connection.execute("SELECT to_regclass('read_model.life')").fetchone() != (None,)


def mark_complete(connection: Connection) -> None:
    """Note that everything that was in the log is in: from now on a case that is not here does not exist."""
    connection.execute("UPDATE read_model.life SET complete = true WHERE NOT complete")


def write(connection: Connection, batch: Batch) -> None:
    """Write a batch's rows and its positions in one transaction: both or neither."""
    rows = tuple(batch.cases.values())
    matters = [(row.case_id, matter) for row in rows for matter in row.matters]
    with connection.transaction():
        if batch.removed:
            connection.execute(_FORGET, (sorted(batch.removed),))
        if rows:
            connection.execute(_PUT_CASES, _columns(rows))
            connection.execute(_FORGET_MATTERS, ([row.case_id for row in rows],))
            connection.execute(_PUT_MATTERS, _matter_columns(matters))
        connection.execute(_PUT_POSITIONS, (list(batch.positions), list(batch.positions.values())))


def _columns(rows: Iterable[CaseRow]) -> list[list[Any]]:
    names = ("case_id", "death_established", "document", "schema_id", "partition", "updated_at")
    return [[getattr(row, name) for row in rows] for name in names]


def _matter_columns(matters: list[tuple[str, Document]]) -> list[list[Any]]:
    return [
        [case_id for case_id, _ in matters],
        [matter["matter"] for _, matter in matters],
        # A bank's name is a department's text, and PostgreSQL takes every character but this one.
        [(matter["instance"] or "").replace("\0", "\ufffd") or None for _, matter in matters],
        [matter["department"] for _, matter in matters],
        [matter["state"] for _, matter in matters],
    ]
