"""How many people somebody was shown today, and the end of it: whoever asks for more is harvesting.

Shape: table `desk.people_shown`, account and day → cases. Days are those of Asia/Shanghai. If it is lost, the
day's count begins anew; who was shown whom is on the topic `access` for good.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from exchange.desk.asker import Asker
from exchange.domain.policy_files.accounts import AccountsPolicy
from exchange.runtime.accounts.tables import DeskConnection, DeskTables
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from verification.times import calendar_date

_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('people_shown'), hashtext(%s))"
_ADD: Final = """
INSERT INTO desk.people_shown SELECT %s, %s, unnest(%s::text[]) ON CONFLICT DO NOTHING
"""
_COUNT: Final = "SELECT count(*) FROM desk.people_shown WHERE account = %s AND day = %s"
_REFUSED: Final = "INSERT INTO desk.people_refused VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FORGET: Final = (
    "DELETE FROM desk.people_shown WHERE account = %s AND day < %s",
    "DELETE FROM desk.people_refused WHERE account = %s AND day < %s",
)


class TooManyPeopleError(ExchangeError):
    """Who asks has been shown as many people today as its role may be."""


class PeopleToday(NamedTuple):
    """How many people somebody was shown today, and how many it may be; None: as many as it asks for."""

    shown: int
    limit: int | None


class PeopleShown:
    """Counts the people that holders of accounts are shown.

    Args:
        tables: keep the counts.
        policy: has the limit of each role.

    Raises:
        ExchangeError: PostgreSQL does not answer, so nothing may be shown; so does each method.
    """

    def __init__(self, tables: DeskTables, policy: AccountsPolicy) -> None:
        self._tables = tables
        self._policy = policy

    def count(self, asker: Asker, case_ids: Collection[str], now: datetime) -> PeopleToday:
        """Count whom somebody is about to be shown; it is shown nobody before this returns.

        Whoever has no account, as an applicant or the shell, is not counted.

        Raises:
            TooManyPeopleError: it would be more than it may be shown today. None of these is counted.
        """
        if asker.role not in self._policy.people_a_day:
            return PeopleToday(0, None)
        limit, day = self._policy.people_a_day[asker.role], calendar_date(now)

        def count(connection: DeskConnection) -> int | None:
            connection.execute(_ALONE, (asker.name,))
            for forget in _FORGET:
                connection.execute(forget, (asker.name, day))
            before = _counted(connection, asker.name, day)
            connection.execute(_ADD, (asker.name, day, list(case_ids)))
            after = _counted(connection, asker.name, day)
            if limit is None or after <= max(limit, before):
                return after
            connection.rollback()
            connection.execute(_REFUSED, (asker.name, day))
            return None

        if (found := self._tables.ask(count)) is None:
            raise TooManyPeopleError(said("too_many_people", most=limit), said("too_many_people_help"))
        return PeopleToday(found, limit)

    def today(self, asker: Asker, now: datetime) -> PeopleToday:
        """Return how many people somebody was shown today."""
        day = calendar_date(now)
        found = self._tables.ask(lambda connection: _counted(connection, asker.name, day))
        return PeopleToday(found, self._policy.people_a_day.get(asker.role))


def _counted(connection: DeskConnection, account: str, day: object) -> int:
    row = connection.execute(_COUNT, (account, day)).fetchone()
    return row[0] if row else 0
