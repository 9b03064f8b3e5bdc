"""The read model in PostgreSQL as a whole: its layout, its place in the log, and how a batch is written.

Shape: schema `read_model`. The tables of `PROJECTIONS`, each as its module says.
`positions`: topic and partition → the next offset to read.
`life`: one row: of which layout and of which topics all this is, and whether it has been complete once.
Everything here follows from those topics: it may be dropped at any time and is built again.
"""

from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg.types.json import Jsonb

from consumers.case_table import CASE_TABLE
from consumers.projection import Batch, Connection, Projection
from consumers.quarantine_table import QUARANTINE_TABLE
from consumers.task_table import TASK_TABLE
from exchange.runtime.watermarks import Place

VERSION = 3
"""Of the layout; with another one in the database, all is dropped and built again."""
PROJECTIONS: Final[tuple[Projection, ...]] = (CASE_TABLE, TASK_TABLE, *QUARANTINE_TABLE)

_LOCK = 0x5EAD_0DE1
_ONLY_WRITER = "SELECT pg_try_advisory_lock(%s)"
# A crash of the database may lose the last moments, rows and positions together: they are read again.
_NO_WAIT_FOR_DISK = "SET synchronous_commit = off"
_LAYOUT = """
DROP SCHEMA IF EXISTS read_model CASCADE;
CREATE SCHEMA read_model;
CREATE TABLE read_model.life (
    version integer NOT NULL, topic_lives jsonb NOT NULL, complete boolean NOT NULL
);
CREATE TABLE read_model.positions (
    topic text, partition integer, next_offset bigint NOT NULL, PRIMARY KEY (topic, partition)
);
"""
_PUT_POSITIONS = """
INSERT INTO read_model.positions SELECT * FROM unnest(%s::text[], %s::integer[], %s::bigint[])
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""

Lives = Mapping[str, str]
"""Topic → the id that the brokers gave it when it was made."""


def become_only_writer(connection: Connection) -> bool:
    """Say whether this connection now is the one that may write; it stays so until it is closed."""
    connection.execute(_NO_WAIT_FOR_DISK)
    row = connection.execute(_ONLY_WRITER, (_LOCK,)).fetchone()
    return row is not None and bool(row[0])


def stored_positions(connection: Connection, lives: Lives) -> dict[Place, int] | None:
    """Return where to read on; None where the model is not there, or of another layout or other lives."""
    if not is_there(connection):
        return None
    try:
        life = connection.execute("SELECT version, topic_lives FROM read_model.life").fetchone()
    except psycopg.errors.UndefinedColumn:  # another version's
        return None
    if life != (VERSION, dict(lives)):
        return None
    rows = connection.execute("SELECT topic, partition, next_offset FROM read_model.positions").fetchall()
    return {(topic, partition): next_offset for topic, partition, next_offset in rows}


def rebuild(connection: Connection, lives: Lives, positions: Mapping[Place, int]) -> None:
    """Drop everything and lay empty tables, to be filled from these positions on."""
    with connection.transaction():
        connection.execute(_LAYOUT)
        for layout in filter(None, (projection.layout for projection in PROJECTIONS)):
            connection.execute(layout.encode())  # bytes: psycopg types text as literals only
        connection.execute(
            "INSERT INTO read_model.life VALUES (%s, %s, false)", (VERSION, Jsonb(dict(lives)))
        )
        _put_positions(connection, positions)


def is_there(connection: Connection) -> bool:
    """Say whether the model still stands: whoever keeps the database may drop it at any time."""
    return connection.execute("SELECT to_regclass('read_model.life')").fetchone() != (None,)


def mark_complete(connection: Connection) -> None:
    """Note that everything that was in the log is in: from now on a case that is not here does not exist."""
    connection.execute("UPDATE read_model.life SET complete = true WHERE NOT complete")


def write(connection: Connection, batch: Batch) -> None:
    """Write a batch's rows and its positions in one transaction: both or neither."""
    with connection.transaction():
        for projection in PROJECTIONS:
            changes = batch.changes[projection.topic]
            if changes.removed:
                projection.forget(connection, sorted(changes.removed))
            if changes.rows:
                projection.put(connection, tuple(changes.rows.values()))
        _put_positions(connection, batch.positions)


def _put_positions(connection: Connection, positions: Mapping[Place, int]) -> None:
    connection.execute(
        _PUT_POSITIONS,
        ([topic for topic, _ in positions], [number for _, number in positions], list(positions.values())),
    )
