"""What journeys share to look into the read model, and to disturb it."""

from typing import Any

import psycopg

from exchange.runtime.settings import Settings

_TABLES = (
    "SELECT * FROM read_model.cases ORDER BY case_id",
    "SELECT facts::text FROM read_model.matter_facts AS facts ORDER BY case_id, matter, instance",
    "SELECT * FROM read_model.tasks ORDER BY task_id",
    "SELECT * FROM read_model.receipts ORDER BY receipt_id",
    'SELECT * FROM read_model.announcements ORDER BY department, partition, "offset"',
    "SELECT * FROM read_model.positions ORDER BY topic, partition",
)
_WRITERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
)


def rows(settings: Settings) -> list[list[tuple[Any, ...]]]:
    """The whole read model; nothing where it is not complete."""
    with psycopg.connect(settings.postgres) as connection:
        try:
            life = connection.execute("SELECT complete FROM read_model.life").fetchone()
        except psycopg.errors.UndefinedTable:
            return []
        return [connection.execute(query).fetchall() for query in _TABLES] if life == (True,) else []


def disturb(settings: Settings, *statements: bytes) -> None:
    """Change the database under the projector, and cut it off, so that it begins again from what it finds."""
    with psycopg.connect(settings.postgres, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute(_WRITERS)
