"""What the desk keeps of people at work in PostgreSQL, where every process sees it.

Shape: schema `desk`. If it is lost, everybody signs in again; guesses are counted anew; and a one-time code
that was used within the last minute could be used once more.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final, TypeVar

import psycopg

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

DeskConnection = psycopg.Connection[Any]
LAYOUT: Final = """
CREATE SCHEMA IF NOT EXISTS desk;
CREATE TABLE IF NOT EXISTS desk.sessions (
    digest bytea PRIMARY KEY,
    holder text NOT NULL,
    by_code boolean NOT NULL,
    system text NOT NULL,
    made_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
ALTER TABLE desk.sessions ADD COLUMN IF NOT EXISTS sessions_since timestamptz;
CREATE TABLE IF NOT EXISTS desk.totp_steps (account text PRIMARY KEY, step bigint NOT NULL);
CREATE TABLE IF NOT EXISTS desk.guesses (
    place bytea PRIMARY KEY, count integer NOT NULL, last timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS desk.known_addresses (
    account text, address text, PRIMARY KEY (account, address)
);
CREATE TABLE IF NOT EXISTS desk.people_shown (
    account text, day date, case_id text, PRIMARY KEY (account, day, case_id)
);
CREATE TABLE IF NOT EXISTS desk.people_refused (account text, day date, PRIMARY KEY (account, day));
"""
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(7306)"
_NOT_THERE: Final = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.UndefinedColumn,  # of the version before
)
T = TypeVar("T")


class DeskTables:
    """The tables, which are made as soon as they are missing.

    Args:
        connecting: gives a connection, whose transaction ends with the block: a pool's, or one of its own.
    """

    def __init__(self, connecting: Callable[[], AbstractContextManager[DeskConnection]]) -> None:
        self._connecting = connecting

    def ask(self, question: Callable[[DeskConnection], T]) -> T:
        """Return what a function finds, or does, in one transaction.

        Raises:
            ExchangeError: PostgreSQL does not answer.
        """
        try:
            try:
                return self._ask(question)
            except _NOT_THERE:
                self._ask(_make)
                return self._ask(question)
        except (psycopg.OperationalError, psycopg.InterfaceError) as problem:
            raise ExchangeError(said("desk_database_away", problem=type(problem).__name__)) from None

    def _ask(self, question: Callable[[DeskConnection], T]) -> T:
        with self._connecting() as connection:
            return question(connection)


def own_connections(address: str) -> DeskTables:
    """Return the tables for a process that asks a few times: with a connection for each question.

    Args:
        address: DSN, as the role `desk`.
    """
    return DeskTables(partial(psycopg.connect, address, connect_timeout=5))


def _make(connection: DeskConnection) -> None:
    connection.execute(_ONE_AT_A_TIME)
    connection.execute(LAYOUT.encode())
