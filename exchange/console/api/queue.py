"""`/desk/v1/queue`: what departments have to do, the soonest due first."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from consumers.read_model.queue_reader import IN_HAND, QueueCounts, QueueQuery
from exchange.console.api.cursors import cursor_text, read_cursor
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk import queue as desk_queue
from exchange.desk.queue import QueueLine
from exchange.serving.openapi import answers

_IN_HAND: Final = ", ".join(IN_HAND)
QueueDepartments = Annotated[
    list[str] | None, QueryParameter(name="department", description="Only these departments' matters.")
]
QueueStates = Annotated[
    list[str] | None,
    QueryParameter(name="state", description=f"Only in these states; else {_IN_HAND}."),
]
QueueCounty = Annotated[str | None, QueryParameter(description="Only this county's people, by its name.")]
QueueBank = Annotated[str | None, QueryParameter(description="Only this bank's.")]
Assignee = Annotated[str | None, QueryParameter(description="Only what this person has in hand.")]
Unassigned = Annotated[bool, QueryParameter(description="Only what nobody has in hand.")]
DueBy = Annotated[date | None, QueryParameter(description="Only with a last day no later than this.")]
Owing = Annotated[
    list[str] | None, QueryParameter(description="Only with a task of one of these kinds open.")
]
QueueAfter = Annotated[str | None, QueryParameter(description="Goes on after a page: its `next`.")]
QueueLimit = Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")]
QueryHere = NamedDependency[SkipValidation[QueueQuery]]
"""What the parameters above ask for, but for the page."""


@dataclass
class QueuePageShown:
    """A page, and what brings the next one as `after`; null: there is nothing more."""

    lines: list[QueueLine]
    next: str | None


async def queue_query(  # noqa: PLR0913, PLR0917 - its parameters are the query's
    departments: QueueDepartments = None,
    states: QueueStates = None,
    county: QueueCounty = None,
    instance: QueueBank = None,
    assignee: Assignee = None,
    unassigned: Unassigned = False,
    due_by: DueBy = None,
    owing: Owing = None,
) -> QueueQuery:
    """Return the query that parameters say."""
    return QueueQuery(
        departments or (), states or IN_HAND, county, instance, assignee, unassigned, due_by, owing or ()
    )


_ASKED: Final = {"wanted": Provide(queue_query)}


@get(
    f"{API}/queue",
    dependencies=_ASKED,
    responses=answers(400, 401, 403, 429, 503),
    sync_to_thread=True,
    tags=["Queue"],
)
def read_queue(
    console: ConsoleHere,
    asker: AskerHere,
    wanted: QueryHere,
    after: QueueAfter = None,
    limit: QueueLimit = 50,
) -> QueuePageShown:
    """Return what there is to do; one access record names everybody on the page."""
    place = None if after is None else read_cursor(after)
    page = desk_queue.queue(console.desk, asker, wanted, place, limit)
    return QueuePageShown(list(page.lines), None if page.next is None else cursor_text(page.next))


@get(
    f"{API}/queue/counts",
    dependencies=_ASKED,
    responses=answers(400, 401, 403, 429, 503),
    sync_to_thread=True,
    tags=["Queue"],
)
def count_queue(console: ConsoleHere, asker: AskerHere, wanted: QueryHere) -> QueueCounts:
    """Return how many matters there are: by state, due today, and late."""
    return desk_queue.count(console.desk, asker, wanted)
