"""A database of a test's own on the running exchange's server: the exchange's copies stay as they are."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.databases import ADMINISTRATOR, dsn


@contextmanager
def own_database(stack: Settings, name: str) -> Iterator[str]:
    """Its DSN, as the administrator's."""
    address = dsn(Home(stack.home), int(str(conninfo_to_dict(stack.postgres)["port"])), ADMINISTRATOR)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield make_conninfo(address, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
