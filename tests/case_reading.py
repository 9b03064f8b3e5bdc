"""Reads cases and tasks of a running exchange, as those who ask at a desk are shown them."""

from collections.abc import Collection
from dataclasses import dataclass

from avro_schemas.typed_documents import CaseDocument, TaskDocument
from consumers.log.copy_session import open_session
from consumers.read_model.case_reader import case_decoder, find_case
from consumers.read_model.task_reader import find_tasks
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings

_COUNT = "SELECT state, count(*) FROM read_model.tasks WHERE state <> 'DONE' GROUP BY state"


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many tasks are owed, and how many of these are past their time."""

    owed: int
    late: int


@dataclass(frozen=True)
class CaseReader:
    """Reads cases of one exchange."""

    settings: Settings

    def find(self, case_id: str) -> CaseDocument | None:
        """Return the case, as ``find_case`` does."""
        with open_session(self.settings) as session, Registry(self.settings.registry) as registry:
            return find_case(session, case_decoder(registry), case_id)


@dataclass(frozen=True)
class TaskReader:
    """Reads tasks of one exchange."""

    settings: Settings

    def find(
        self,
        *,
        owed_by: str | None = None,
        case_ids: Collection[str] | None = None,
        done_too: bool = False,
    ) -> list[TaskDocument]:
        """Return tasks, as ``find_tasks`` does, of a read model that is built."""
        with open_session(self.settings) as session:
            session.require_complete()
            return find_tasks(session, owed_by=owed_by, case_ids=case_ids, done_too=done_too)

    def count(self) -> TaskCount:
        """Return how much is owed at this moment."""
        with open_session(self.settings) as session:
            session.require_complete()
            by_state: dict[str, int] = dict(session.connection.execute(_COUNT).fetchall())
        return TaskCount(sum(by_state.values()), by_state.get("LATE", 0))
