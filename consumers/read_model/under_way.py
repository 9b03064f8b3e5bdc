"""What desks have sent and nobody has seen the effect of: it outlives whoever sent it.

Shape: `work.under_way`: record id → its case, its department, who sent it, and its receipt's id once the log
has it. Written under the case's lock, before the record is sent: who comes next knows that what the case
shows is not the last word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from consumers.log.copies import Connection

UNSENT_AFTER: Final = timedelta(minutes=5)
"""What has no place in the log by then was never sent, or all have seen it: writing takes seconds."""
LAYOUT: Final = """
CREATE SCHEMA IF NOT EXISTS work;
CREATE TABLE IF NOT EXISTS work.under_way (
    record_id text PRIMARY KEY,
    case_id text NOT NULL,
    department text NOT NULL,
    handler text NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT now(),
    receipt_id text
);
CREATE INDEX IF NOT EXISTS under_way_by_case ON work.under_way (case_id);
"""
_FORGET_UNSENT: Final = (
    "DELETE FROM work.under_way WHERE case_id = %s AND receipt_id IS NULL AND sent_at < now() - %s"
)
_OF_CASE: Final = """
SELECT record_id, case_id, department, handler, receipt_id FROM work.under_way
WHERE case_id = %s ORDER BY sent_at, record_id
"""
_PUT: Final = """
INSERT INTO work.under_way VALUES (%s, %s, %s, %s, now(), %s)
ON CONFLICT (record_id) DO UPDATE
SET receipt_id = coalesce(excluded.receipt_id, under_way.receipt_id), sent_at = excluded.sent_at
"""
_FORGET: Final = "DELETE FROM work.under_way WHERE record_id = %s"


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A record that was sent, or was about to be; with a receipt's id, the log has it."""

    record_id: str
    case_id: str
    department: str
    handler: str
    receipt_id: str | None = None


def sent_before(connection: Connection, case_id: str) -> Iterator[SentRecord]:
    """Yield what was sent for a case and not seen, as far as is known: the oldest first."""
    connection.execute(_FORGET_UNSENT, (case_id, UNSENT_AFTER))
    yield from (SentRecord(*row) for row in connection.execute(_OF_CASE, (case_id,)).fetchall())


def note_sent(connection: Connection, sent: SentRecord) -> None:
    """Note that a record is about to be sent, or where it has come to stand in the log."""
    fields = (sent.record_id, sent.case_id, sent.department, sent.handler, sent.receipt_id)
    connection.execute(_PUT, fields)


def forget_sent(connection: Connection, record_id: str) -> None:
    """Forget a record whose effect was seen."""
    connection.execute(_FORGET, (record_id,))
