"""What became of a department's records, as the read model's index of receipts has it.

Shape: table `read_model.receipts` → ``exchange.events.Receipt``. Every function takes an open connection to
the read model; those that count ask the ledger, too. A receipt holds no personal data.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from avro_schemas.typed_documents import ReceiptDocument
from consumers.ledger.days import bounds_of
from consumers.log.copies import Connection
from consumers.log.offsets import Offsets
from consumers.read_model.indexed import IndexedAfter, decoded, end_of, read_after
from topics.catalogue import receipts_topic

ReadReceipt = Callable[[bytes], ReceiptDocument]

_OF_RECORD: Final = """
SELECT partition, "offset", value FROM read_model.receipts
WHERE department = %s AND record_id = %s ORDER BY taken_at, receipt_id
"""
_OF_IDS: Final = """
SELECT partition, "offset", value FROM read_model.receipts WHERE department = %s AND receipt_id = ANY(%s)
"""
_REJECTED: Final = "SELECT FROM read_model.receipts WHERE receipt_id = %s AND status = 'REJECTED'"
_PAGE: Final = """
SELECT partition, "offset", value FROM read_model.receipts
WHERE department = %(department)s AND taken_at >= %(first)s AND taken_at < %(after)s
    AND (taken_at, receipt_id) > (%(at)s, %(receipt_id)s)
    AND (%(status)s::text IS NULL OR status = %(status)s)
ORDER BY taken_at, receipt_id LIMIT %(limit)s
"""
# What the log took and nobody has answered by this very moment, whatever the ledger has heard of answers.
_COUNTS: Final = """
WITH answered AS MATERIALIZED (
    SELECT receipt_id, status FROM read_model.receipts
    WHERE department = %(department)s AND taken_at >= %(first)s AND taken_at < %(after)s
), taken AS (
    SELECT topic || '/' || partition || '/' || "offset" AS receipt_id, outcome FROM ledger.records
    WHERE department = %(department)s AND taken_at >= %(first)s AND taken_at < %(after)s AND logged
)
SELECT status, count(*) FROM answered GROUP BY status
UNION ALL
SELECT CASE outcome WHEN 'UNDECODABLE' THEN outcome ELSE 'PENDING' END AS status, count(*)
FROM taken WHERE NOT EXISTS (SELECT FROM answered WHERE answered.receipt_id = taken.receipt_id) GROUP BY 1
"""
_CURSOR: Final = re.compile(r"(?P<micros>[0-9]{1,18})\.(?P<receipt_id>[^\0]{1,300})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class CursorUnreadableError(ValueError):
    """A text that no page of receipts has given."""


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """Some of a day's receipts, in the order in which the log took the records, and where the next begin."""

    receipts: tuple[ReceiptDocument, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What came of what the log took of a department on one day, and of what admission turned away.

    Attributes:
        by_status: each status of a receipt, and PENDING for what has none yet.
        undecodable: what could not be read, so that it has no receipt; it is in quarantine.
    """

    by_status: Mapping[str, int]
    undecodable: int

    @property
    def total(self) -> int:
        """Return how many have a receipt or will have one."""
        return sum(self.by_status.values())


def receipts_of_record(
    connection: Connection, department: str, record_id: str, decode: ReadReceipt
) -> tuple[ReceiptDocument, ...]:
    """Return all receipts of a department's records with this id, the oldest first."""
    rows = connection.execute(_OF_RECORD, (department, record_id)).fetchall()
    return tuple(one.document for one in decoded(rows, decode))


def receipts_of(
    connection: Connection, department: str, receipt_ids: Collection[str], decode: ReadReceipt
) -> dict[str, ReceiptDocument]:
    """Return receipt id → receipt for those of a department's receipts that are there."""
    rows = connection.execute(_OF_IDS, (department, list(receipt_ids))).fetchall()
    return {one.document["receipt_id"]: one.document for one in decoded(rows, decode)}


def was_rejected(connection: Connection, receipt_id: str) -> bool:
    """Say whether a record was refused, by its receipt's id; False while it has no receipt."""
    return connection.execute(_REJECTED, (receipt_id,)).fetchone() is not None


def receipts_after(
    connection: Connection, department: str, offsets: Offsets, limit: int, decode: ReadReceipt
) -> IndexedAfter[ReceiptDocument]:
    """Return a department's receipts from these offsets on, at most ``limit``.

    A receipt that was given again stands at its last place alone.

    Raises:
        PositionGoneError, ExchangeError: as `consumers.read_model.indexed.read_after`.
    """
    return read_after(connection, "receipts", receipts_topic(department), offsets, limit, decode, {})


def receipts_now(connection: Connection, department: str) -> Offsets:
    """Return the offsets after everything that a department has been answered.

    Raises:
        ExchangeError: the read model is being built.
    """
    return end_of(connection, receipts_topic(department))


def receipts_of_day(
    connection: Connection,
    department: str,
    day: date,
    limit: int,
    decode: ReadReceipt,
    *,
    status: str | None = None,
    cursor: str | None = None,
) -> ReceiptPage:
    """Return a page of the receipts of what the log took of a department on a day in Asia/Shanghai.

    Args:
        connection: to the read model.
        department: whose records they answer.
        day: in Asia/Shanghai.
        limit: how many at most.
        decode: reads the values.
        status: only receipts with this one.
        cursor: where the page before said that this one begins.

    Raises:
        CursorUnreadableError: no page has given this cursor.
    """
    first, after = bounds_of(day)
    at, receipt_id = _parsed(cursor) if cursor is not None else (first, "")
    asked = {"department": department, "first": first, "after": after, "at": at, "receipt_id": receipt_id}
    rows = connection.execute(_PAGE, {**asked, "status": status, "limit": limit}).fetchall()
    found = tuple(one.document for one in decoded(rows, decode))
    return ReceiptPage(found, _cursor_after(found[-1]) if len(rows) == limit and found else None)


def counts_of_day(connection: Connection, department: str, day: date) -> DayCounts:
    """Return how many records the log took of a department on a day, by what came of them.

    What the log took a moment ago and nobody has answered is counted once the ledger has it.

    Raises:
        psycopg.errors.UndefinedTable: there is no ledger, or no read model.
    """
    first, after = bounds_of(day)
    asked = {"department": department, "first": first, "after": after}
    found: dict[str, int] = dict(connection.execute(_COUNTS, asked).fetchall())
    undecodable = found.pop("UNDECODABLE", 0)
    return DayCounts({**dict.fromkeys(STATUSES, 0), **found}, undecodable)


STATUSES: Final = ("ACCEPTED", "DUPLICATE", "HELD", "REJECTED", "PENDING")


def _cursor_after(receipt: ReceiptDocument) -> str:
    micros = (receipt["taken_at"] - _EPOCH) // timedelta(microseconds=1)
    return f"{micros}.{receipt['receipt_id']}"


def _parsed(cursor: str) -> tuple[datetime, str]:
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise CursorUnreadableError
    try:
        at = _EPOCH + timedelta(microseconds=int(match["micros"]))
    except OverflowError:
        raise CursorUnreadableError from None
    return at, match["receipt_id"]
