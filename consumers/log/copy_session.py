"""Reading a copy of the log: a connection to one that exists and has our layout."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, Union

import psycopg

from consumers.log.copies import READ_MODEL, Connection, LogCopy
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

if TYPE_CHECKING:  # commands open one connection and have no pool
    from psycopg_pool import ConnectionPool

OurDatabase: TypeAlias = Union[Settings, "ConnectionPool[Connection]"]
"""Our own database: of which a command opens one connection, and what lives long keeps some in a pool."""
CONNECT_LIMIT_S = 5

ABSENT = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedColumn)


@dataclass(frozen=True)
class Session:
    """An open copy. If it is `complete`, what is not in it does not exist; else it is still being built.

    `version` is that of its layout, which may be of before: what only later ones have is not there.
    """

    connection: Connection
    complete: bool
    copy: LogCopy
    version: int

    def require_complete(self) -> None:
        """Refuse to say that something is not there while it may still come.

        Raises:
            ExchangeError: the copy is being built.
        """
        require_complete(self.complete, self.copy)


def require_complete(complete: bool, copy: LogCopy) -> None:
    """Refuse to say that something is not in a copy while it may still come.

    Raises:
        ExchangeError: the copy is being built.
    """
    if not complete:
        raise ExchangeError(said("copy_incomplete", title=copy.title), said("copy_wait", part=copy.part))


@contextmanager
def open_session(database: OurDatabase, copy: LogCopy = READ_MODEL) -> Iterator[Session]:
    """Open the read model, or another copy of the log, for reading.

    Until the transaction in which it was opened ends, the copy is not put in another's place.

    Raises:
        ExchangeError: it is not there, or not yet built anew; or PostgreSQL does not answer.
    """
    with connected(database) as connection, session_on(connection, copy) as session:
        yield session


@contextmanager
def session_on(connection: Connection, copy: LogCopy = READ_MODEL) -> Iterator[Session]:
    """Open it on a connection that is there, for the transaction in which that is."""
    try:
        life = copy.life(connection)
        if life is None or life[0] not in copy.readable:
            raise absent(copy)
        yield Session(connection, life[1], copy, life[0])
    except ABSENT:
        raise absent(copy) from None


@contextmanager
def connected(database: OurDatabase) -> Iterator[Connection]:
    """Connect to our own database, or take a connection from the pool, for one transaction.

    Raises:
        ExchangeError: PostgreSQL does not answer.
    """
    try:
        if isinstance(database, Settings):
            with psycopg.connect(database.postgres, connect_timeout=CONNECT_LIMIT_S) as connection:
                yield connection
        else:
            with database.connection() as connection:
                yield connection
    except psycopg.OperationalError as problem:
        raise postgres_away(problem) from None


def postgres_away(problem: psycopg.OperationalError) -> ExchangeError:
    """Return what people are told when the database does not answer."""
    return ExchangeError(said("postgres_away", problem=type(problem).__name__), said("what_to_start"))


def absent(copy: LogCopy) -> ExchangeError:
    """Return what people are told where a copy is not there, or not yet as it is asked for."""
    return ExchangeError(said("copy_absent", title=copy.title, part=copy.part), said("copy_start"))
