"""One lock for each case, across processes: who holds it checks and publishes, and nobody else does.

It is PostgreSQL's, of a connection: whoever is killed has it no more, and the next one goes on.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import psycopg

from consumers.log.copies import Connection
from consumers.log.copy_session import OurDatabase, connected

_LIMITED: Final = "SELECT set_config('lock_timeout', %s, false)"
_LOCK: Final = "SELECT pg_advisory_lock(%s)"
_UNLOCK: Final = "SELECT pg_advisory_unlock(%s)"
_KEY_DIGITS: Final = 16


class CaseLockedError(Exception):
    """Somebody else has the lock, for longer than one waits for it."""


@contextmanager
def locked_case(database: OurDatabase, case_id: str, limit_s: float) -> Iterator[Connection]:
    """Give a connection, each statement a transaction, that has the lock of a case while the block lasts.

    Raises:
        CaseLockedError: it was not to be had in time.
        ExchangeError: PostgreSQL does not answer.
    """
    key = int.from_bytes(bytes.fromhex(case_id[:_KEY_DIGITS]), signed=True)
    with connected(database) as connection, _committing(connection):
        connection.execute(_LIMITED, (f"{int(limit_s * 1000)}ms",))
        try:
            connection.execute(_LOCK, (key,))
        except psycopg.errors.LockNotAvailable:
            raise CaseLockedError from None
        try:
            yield connection
        finally:
            with suppress(psycopg.OperationalError):  # a connection that is lost has no lock either
                connection.execute(_UNLOCK, (key,))


@contextmanager
def _committing(connection: Connection) -> Iterator[None]:
    """Make each statement a transaction; a pool gets the connection back as it was."""
    connection.autocommit = True
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("RESET lock_timeout")
            connection.autocommit = False
