"""Reads from the read model who owes what. Nothing in a task is personal data: a case is known by its id."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, cast

from psycopg.rows import dict_row

from avro_schemas.typed_documents import TaskDocument
from consumers.log.copy_session import Session, open_session
from exchange.runtime.settings import Settings

DONE: Final = "DONE"
LATE: Final = "LATE"

_FIND = """
SELECT * FROM read_model.tasks
WHERE (%(owed_by)s::text IS NULL OR owed_by = %(owed_by)s)
    AND (%(case_ids)s::text[] IS NULL OR case_id = ANY(%(case_ids)s))
    AND (%(done_too)s OR state <> 'DONE')
ORDER BY opened_at, task_id
"""
_COUNT = "SELECT state, count(*) FROM read_model.tasks WHERE state <> 'DONE' GROUP BY state"


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many tasks are owed, and how many of these are past their time."""

    owed: int
    late: int


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


@dataclass(frozen=True)
class TaskReader:
    """Reads tasks of one exchange.

    Raises:
        ExchangeError: from every method: the read model is not there or not yet built, or PostgreSQL does not
            answer.
    """

    settings: Settings

    def find(
        self,
        *,
        owed_by: str | None = None,
        case_ids: Collection[str] | None = None,
        done_too: bool = False,
        so_far: bool = False,
    ) -> list[TaskDocument]:
        """Return tasks as ``exchange.events.Task``, the oldest first.

        Args:
            owed_by: only this department's; None: every department's.
            case_ids: only these cases'; None: every case's.
            done_too: also tasks that are no longer owed.
            so_far: also while the read model is being built and may not hold every task yet.
        """
        with open_session(self.settings) as session:
            if not so_far:
                session.require_complete()
            return find_tasks(session, owed_by=owed_by, case_ids=case_ids, done_too=done_too)

    def count(self) -> TaskCount:
        """Return how much is owed at this moment."""
        with open_session(self.settings) as session:
            session.require_complete()
            by_state: dict[str, int] = dict(session.connection.execute(_COUNT).fetchall())
        return TaskCount(sum(by_state.values()), by_state.get(LATE, 0))
