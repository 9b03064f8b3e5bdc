"""What the reconciler saw when it last looked: one row, for people and for whoever counts."""

from dataclasses import astuple, dataclass
from datetime import datetime

from psycopg.rows import class_row

from consumers.log.copies import LEDGER, Connection
from consumers.log.copy_session import open_session
from exchange.runtime.settings import Settings

_PUT = """
INSERT INTO ledger.checks (at, grace_seconds, missing, not_healed, healed, waiting_since)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (only_row) DO UPDATE SET
    at = excluded.at, grace_seconds = excluded.grace_seconds, missing = excluded.missing,
    not_healed = excluded.not_healed, healed = excluded.healed, waiting_since = excluded.waiting_since
"""
_READ = "SELECT at, grace_seconds, missing, not_healed, healed, waiting_since FROM ledger.checks"


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """How the ledger was.

    Attributes:
        at: what the log had taken by then was in it.
        grace_seconds: what was younger was not asked about.
        missing: records for which something was missing, also those delivered again and not answered yet.
        not_healed: those of them that delivering again did not help.
        healed: records, since the log began, that had been missing and no longer are.
        waiting_since: when the log took the oldest record that the join had not come to.
    """

    at: datetime
    grace_seconds: int
    missing: int
    not_healed: int
    healed: int
    waiting_since: datetime | None


def note_check(connection: Connection, check: LedgerCheck) -> None:
    """Keep a check in place of the previous one."""
    connection.execute(_PUT, astuple(check))


def last_check(connection: Connection) -> LedgerCheck | None:
    """Return the last check; None before the first."""
    with connection.cursor(row_factory=class_row(LedgerCheck)) as cursor:
        return cursor.execute(_READ).fetchone()


def read_last_check(settings: Settings) -> LedgerCheck | None:
    """Return the last check of an exchange's reconciler.

    Raises:
        ExchangeError: there is no ledger, or PostgreSQL does not answer.
    """
    with open_session(settings, LEDGER) as session:
        return last_check(session.connection)
