"""What there is to do for somebody, in numbers, and what has waited longest, of whom."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from avro_schemas.typed_documents import TaskDocument
from consumers.log.copy_session import Session
from consumers.read_model.queue_reader import RECALLED, QueueCounts, QueueQuery
from consumers.read_model.task_reader import OpenTasks, TaskCount, count_matters, count_tasks, first_tasks
from exchange.desk.access_records import Access, distinct
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import read_shown
from exchange.desk.queue import QUEUE, count, shown_name
from exchange.domain.case_disclosure import recipient_of

HAND_OUT: Final = "HAND_OUT"
OWED: Final = (
    *("RESOLVE_CONFLICT", "IDENTIFY_PERSON", "REVIEW_DECISION", "CORRECT", "IDENTIFY_BANK", "EXAMINE"),
    *("KEEP_APPOINTMENT", "ANSWER_ENQUIRY"),
)
"""What the window owes, but for results to be handed out, which have a list of their own."""
OWED_BY_DEPARTMENTS: Final = (*RECALLED, "DECIDE")
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Workbench:
    """What there is to do.

    Attributes:
        queue: matters in hand, by state, due today and late.
        tasks: kind of task → how many are owed; of `OWED_BY_DEPARTMENTS` by all, to whoever sees all.
        listed: the kinds that `first` is of.
        first: the oldest.
        recalled: matters with a task of `RECALLED`, which the queue lists.
        names: case → name, of those whose tasks are in `first`; None: of nobody, or not shown to the asker.
    """

    queue: QueueCounts
    tasks: dict[str, TaskCount]
    listed: tuple[str, ...]
    first: tuple[TaskDocument, ...]
    recalled: int
    names: Mapping[str, str | None]


def workbench(desk: Desk, asker: Asker) -> Workbench:
    """Return what there is to do; numbers show nobody, and leave no access record, as tasks with a name do.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    desk.require(asker, QUEUE, asker.kept_within)
    counts = count(desk, asker, QueueQuery(()))
    own, recalled = _own(desk, asker), _asked(desk, asker, _departments(desk, asker), RECALLED)
    with desk.session() as session:
        found = [
            *count_tasks(session, replace(own, kinds=(*own.kinds, HAND_OUT))),
            *count_tasks(session, recalled),
        ]
        first = tuple(first_tasks(session, own, SHOWN))
        matters = count_matters(session, recalled)
        names = {one["case_id"]: _name(desk, session, asker, one) for one in first}
    if names:
        desk.note(Access(asker, QUEUE, "workbench", distinct(names), fields=("deceased.name",)))
    return Workbench(counts, {one.kind: one for one in found}, tuple(own.kinds), first, matters, names)


def _name(desk: Desk, session: Session, asker: Asker, task: TaskDocument) -> str | None:
    shown = read_shown(desk, session, asker, task["case_id"])
    name = shown.case["form"]["deceased"].get("name") if shown else None
    return shown_name(desk, asker, name and name["value"], task["owed_by"])


def _asked(desk: Desk, asker: Asker, owed_by: tuple[str, ...], kinds: tuple[str, ...]) -> OpenTasks:
    code, bank = asker.kept_within.get("county"), asker.kept_within.get("bank")
    county = None if code is None else desk.policy.city.county_name(code)
    return OpenTasks(owed_by, kinds, county, bank)


def _own(desk: Desk, asker: Asker) -> OpenTasks:
    """Return the window's tasks to who works there, to others those of their department, or of all."""
    if desk.at_window(asker):
        return _asked(desk, asker, (desk.policy.window,), OWED)
    return _asked(desk, asker, _departments(desk, asker), OWED_BY_DEPARTMENTS)


def _departments(desk: Desk, asker: Asker) -> tuple[str, ...]:
    to = recipient_of(asker.kept_within, desk.policy)
    return tuple(desk.settings.city.catalogue.deciding) if to is None else (to.name,)
