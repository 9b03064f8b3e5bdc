"""The databases in PostgreSQL: our own and the registry's, on the embedded server or on a given one."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.postgres_address import LOGIN_CHECKED, OWNER, dsn_end, password_file
from exchange.runtime.sentences import said
from exchange.runtime.stack.database_roles import ROLES, grant
from exchange.runtime.stack.ports import LOOPBACK
from exchange.runtime.stack.registry import Storage

if TYPE_CHECKING:
    from psycopg import Connection

OWNERS = (OWNER, "registry")
"""One database each, with the same name; its owner has no rights beyond it."""
ADMINISTRATOR = "postgres"
REFUSED: Final = "password authentication failed"
"""What the embedded server, whose language is English, says to a wrong password."""
LOGINS = (*OWNERS, *ROLES, ADMINISTRATOR)
"""All who have a password."""


def dsn(home: Home, port: int, role: str) -> str:
    """Return a DSN that names the password file, so that it may be shown and logged."""
    return _dsn(home, port, role, role if role in OWNERS else "postgres")


def _dsn(home: Home, port: int, role: str, database: str) -> str:
    return f"postgresql://{role}@{LOOPBACK}:{port}/{database}{dsn_end(home)}"


def shown_dsn(home: Home, port: int) -> str:
    """Return our database's DSN as others are told it: as its owner, in words that any client knows."""
    return f"postgresql://{OWNER}@{LOOPBACK}:{port}/{OWNER}{password_file(home)}"


def make_databases(home: Home, port: int) -> None:
    """Make those databases and roles that are missing on the embedded server, and say who may what.

    Raises:
        ExchangeError: the administrator does not get in.
    """
    # Loading the client takes 0.2 s: here that happens while Kafka starts, not before everything else.
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    try:
        administering = psycopg.connect(dsn(home, port, ADMINISTRATOR), autocommit=True)
    except psycopg.OperationalError as problem:
        if REFUSED in str(problem):
            raise administrator_lost(home) from None
        raise
    with administering as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        _make_roles(connection, home)
        for name in OWNERS:
            if (name,) not in rows:
                owned = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(owned.format(sql.Identifier(name), sql.Identifier(name)))
    with psycopg.connect(_dsn(home, port, ADMINISTRATOR, OWNER)) as connection:
        grant(connection)


def administrator_lost(home: Home) -> ExchangeError:
    """Return what to say where nobody can administer the embedded server any more."""
    return ExchangeError(
        said("postgres_administrator_lost", file=secret_file(home, ADMINISTRATOR)),
        said("postgres_made_again", folder=home.data / "postgres"),
    )


def secret_file(home: Home, role: str) -> Path:
    """Return where a role's password is."""
    return home.secrets / f"postgres_{role}"


def _make_roles(connection: "Connection[Any]", home: Home) -> None:
    """Make the roles that are missing, and give each the password that the home has for it now."""
    from psycopg import sql  # noqa: PLC0415 - as above

    roles = connection.execute("SELECT rolname FROM pg_roles").fetchall()
    for name in (*OWNERS, *ROLES):
        role = sql.Identifier(name)
        if (name,) not in roles:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        # Always: one that was lost has been made anew.
        password = sql.Literal(home.secret(f"postgres_{name}"))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, password))


def embedded_storage(home: Home, ports: Mapping[str, int]) -> Storage:
    """Return the registry's own database on the embedded server."""
    url = f"jdbc:postgresql://{LOOPBACK}:{ports['postgres']}/registry?requireAuth={LOGIN_CHECKED}"
    return Storage(url, user="registry", password=home.secret("postgres_registry"))


def outside_storage(address: str) -> Storage:
    """Return a schema of the registry's own in a database that runs elsewhere, made on the first start.

    Raises:
        ExchangeError: the server cannot be reached, or not by TCP, which is all that the registry speaks.
    """
    import psycopg  # noqa: PLC0415 - only where a server is given

    try:
        with psycopg.connect(address, connect_timeout=5, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS registry")
            # Asked of the connection, which also knows what service and password files say.
            known = connection.info
            if known.host.startswith("/"):
                raise ExchangeError(said("postgres_is_socket"))
            place = f"{known.host}:{known.port}/{quote(known.dbname)}"
            options = {
                "currentSchema": "registry",
                "sslmode": known.get_parameters().get("sslmode", "prefer"),
            }
            storage = Storage(f"jdbc:postgresql://{place}?{urlencode(options)}", known.user, known.password)
    except psycopg.OperationalError as problem:
        raise ExchangeError(said("postgres_not_there"), said("postgres_check_address")) from problem
    return storage
