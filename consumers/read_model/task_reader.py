"""Reads from the read model who owes what. Nothing in a task is personal data: a case is known by its id."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple, cast

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

_WITHIN: Final = """
    AND (%(county)s::text IS NULL OR county = %(county)s)
    AND (%(instance)s::text IS NULL OR instance = %(instance)s)
"""
_OPEN: Final = f"""
FROM read_model.tasks
WHERE owed_by = ANY(%(owed_by)s) AND kind = ANY(%(kinds)s) AND state <> 'DONE' {_WITHIN}
"""
_COUNT: Final = f"""
SELECT kind, count(*) AS number, count(*) FILTER (WHERE state = 'LATE') AS late {_OPEN} GROUP BY kind
"""
_COUNT_MATTERS: Final = f"SELECT count(DISTINCT (case_id, matter, instance)) {_OPEN}"
# One look into the index for each kind of each department: so none is sorted whole.
_FIRST: Final = f"""
SELECT found.* FROM unnest(%(owed_by)s::text[]) AS whose (of_whom)
CROSS JOIN unnest(%(kinds)s::text[]) AS what (of_kind)
CROSS JOIN LATERAL (
    SELECT * FROM read_model.tasks
    WHERE owed_by = of_whom AND kind = of_kind AND state <> 'DONE' {_WITHIN}
    ORDER BY opened_at, task_id LIMIT %(limit)s
) AS found
ORDER BY opened_at, task_id LIMIT %(limit)s
"""  # noqa: S608 - put together from constants alone


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """Which tasks that are not done are asked for: of these departments and kinds; None leaves it open."""

    owed_by: Collection[str]
    kinds: Collection[str]
    county: str | None = None
    instance: str | None = None

    def values(self) -> dict[str, object]:
        """Return what the statements ask."""
        return {**asdict(self), "owed_by": list(self.owed_by), "kinds": list(self.kinds)}


class TaskCount(NamedTuple):
    """How many tasks of a kind are open, and how many of them are late."""

    kind: str
    number: int
    late: int


def count_tasks(session: Session, asked: OpenTasks) -> list[TaskCount]:
    """Return how many there are of each kind; of which there are none is not there."""
    rows = session.connection.execute(_COUNT.encode(), asked.values()).fetchall()
    return [TaskCount(*row) for row in rows]


def count_matters(session: Session, asked: OpenTasks) -> int:
    """Return how many matters have such tasks."""
    row = session.connection.execute(_COUNT_MATTERS.encode(), asked.values()).fetchone()
    return row[0] if row else 0


def first_tasks(session: Session, asked: OpenTasks, limit: int) -> list[TaskDocument]:
    """Return those of them that have waited longest."""
    with session.connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_FIRST.encode(), {**asked.values(), "limit": limit}).fetchall()
        return cast(list[TaskDocument], rows)


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
