"""Slows down who guesses, by the name that is guessed at and by the address, and locks nobody out.

Shape: table `desk.guesses`, place → how many, and when the last was; seen by every process.

Whoever has signed in before from an address has a place there of their own: neither those who guess at the
same name from elsewhere nor those who guess at other names from the same address are in the way.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from exchange.domain.guesses import Guesses
from exchange.domain.policy_files.accounts import GuessRules
from exchange.runtime.accounts.secrets import AccountSecrets
from exchange.runtime.accounts.tables import DeskConnection, DeskTables
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

_KNOWN: Final = "SELECT FROM desk.known_addresses WHERE account = %s AND address = %s"
_REMEMBER: Final = "INSERT INTO desk.known_addresses VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FORGET: Final = """
DELETE FROM desk.guesses
WHERE place IN (SELECT place FROM desk.guesses WHERE last < %s FOR UPDATE SKIP LOCKED)
"""
_FIRST: Final = "INSERT INTO desk.guesses VALUES (%s, 0, %s) ON CONFLICT DO NOTHING"
_LOCK: Final = "SELECT place, count, last FROM desk.guesses WHERE place = ANY(%s) ORDER BY place FOR UPDATE"
_SET: Final = "UPDATE desk.guesses SET count = %s, last = %s WHERE place = %s"


class SlowDownError(ExchangeError):
    """Too many guesses were wrong here; ``retry_s`` says when the next one is looked at."""

    def __init__(self, retry_s: int) -> None:
        super().__init__(said("guesses_slowed", seconds=retry_s))
        self.retry_s = retry_s


class Guessing:
    """Counts guesses.

    Args:
        tables: keep them.
        secrets: hash their places.
        rules: how long one waits.

    Raises:
        ExchangeError: PostgreSQL does not answer; so does each method.
    """

    def __init__(self, tables: DeskTables, secrets: AccountSecrets, rules: GuessRules) -> None:
        self._tables = tables
        self._secrets = secrets
        self._rules = rules

    def count(self, name: str, address: str, now: datetime) -> tuple[bytes, ...]:
        """Count a guess before it is looked at; return where.

        Args:
            name: that is guessed at; empty where there can be no such name, or a code is guessed.
            address: from which.
            now: UTC.

        Raises:
            SlowDownError: the next one is not let through yet.
        """

        def count(connection: DeskConnection) -> tuple[bytes, ...]:
            connection.execute(_FORGET, (now - timedelta(minutes=self._rules.forgotten_after_minutes),))
            places = self._places(connection, name, address)
            for place in places:
                connection.execute(_FIRST, (place, now))
            known = _locked(connection, places)
            opens_at = max(one.opens_at(self._rules) for one in known.values())
            if opens_at > now:
                raise SlowDownError(ceil((opens_at - now).total_seconds()))
            _set(connection, {place: one.after_one(now, self._rules) for place, one in known.items()})
            return places

        return self._tables.ask(count)

    def give_back(self, places: Iterable[bytes], name: str, address: str) -> None:
        """Take back a guess that was right; from where it came is a place of its own from now on."""

        def give_back(connection: DeskConnection) -> None:
            known = _locked(connection, places)
            _set(connection, {place: one.given_back() for place, one in known.items()})
            if name:
                connection.execute(_REMEMBER, (name, address))

        self._tables.ask(give_back)

    def _places(self, connection: DeskConnection, name: str, address: str) -> tuple[bytes, ...]:
        if not name:
            return (self._secrets.place_hash("address", address),)
        if connection.execute(_KNOWN, (name, address)).fetchone() is not None:
            return (self._secrets.place_hash("both", name, address),)
        return (self._secrets.place_hash("address", address), self._secrets.place_hash("name", name))


def _locked(connection: DeskConnection, places: Iterable[bytes]) -> dict[bytes, Guesses]:
    rows = connection.execute(_LOCK, (list(places),)).fetchall()
    return {bytes(place): Guesses(count, last) for place, count, last in rows}


def _set(connection: DeskConnection, guesses: dict[bytes, Guesses]) -> None:
    for place, one in guesses.items():
        connection.execute(_SET, (one.count, one.last, place))
