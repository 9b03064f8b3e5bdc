"""Copies in PostgreSQL of what topics of the log say: which there are, and how far each has come."""

from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class LogCopy:
    """One copy.

    Attributes:
        name: the name of its schema.
        part: the process that makes it.
        version: the version of its layout; if the database has another, all is built anew.
        readable: of which versions the layout has what readers ask for: one of an earlier version is read
            until the new one is whole. What only the new one has is asked for in vain until then.
    """

    name: str
    part: str
    version: int
    readable: range

    @property
    def title(self) -> str:
        """Its name as people read it."""
        return self.name.replace("_", " ")

    def life(self, connection: Connection) -> tuple[int, bool] | None:
        """Return the layout's version and whether the copy has been complete once; None where it is empty."""
        row = connection.execute(self.sql("SELECT version, complete FROM {name}.life")).fetchone()
        return None if row is None else (int(row[0]), bool(row[1]))

    def sql(self, text: str) -> sql.Composed:
        """Return a statement, with the name of the copy's schema where it says ``{name}``."""
        return sql.SQL(text).format(name=sql.Identifier(self.name))


READ_MODEL: Final = LogCopy("read_model", "projector", version=12, readable=range(8, 13))
LEDGER: Final = LogCopy("ledger", "reconciler", version=4, readable=range(4, 5))
