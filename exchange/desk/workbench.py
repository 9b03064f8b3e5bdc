"""What there is to do for somebody, in numbers, and what has waited longest, of whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from avro_schemas.typed_documents import TaskDocument
from consumers.log.copy_session import Session
from consumers.read_model.case_reader import find_case
from consumers.read_model.queue_reader import RECALLED, QueueCounts, QueueQuery
from consumers.read_model.task_reader import OpenTasks, TaskCount, count_matters, count_tasks, first_tasks
from exchange.desk.access_records import Access, distinct
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.queue import QUEUE, count, shown_name
from exchange.domain.case_disclosure import recipient_of

HAND_OUT: Final = "HAND_OUT"
OWED: Final = (
    *("RESOLVE_CONFLICT", "IDENTIFY_PERSON", "REVIEW_DECISION", "CORRECT", "IDENTIFY_BANK", "EXAMINE"),
    *("KEEP_APPOINTMENT", "ANSWER_ENQUIRY"),
)
"""What is neither recalled, nor to be handed out, nor a matter within its limit, which the queue has."""
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Workbench:
    """What there is to do.

    Attributes:
        queue: matters in hand, by state, due today and late.
        tasks: kind of task → how many are owed; of `RECALLED`, to whoever sees all, every department's.
        first: of `OWED`, the oldest.
        recalled: matters with a task of `RECALLED`, which the queue lists.
        names: case → name, of those whose tasks are in `first`.
    """

    queue: QueueCounts
    tasks: dict[str, TaskCount]
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
    own = _asked(desk, asker, _who(desk, asker), (*OWED, HAND_OUT))
    recalled = _asked(desk, asker, _whose_recalls(desk, asker), RECALLED)
    with desk.session() as session:
        found = [*count_tasks(session, own), *count_tasks(session, recalled)]
        first = tuple(first_tasks(session, _asked(desk, asker, _who(desk, asker), OWED), SHOWN))
        matters = count_matters(session, recalled)
        names = {one["case_id"]: _name(desk, session, asker, one) for one in first}
    if names:
        desk.note(Access(asker, QUEUE, "workbench", distinct(names), fields=("deceased.name",)))
    return Workbench(counts, {one.kind: one for one in found}, first, matters, names)


def _name(desk: Desk, session: Session, asker: Asker, task: TaskDocument) -> str | None:
    case = find_case(session, desk.decode_case, task["case_id"])
    name = case["form"]["deceased"].get("name") if case else None
    return shown_name(desk, asker, name and name["value"], task["owed_by"])


def _asked(desk: Desk, asker: Asker, owed_by: tuple[str, ...], kinds: tuple[str, ...]) -> OpenTasks:
    code, bank = asker.kept_within.get("county"), asker.kept_within.get("bank")
    county = None if code is None else desk.policy.city.county_name(code)
    return OpenTasks(owed_by, kinds, county, bank)


def _who(desk: Desk, asker: Asker) -> tuple[str, ...]:
    """Return whose tasks are the asker's: its department's, or at the window the window's."""
    to = recipient_of(asker.kept_within, desk.policy)
    if to is not None:
        return (to.name,)
    return (desk.policy.window,) if desk.at_window(asker) else ()


def _whose_recalls(desk: Desk, asker: Asker) -> tuple[str, ...]:
    to = recipient_of(asker.kept_within, desk.policy)
    return tuple(desk.settings.city.catalogue.deciding) if to is None else (to.name,)
