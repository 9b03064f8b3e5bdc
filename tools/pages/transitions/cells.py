"""What each event does at each point of a matter's life, found by letting it happen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from exchange.domain.matters.views import MatterView
from exchange.domain.policy import Policy
from exchange.domain.values import Task
from exchange.domain.views import Announcement
from exchange.runtime.city import City
from tools.pages.transitions.events import EVENTS, Event
from tools.pages.transitions.history import History, ImpossibleStepError
from tools.pages.transitions.points import points_of, state_of, view_of
from tools.pages.transitions.records import plan_of


@dataclass(frozen=True, slots=True)
class TransitionCell:
    """What an event has done to a matter.

    Attributes:
        before: What had happened until then.
        after: What has happened with the event included.
        announcements: What departments were told about the matter on the way, in order.
        tasks: What changed in what anybody owes the case.
    """

    before: History
    after: History
    announcements: tuple[Announcement, ...]
    tasks: tuple[Task, ...]

    @property
    def was(self) -> MatterView:
        """The matter as it stood."""
        return view_of(self.before)

    @property
    def now(self) -> MatterView:
        """The matter as it stands."""
        return view_of(self.after)

    @property
    def states(self) -> tuple[str, str]:
        """The state before and after."""
        return state_of(self.was), state_of(self.now)


@dataclass(frozen=True, slots=True)
class Table:
    """One matter's cells by key of an event and point of life; what cannot happen at a point has no cell."""

    matter: int
    points: tuple[str, ...]
    cells: Mapping[tuple[str, str], TransitionCell]


def tables(city: City) -> tuple[Table, ...]:
    """Return the tables of all matters of a city, in the order of its file."""
    return tuple(table_of(number, city) for number in city.policy.by_number)


@cache
def table_of(number: int, city: City) -> Table:
    """Return the table of one matter."""
    points = points_of(plan_of(number, city), _narrowed(city.policy, number))
    cells = {
        (event, point): cell for point, history in points.items() for event, cell in _column(history).items()
    }
    return Table(number, tuple(points), cells)


def _narrowed(policy: Policy, number: int) -> Policy:
    """Leave out what moves no matter: other matters, materials, rules that hold nothing up, what is shown."""
    return replace(
        policy,
        matters=tuple(m.model_copy(update={"materials": ()}) for m in policy.matters if m.matter == number),
        materials={},
        conflicts=tuple(rule for rule in policy.conflicts if rule.holds),
        form={"deceased": {"death_time": policy.form["deceased"]["death_time"]}},
        grants={},
        identity=frozenset(),
    )


def _column(history: History) -> dict[str, TransitionCell]:
    cells: dict[str, TransitionCell] = {}
    for event in EVENTS:
        first = cells.get(event.upon.key) if event.upon else None
        if event.upon and first is None:
            continue
        if cell := _cell(event, first.after if first else history):
            cells[event.key] = cell
    return cells


def _cell(event: Event, before: History) -> TransitionCell | None:
    if event.unless in before.roles:
        return None
    after, told, owed = before, list[Announcement](), dict[str, Task]()
    for step in event.steps:
        try:
            after = after.after(step)
        except ImpossibleStepError:
            return None
        told += after.announcements
        owed |= {task.task_id: task for task in after.tasks}
    return TransitionCell(before, after, tuple(told), tuple(_changed(before, owed)))


def _changed(before: History, owed: Mapping[str, Task]) -> Iterator[Task]:
    """Leave out tasks that are owed as before and merely cover more records now."""
    known = {task.task_id: task.state for task in before.cases[before.person].tasks}
    return (task for task in owed.values() if known.get(task.task_id) != task.state)
