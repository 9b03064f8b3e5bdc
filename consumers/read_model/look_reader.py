"""Reads from the read model who looked at a case, at what, and why."""

from collections.abc import Collection
from typing import Final

from psycopg.rows import class_row

from consumers.log.copy_session import Session
from consumers.read_model.look_table import Look

MOST_LOOKS: Final = 10_000
_FIND: Final = """
SELECT access_id, at, actor, role, department, system, purpose, command, fields, unmasked, reason
FROM read_model.looks
WHERE case_id = ANY(%s) AND (%s::text IS NULL OR department = %s)
ORDER BY at DESC, access_id LIMIT %s
"""


def find_looks(
    session: Session, case_ids: Collection[str], department: str | None, limit: int = MOST_LOOKS
) -> list[Look]:
    """Return the looks at these cases, the last first, as far as the read model holds them.

    Args:
        session: the read model.
        case_ids: a person's case, and those that were it before.
        department: only those of this department's people.
        limit: how many at most.
    """
    values = (list(case_ids), department, department, limit)
    with session.connection.cursor(row_factory=class_row(Look)) as cursor:
        return cursor.execute(_FIND, values).fetchall()
