"""Reads from the read model who owes what. Nothing in a task is personal data: a case is known by its id."""

from collections.abc import Collection
from typing import Final, cast

from psycopg.rows import dict_row

from avro_schemas.typed_documents import TaskDocument
from consumers.log.copy_session import Session

DONE: Final = "DONE"

_FIND = """
SELECT * FROM read_model.tasks
WHERE (%(owed_by)s::text IS NULL OR owed_by = %(owed_by)s)
    AND (%(case_ids)s::text[] IS NULL OR case_id = ANY(%(case_ids)s))
    AND (%(done_too)s OR state <> 'DONE')
ORDER BY opened_at, task_id
"""


def find_tasks(
    session: Session,
    *,
    owed_by: str | None = None,
    case_ids: Collection[str] | None = None,
    done_too: bool = False,
) -> list[TaskDocument]:
    """Return tasks as ``exchange.events.Task``, the oldest first, as far as the read model holds them.

    Args:
        session: the read model.
        owed_by: only this department's; None: every department's.
        case_ids: only these cases'; None: every case's.
        done_too: also tasks that are no longer owed.
    """
    wanted = {
        "owed_by": owed_by,
        "case_ids": None if case_ids is None else list(case_ids),
        "done_too": done_too,
    }
    with session.connection.cursor(row_factory=dict_row) as cursor:
        return cast(list[TaskDocument], cursor.execute(_FIND, wanted).fetchall())
