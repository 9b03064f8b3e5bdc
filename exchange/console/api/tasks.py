"""`/desk/v1/tasks` and those of a case: who owes what. Nothing in a task is personal data."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import get
from litestar.params import QueryParameter

from consumers.read_model.rows import task_row
from exchange.console.api.case_address import CASE, OF_CASES, CaseId, found, of_id
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk.owed import OwedRequest, owed
from exchange.serving.openapi import answers

OwedBy = Annotated[str | None, QueryParameter(description="Only this department's.")]
DoneToo = Annotated[bool, QueryParameter(description="Also what is done.")]


@dataclass
class TasksShown:
    """Tasks, the oldest first."""

    tasks: list[dict[str, Any]]


@get(f"{API}/tasks", responses=answers(400, 401, 403, 429, 503), sync_to_thread=True, tags=["Tasks"])
def list_tasks(
    console: ConsoleHere, asker: AskerHere, owed_by: OwedBy = None, done_too: DoneToo = False
) -> TasksShown:
    """Return who owes what."""
    tasks = owed(console.desk, asker, OwedRequest(owed_by, done_too=done_too))
    return TasksShown([task_row(one) for one in found(tasks)])


@get(f"{CASE}/tasks", responses=OF_CASES, sync_to_thread=True, tags=["Tasks"])
def list_case_tasks(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, done_too: DoneToo = False
) -> TasksShown:
    """Return what is owed in one case."""
    tasks = owed(console.desk, asker, OwedRequest(person=of_id(case_id), done_too=done_too))
    return TasksShown([task_row(one) for one in found(tasks)])
