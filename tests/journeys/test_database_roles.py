"""PostgreSQL: each part comes as a role of its own, and does there what it is for and nothing else."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import product
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql

from consumers.log.copies import LEDGER, READ_MODEL
from consumers.notifier import tables as notifier_tables
from exchange.domain.policy_files.access import GATEWAY
from exchange.gateway.database import LAYOUT
from exchange.runtime.accounts.tables import LAYOUT as DESK_LAYOUT
from exchange.runtime.home import Home
from exchange.runtime.postgres_address import OWNER, dsn_of
from exchange.runtime.principals import CONSOLE, DESK, OWN
from exchange.runtime.settings import Settings
from exchange.runtime.stack.database_roles import ROLES, SCHEMAS
from tests.conftest import PARTS

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="locks of the embedded parts")
NOTIFIER: Final = "notifier"
TRIES: Final = {
    "select": "SELECT * FROM {table} LIMIT 1",
    "insert": "INSERT INTO {table} DEFAULT VALUES",
    "update": "UPDATE {table} SET {column} = DEFAULT WHERE false",
    "delete": "DELETE FROM {table} WHERE false",
    "make": "CREATE TABLE {schema}.made_by_a_test ()",
}
ALL: Final = frozenset(TRIES)
READS: Final = frozenset({"select"})
WRITES: Final = ALL - {"make"}
NOTHING: Final = frozenset[str]()
MAY: Final = {
    #               read_model  ledger    notifier  gateway   desk     work
    OWNER: (ALL, ALL, ALL, ALL, ALL, ALL),
    "projector": (ALL, READS, READS, NOTHING, READS, ALL),
    "reconciler": (NOTHING, ALL, NOTHING, NOTHING, NOTHING, NOTHING),
    NOTIFIER: (NOTHING, NOTHING, ALL, NOTHING, NOTHING, NOTHING),
    GATEWAY: (READS, READS, NOTHING, ALL, NOTHING, NOTHING),
    CONSOLE: (READS, READS, NOTHING, NOTHING, NOTHING, WRITES),
    DESK: (NOTHING, NOTHING, NOTHING, NOTHING, ALL, NOTHING),
    "operator": (READS, READS, READS, READS, READS, WRITES),
    "registry": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
}
"""Role → what it may do to every table of the schema, in the schemas' order."""
ORDER: Final = (READ_MODEL.name, LEDGER.name, NOTIFIER, GATEWAY, DESK, "work")
DATABASES: Final = (OWNER, "registry", "postgres", "template1")


def as_role(stack: Settings, role: str, database: str = OWNER) -> str:
    """Our database's DSN as that role."""
    address = dsn_of(Home(stack.home), stack.postgres, role)
    return address.replace(f"/{OWNER}?", f"/{database}?")


@contextmanager
def notified(stack: Settings) -> Iterator[None]:
    """The notifier's tables, which nobody has made where no portal is to be told."""
    with psycopg.connect(as_role(stack, NOTIFIER), autocommit=True) as connection:
        connection.execute(notifier_tables._LAYOUT)
        try:
            yield
        finally:
            connection.execute("DROP SCHEMA notifier CASCADE")


def tables_of(stack: Settings) -> list[tuple[str, str, str]]:
    """Schema, table and first column of all tables in our database."""
    with psycopg.connect(stack.postgres) as connection:
        return connection.execute(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns "
            "WHERE ordinal_position = 1 AND table_schema = ANY(%s)",
            (list(ORDER),),
        ).fetchall()


def may(connection: psycopg.Connection[Any], statement: sql.Composed) -> bool:
    """Say whether the database lets this role do it; whatever it does is taken back."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.errors.NotNullViolation:  # refused for what was to be put in, not for who puts it
        return True
    return True


def test_each_role_does_to_each_table_what_the_table_says(stack: Settings) -> None:
    """A part that is led astray reaches what is its own; the command line reads, and changes nothing."""
    with psycopg.connect(as_role(stack, GATEWAY)) as connection:  # no gateway need run here
        connection.execute(LAYOUT.encode())
    with psycopg.connect(as_role(stack, DESK)) as connection:
        connection.execute(DESK_LAYOUT.encode())
    with notified(stack):
        tables = tables_of(stack)
        assert {schema for schema, *_ in tables} == set(ORDER)
        found = {role: tried(stack, role, tables) for role in MAY}
    wanted = {
        role: {(table, done): done in rights[ORDER.index(table[0])] for table, done in product(tables, TRIES)}
        for role, rights in MAY.items()
    }
    assert found == wanted
    cells = [allowed for cells in found.values() for allowed in cells.values()]
    assert len(cells) == len(MAY) * len(tables) * len(TRIES)
    assert min(sum(cells), len(cells) - sum(cells)) > 200


def tried(stack: Settings, role: str, tables: list[tuple[str, str, str]]) -> dict[Any, bool]:
    """What a role may do, each thing really tried; nothing where it does not even come in."""
    try:
        connection = psycopg.connect(as_role(stack, role), autocommit=True)
    except psycopg.OperationalError:
        return dict.fromkeys(product(tables, TRIES), False)
    with closing(connection):
        return {
            (table, done): may(connection, _statement(TRIES[done], *table))
            for table, done in product(tables, TRIES)
        }


def _statement(text: str, schema: str, table: str, column: str) -> sql.Composed:
    return sql.SQL(text).format(
        schema=sql.Identifier(schema), table=sql.Identifier(schema, table), column=sql.Identifier(column)
    )


@pytest.mark.parametrize("database", DATABASES)
def test_each_role_comes_into_its_own_database_alone(stack: Settings, database: str) -> None:
    """The registry does not see a case, nor a part of ours the registry's tables."""
    into = {OWNER: (OWNER, *ROLES), "registry": ("registry",)}
    found = {role for role in MAY if _comes_in(as_role(stack, role, database))}
    assert found == set(into.get(database, ()))


def test_who_has_nothing_to_do_there_has_no_role(stack: Settings) -> None:
    """Joiner, clock and brokers never come to PostgreSQL; nor does anybody without a password."""
    others = {*OWN, "nobody"} - set(ROLES) - {"admin"}
    assert others >= {"joiner", "clock"}
    assert not [one for one in others if _comes_in(as_role(stack, one))]
    assert not [role for role in MAY if _comes_in(as_role(stack, role).partition("?")[0])]


def _comes_in(address: str) -> bool:
    try:
        psycopg.connect(address, passfile=None if "passfile" in address else "/absent").close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_part_writes_the_schema_that_the_readers_look_for() -> None:
    """The roles' names for the copies are the copies' own."""
    copies = {copy.part: copy.name for copy in (READ_MODEL, LEDGER)}
    assert copies | {NOTIFIER: NOTIFIER, GATEWAY: GATEWAY, DESK: DESK} == SCHEMAS
