"""The gateway's connections to PostgreSQL: few, shared, and asked from threads of their own.

Shape: schema `gateway`, which it makes itself: what it has answered and which lines of a batch are stored.
Nothing in it is personal data. If it is lost, what is sent again is answered with DUPLICATE.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import psycopg
from psycopg_pool import PoolTimeout

from consumers.log.copies import Connection
from consumers.log.reading_pool import MOST_CONNECTIONS, reading_pool
from exchange.runtime.settings import Settings
from exchange.serving.problems import away

LAYOUT: Final = """
CREATE SCHEMA IF NOT EXISTS gateway;
CREATE TABLE IF NOT EXISTS gateway.answers (
    principal text, idempotency_key text,
    body_sha256 text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    status integer NOT NULL, body jsonb NOT NULL, headers jsonb NOT NULL,
    PRIMARY KEY (principal, idempotency_key)
);
CREATE TABLE IF NOT EXISTS gateway.batches (
    batch_id uuid PRIMARY KEY,
    principal text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(), -- or gone on with, the last time
    complete boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS gateway.lines (
    batch_id uuid REFERENCES gateway.batches ON DELETE CASCADE, line integer,
    digest bytea NOT NULL,
    stored boolean NOT NULL,
    receipt_id text NOT NULL,
    PRIMARY KEY (batch_id, line)
);
CREATE TABLE IF NOT EXISTS gateway.submissions (
    principal text, receipt_id text,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal, receipt_id)
);
CREATE INDEX IF NOT EXISTS submissions_by_day ON gateway.submissions (principal, made_at);
"""
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(7305)"
_AWAY: Final = (
    *(psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout),
    # The read model is being built anew, and its tables or the right to read them are not there yet.
    *(psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.InsufficientPrivilege),
)
T = TypeVar("T")


class Database:
    """A pool of connections; a context manager. Questions are asked in threads, each in a transaction."""

    def __init__(self, settings: Settings) -> None:
        self._pool = reading_pool(settings, configure=_no_wait_for_disk)
        # Threads of its own: while PostgreSQL is away they all wait, and others must not wait for them.
        self._threads = ThreadPoolExecutor(MOST_CONNECTIONS, "database")

    def __enter__(self) -> "Database":
        self._pool.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()
        self._pool.close()

    def make_tables(self) -> None:
        """Make what is missing of the gateway's own tables.

        Raises:
            psycopg.Error: PostgreSQL does not answer.
        """
        with self._pool.connection() as connection:
            connection.execute(_ONE_AT_A_TIME)
            connection.execute(LAYOUT.encode())

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Return what a function finds, or does, in one transaction.

        Raises:
            ProblemError: PostgreSQL does not answer, or has not got the tables.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)

    def _ask(self, question: Callable[[Connection], T]) -> T:
        try:
            with self._pool.connection() as connection:
                return question(connection)
        except _AWAY as problem:
            raise away(f"postgres: {type(problem).__name__}") from None


def _no_wait_for_disk(connection: Connection) -> None:
    # A crash of the database may lose the last moments: what is then sent again is a DUPLICATE.
    connection.execute("SET synchronous_commit = off")
    connection.commit()
