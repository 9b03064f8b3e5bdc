"""Who has a matter in hand: taken, given and put back in one statement each, so that of two people one wins.

Shape: `work.assignments`: case, matter and instance ('' where there is none) → who, since when. It is no copy
of the log: a rebuild of the read model leaves it as it is. It holds names of accounts, and nobody's data.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Cursor

from consumers.log.copies import READ_MODEL
from consumers.log.copy_session import ABSENT, OurDatabase, absent, connected

LAYOUT: Final = """
CREATE SCHEMA IF NOT EXISTS work;
CREATE TABLE IF NOT EXISTS work.assignments (
    case_id text, matter smallint, instance text,
    assignee text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (case_id, matter, instance)
);
CREATE INDEX IF NOT EXISTS assignments_by_assignee ON work.assignments (assignee);
"""
_CLAIM: Final = """
INSERT INTO work.assignments AS held (case_id, matter, instance, assignee) VALUES (%s, %s, %s, %s)
ON CONFLICT (case_id, matter, instance) DO UPDATE SET assignee = held.assignee RETURNING assignee, since
"""
_ASSIGN: Final = """
INSERT INTO work.assignments (case_id, matter, instance, assignee) VALUES (%s, %s, %s, %s)
ON CONFLICT (case_id, matter, instance) DO UPDATE SET assignee = excluded.assignee, since = now()
RETURNING assignee, since
"""
_RELEASE: Final = """
DELETE FROM work.assignments WHERE (case_id, matter, instance, assignee) = (%s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who has a matter in hand, and since when."""

    assignee: str
    since: datetime


@dataclass(frozen=True)
class Assignments:
    """Those of one exchange.

    Raises:
        ExchangeError: from every method: PostgreSQL does not answer, or the projector has never run.
    """

    database: OurDatabase

    def claim(self, case_id: str, matter: int, instance: str | None, who: str) -> Assignment:
        """Take a matter in hand unless somebody has it; return who has it now."""
        return self._held(_CLAIM, case_id, matter, instance, who)

    def assign(self, case_id: str, matter: int, instance: str | None, who: str) -> Assignment:
        """Give a matter to somebody, whoever had it before."""
        return self._held(_ASSIGN, case_id, matter, instance, who)

    def release(self, case_id: str, matter: int, instance: str | None, who: str) -> bool:
        """Put back what this person had in hand; False if it was not in their hands."""
        return self._run(_RELEASE, case_id, matter, instance, who).rowcount == 1

    def _held(self, statement: str, case_id: str, matter: int, instance: str | None, who: str) -> Assignment:
        row = self._run(statement, case_id, matter, instance, who).fetchone()
        return Assignment(*(row or ()))

    def _run(self, statement: str, case_id: str, matter: int, instance: str | None, who: str) -> Cursor[Any]:
        try:
            with connected(self.database) as connection:
                return connection.execute(statement.encode(), (case_id, matter, instance or "", who))
        except ABSENT:
            raise absent(READ_MODEL) from None
