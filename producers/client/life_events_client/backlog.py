"""The outbox on disk: records in the order in which they were put, their batches, their receipts."""

import json
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final
from uuid import uuid4

from life_events_client.answers import Reason, Receipt
from life_events_client.batches import BATCH_LINES, Batch, line
from life_events_client.errors import RecordDiffers
from life_events_client.model import PlainRecord, Publishable, as_bytes
from life_events_client.store import Store

KEPT_DAYS: Final = 30
"""So long a receipt is kept. What was refused is kept until it is discarded."""
_DAY_S: Final = 86_400

Row = tuple[str, str, bytes]
"""A record's id, its type, and its fields as JSON."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that the exchange did not take, and why: correct it, put it as a new one, discard this."""

    record: PlainRecord
    receipt: Receipt


@dataclass(eq=False, slots=True)
class _Put:
    """One call of `put` that waits for the disk."""

    rows: Sequence[Row]
    done: bool = False
    error: Exception | None = field(default=None)


class Backlog:
    """What is to be sent. Several threads and processes may put; one sends."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: deque[_Put] = deque()

    def put(self, records: Iterable[Publishable]) -> None:
        """Write records down; they are on the disk when this returns, all or none.

        What other threads put meanwhile goes to the disk at once with it. A record put again changes nothing.

        Raises:
            RecordDiffers: another record with one of these ids waits already.
            sqlite3.Error: the disk did not take them.
        """
        mine = _Put([_row(record) for record in records])
        self._waiting.append(mine)
        with self._store.lock:
            if not mine.done:
                self._write_what_waits()
        if mine.error:
            raise mine.error

    def _write_what_waits(self) -> None:
        puts = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            with self._store.transaction() as connection:
                for one in puts:
                    one.error = _insert(connection, one.rows)
        except sqlite3.Error as problem:
            for one in puts:
                one.error = problem
        for one in puts:
            one.done = True

    def unsent(self, new_id: Callable[[], str]) -> Batch | None:
        """Return the batch to send next, the same until it is noted as stored; None: there is none."""
        with self._store.reading() as connection:
            if batch := _batch(connection, stored=False):
                return batch
            numbers = _next_numbers(connection)
        if not numbers:
            return None
        batch_id = new_id()
        with self._store.transaction() as connection:
            _add_batch(connection, batch_id, numbers)
            return _batch(connection, stored=False)

    def unanswered(self) -> tuple[Batch, int] | None:
        """Return the oldest batch that lacks receipts, without its records, and how many of them it has."""
        with self._store.reading() as connection:
            batch = _batch(connection, stored=True)
            if not batch:
                return None
            question = "SELECT answered FROM batch WHERE id = ?"
            return batch, int(connection.execute(question, [batch.id]).fetchone()[0])

    def note_stored(self, batch: Batch) -> None:
        """Note that the exchange has all of a batch."""
        with self._store.transaction() as connection:
            connection.execute("UPDATE batch SET stored = 1 WHERE id = ?", [batch.id])

    def note_receipts(self, batch: Batch, came: Sequence[tuple[int, Receipt]]) -> None:
        """Note receipts by the lines of a batch, in order, and erase the records that were taken."""
        with self._store.transaction() as connection:
            numbers = _numbers(connection, batch)
            _settle(connection, [(numbers[number - 1], receipt) for number, receipt in came])
            if (last := came[-1][0]) < len(numbers):
                connection.execute("UPDATE batch SET answered = ? WHERE id = ?", [last, batch.id])
            else:
                connection.execute("DELETE FROM batch WHERE id = ?", [batch.id])

    def divide(self, batch: Batch, code: str) -> None:
        """Send the halves of a batch that was refused as a whole; refuse the record that stands alone."""
        with self._store.transaction() as connection:
            numbers = _numbers(connection, batch)
            connection.execute("DELETE FROM batch WHERE id = ?", [batch.id])
            half = len(numbers) // 2
            if half:
                _add_batch(connection, str(uuid4()), numbers[:half])
                _add_batch(connection, str(uuid4()), numbers[half:])
            else:
                _settle(connection, [(numbers[0], _refusal(connection, numbers[0], code))])

    def receipt(self, record_id: str) -> Receipt | None:
        """Return a record's receipt, if it has come."""
        question = "SELECT receipt FROM record WHERE record_id = ? AND status IS NOT NULL"
        with self._store.reading() as connection:
            row = connection.execute(question, [record_id]).fetchone()
        return Receipt.of(json.loads(row[0])) if row else None

    def refused(self) -> list[Refused]:
        """Return what the exchange did not take, the oldest first."""
        question = "SELECT type, body, receipt FROM record WHERE status = 'REJECTED' ORDER BY number"
        with self._store.reading() as connection:
            rows = connection.execute(question).fetchall()
        return [
            Refused(PlainRecord(kind, json.loads(body)), Receipt.of(json.loads(said)))
            for kind, body, said in rows
        ]

    def discard(self, record_id: str) -> None:
        """Erase a refused record; its receipt stays as long as others."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE record SET status = 'DISCARDED', body = NULL"
                " WHERE record_id = ? AND status = 'REJECTED'",
                [record_id],
            )

    def counts(self) -> dict[str, int]:
        """Return how many records have which status; `WAITING` are those without a receipt."""
        question = "SELECT coalesce(status, 'WAITING'), count(*) FROM record GROUP BY 1"
        with self._store.reading() as connection:
            return dict(connection.execute(question).fetchall())

    def is_settled(self) -> bool:
        """Return whether every record has its receipt."""
        with self._store.reading() as connection:
            return not connection.execute("SELECT 1 FROM record WHERE status IS NULL LIMIT 1").fetchone()

    def forget_old(self) -> None:
        """Erase the receipts that have been kept long enough."""
        long_ago = int(time.time()) - KEPT_DAYS * _DAY_S
        with self._store.transaction() as connection:
            old = """
                DELETE FROM record WHERE settled_at < ? AND status IS NOT NULL AND status != 'REJECTED'
                AND number < (SELECT coalesce(min(first), number + 1) FROM batch)
            """
            connection.execute(old, [long_ago])


def _row(record: Publishable) -> Row:
    return record.record_id, record.type, as_bytes(record)


def _insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> RecordDiffers | None:
    """Insert all rows, or none of them and return why."""
    before = connection.total_changes
    connection.execute("SAVEPOINT put")
    connection.executemany(
        "INSERT INTO record (record_id, type, body) VALUES (?, ?, ?) ON CONFLICT (record_id) DO NOTHING", rows
    )
    differs = None
    if connection.total_changes - before < len(rows):
        differs = next((row[0] for row in rows if _differs(connection, row)), None)
    if differs:
        connection.execute("ROLLBACK TO put")
    connection.execute("RELEASE put")
    return RecordDiffers(differs) if differs else None


def _differs(connection: sqlite3.Connection, row: Row) -> bool:
    question = "SELECT type, body FROM record WHERE record_id = ? AND body IS NOT NULL"
    found = connection.execute(question, row[:1]).fetchone()
    return found is not None and tuple(found) != row[1:]


def _batch(connection: sqlite3.Connection, *, stored: bool) -> Batch | None:
    question = "SELECT id, first, last FROM batch WHERE stored = ? ORDER BY first LIMIT 1"
    found = connection.execute(question, [stored]).fetchone()
    if not found:
        return None
    rows = connection.execute(
        "SELECT record_id, type, coalesce(body, x'') FROM record"
        " WHERE number BETWEEN ? AND ? ORDER BY number",
        found[1:],
    ).fetchall()
    return Batch(found[0], tuple(row[0] for row in rows), tuple(line(*row[1:]) for row in rows))


def _next_numbers(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of the records that are in no batch yet, as many as one may have."""
    question = """
        SELECT number FROM record
        WHERE status IS NULL AND number > (SELECT coalesce(max(last), 0) FROM batch)
        ORDER BY number LIMIT ?
    """
    return [row[0] for row in connection.execute(question, [BATCH_LINES])]


def _add_batch(connection: sqlite3.Connection, batch_id: str, numbers: Sequence[int]) -> None:
    added = "INSERT INTO batch (id, first, last) VALUES (?, ?, ?)"
    connection.execute(added, [batch_id, numbers[0], numbers[-1]])


def _numbers(connection: sqlite3.Connection, batch: Batch) -> list[int]:
    question = """
        SELECT number FROM record, batch
        WHERE batch.id = ? AND number BETWEEN first AND last ORDER BY number
    """
    return [row[0] for row in connection.execute(question, [batch.id])]


def _settle(connection: sqlite3.Connection, settled: Iterable[tuple[int, Receipt]]) -> None:
    now = int(time.time())
    rows: Iterator[tuple[str, str, int, bool, int]] = (
        (receipt.status, json.dumps(asdict(receipt), ensure_ascii=False), now, receipt.refused, number)
        for number, receipt in settled
    )
    connection.executemany(
        "UPDATE record SET status = ?, receipt = ?, settled_at = ?, body = iif(?, body, NULL)"
        " WHERE number = ?",
        rows,
    )


def _refusal(connection: sqlite3.Connection, number: int, code: str) -> Receipt:
    question = "SELECT record_id, type FROM record WHERE number = ?"
    record_id, kind = connection.execute(question, [number]).fetchone()
    return Receipt(record_id, "", kind, "REJECTED", (Reason(code),))
