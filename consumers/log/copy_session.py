"""Reading a copy of the log: a connection to one that exists and has our layout."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

import psycopg

from consumers.log.copies import READ_MODEL, Connection, LogCopy
from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

CONNECT_LIMIT_S = 5

Connect = Callable[[], AbstractContextManager[Connection]]
"""Gives a connection for a while: a new one, or one of a pool."""

_ABSENT = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedColumn)


@dataclass(frozen=True)
class Session:
    """An open copy. If it is `complete`, what is not in it does not exist; else it is still being built."""

    connection: Connection
    complete: bool
    copy: LogCopy

    def require_complete(self) -> None:
        """Refuse to say that something is not there while it may still come.

        Raises:
            ExchangeError: the copy is being built.
        """
        if not self.complete:
            raise ExchangeError(
                said("copy_incomplete", title=self.copy.title), said("copy_wait", part=self.copy.part)
            )


@contextmanager
def open_session(settings: Settings, copy: LogCopy = READ_MODEL) -> Iterator[Session]:
    """Open the read model, or another copy of the log, for reading.

    Raises:
        ExchangeError: it is not there, or not yet built anew; or PostgreSQL does not answer.
    """
    with session_over(new_connections(settings), copy) as session:
        yield session


def new_connections(settings: Settings) -> Connect:
    """Return what makes a connection each time, and closes it."""
    return partial(psycopg.connect, settings.postgres, connect_timeout=CONNECT_LIMIT_S)


@contextmanager
def session_over(connect: Connect, copy: LogCopy = READ_MODEL) -> Iterator[Session]:
    """Open a copy of the log over a connection that is given, as ``open_session`` does."""
    try:
        with connect() as connection:
            life = copy.life(connection)
            if life is None or life[0] != copy.version:
                raise _absent(copy)
            yield Session(connection, life[1], copy)
    except _ABSENT:
        raise _absent(copy) from None
    except psycopg.OperationalError as problem:
        raise postgres_away(problem) from None


def postgres_away(problem: psycopg.OperationalError) -> ExchangeError:
    """Return what people are told when the database does not answer."""
    return ExchangeError(said("postgres_away", problem=type(problem).__name__), said("what_to_start"))


def _absent(copy: LogCopy) -> ExchangeError:
    return ExchangeError(said("copy_absent", title=copy.title, part=copy.part), said("copy_start"))
