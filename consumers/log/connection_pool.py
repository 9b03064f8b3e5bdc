"""Connections for what lives long and asks much: few, shared, each taken for one transaction."""

from collections.abc import Callable
from typing import Final

from psycopg_pool import ConnectionPool

from consumers.log.copies import Connection
from consumers.log.copy_session import CONNECT_LIMIT_S
from exchange.runtime.settings import Settings

MOST_CONNECTIONS: Final = 8
WAIT_S: Final = 3.0
"""How long to wait for one while all are taken; then PostgreSQL counts as not answering."""


def connection_pool(
    settings: Settings,
    most: int = MOST_CONNECTIONS,
    configure: Callable[[Connection], None] | None = None,
) -> ConnectionPool[Connection]:
    """Return a pool of connections to our own database; a context manager, which opens and closes it.

    Args:
        settings: of the exchange.
        most: how many it makes.
        configure: is done to each before it is used first.
    """
    return ConnectionPool(
        settings.postgres,
        min_size=1,
        max_size=most,
        timeout=WAIT_S,
        open=False,
        kwargs={"connect_timeout": CONNECT_LIMIT_S},
        configure=configure,
        check=ConnectionPool.check_connection,  # a database that was started again has ended those of before
    )
