"""Who may what in our own database: each part makes and writes a schema of its own, and others read it.

A part drops its schema and makes it again whenever it must, so nothing is granted on tables alone: what a
role makes is from then on open to its readers. All is said anew at each start; a home from before, whose
tables belong to the database's owner, comes up with them in their makers' hands. Who has a matter in hand
(schema `work`) is in one maker's tables, and those who serve people write it.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from exchange.runtime.postgres_address import OWNER
from exchange.runtime.principals import CONSOLE, DESK, OPERATOR

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMAS: Final[Mapping[str, str]] = {
    "projector": "read_model",
    "reconciler": "ledger",
    "notifier": "notifier",
    "gateway": "gateway",
    DESK: "desk",
}
"""Role of a part → the schema that it alone makes, drops and writes."""
READERS: Final[Mapping[str, tuple[str, ...]]] = {
    "projector": ("gateway", CONSOLE, OPERATOR),
    # The projector's metrics are those of the whole exchange.
    "reconciler": ("gateway", "projector", CONSOLE, OPERATOR),
    "notifier": ("projector", OPERATOR),
    "gateway": (OPERATOR,),
    # What its metrics count.
    DESK: ("projector", OPERATOR),
}
"""Role → who reads what it makes, and changes nothing."""
WORK_MAKER: Final = "projector"
"""Who makes the tables of the schema `work`."""
WORK_WRITERS: Final = (CONSOLE, OPERATOR)
"""Who writes in them."""
ROLES: Final = (*SCHEMAS, CONSOLE, OPERATOR)
"""All who come to our own database, apart from its owner. What is not here has nothing to do in it."""

_ALL: Final = ", ".join(ROLES)
_MAKERS: Final = ", ".join(SCHEMAS)
_IN_GENERAL: Final = f"""
REVOKE ALL ON DATABASE postgres, template1, registry, {OWNER} FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE {OWNER} TO {_ALL};
GRANT CREATE ON DATABASE {OWNER} TO {_MAKERS};
GRANT {_MAKERS} TO {OWNER};
"""
_READ: Final = """
ALTER DEFAULT PRIVILEGES FOR ROLE {maker} GRANT USAGE ON SCHEMAS TO {readers};
ALTER DEFAULT PRIVILEGES FOR ROLE {maker} GRANT SELECT ON TABLES TO {readers};
"""
_HAND_OVER: Final = """
ALTER SCHEMA {schema} OWNER TO {maker};
GRANT USAGE ON SCHEMA {schema} TO {readers};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {readers};
"""
_WORK: Final = f"""
CREATE SCHEMA IF NOT EXISTS work AUTHORIZATION {WORK_MAKER};
GRANT USAGE ON SCHEMA work TO {", ".join(WORK_WRITERS)};
REVOKE ALL ON SCHEMA work FROM gateway; -- a home from before had given it
ALTER DEFAULT PRIVILEGES FOR ROLE {WORK_MAKER} IN SCHEMA work
    GRANT INSERT, UPDATE, DELETE ON TABLES TO {", ".join(WORK_WRITERS)};
"""
_OF_OTHERS: Final = """
SELECT format('ALTER TABLE %%s OWNER TO %%I', pg_class.oid::regclass, %(maker)s::text)
FROM pg_class WHERE relnamespace = to_regnamespace(%(schema)s) AND relkind = 'r'
    AND relowner <> %(maker)s::regrole
"""


def grant(connection: "Connection[Any]") -> None:
    """Say, as the administrator in our own database, who may what; all of it or nothing."""
    connection.execute(_IN_GENERAL.encode())
    for maker, schema in SCHEMAS.items():
        named = {"maker": maker, "schema": schema, "readers": ", ".join(READERS[maker])}
        connection.execute(_READ.format(**named).encode())
        if connection.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone() != (None,):
            for statement in (*_of_others(connection, named), _HAND_OVER.format(**named)):
                connection.execute(statement.encode())
    connection.execute(_WORK.encode())


def _of_others(connection: "Connection[Any]", named: Mapping[str, str]) -> Iterator[str]:
    """Yield what gives each table of a schema to its maker, where it is another's."""
    return (statement for (statement,) in connection.execute(_OF_OTHERS, named).fetchall())
