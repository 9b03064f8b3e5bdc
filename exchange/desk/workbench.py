"""What there is to do for somebody, in numbers, and what has waited longest. Nothing in it names anybody."""

from dataclasses import dataclass
from typing import Final

from avro_schemas.typed_documents import TaskDocument
from consumers.read_model.queue_reader import RECALLED, QueueCounts, QueueQuery
from consumers.read_model.task_reader import OpenTasks, TaskCount, count_tasks, first_tasks
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.queue import QUEUE, count
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
    """

    queue: QueueCounts
    tasks: dict[str, TaskCount]
    first: tuple[TaskDocument, ...]


def workbench(desk: Desk, asker: Asker) -> Workbench:
    """Return what there is to do; numbers and tasks show nobody, and leave no access record.

    Raises:
        ExchangeError: the asker may not, or a part does not answer.
    """
    desk.require(asker, QUEUE, asker.kept_within)
    counts = count(desk, asker, QueueQuery(()))
    own = _asked(desk, asker, _who(desk, asker), (*OWED, HAND_OUT))
    recalled = _asked(desk, asker, _whose_recalls(desk, asker), RECALLED)
    with desk.session() as session:
        found = [*count_tasks(session, own), *count_tasks(session, recalled)]
        first = first_tasks(session, _asked(desk, asker, _who(desk, asker), OWED), SHOWN)
    return Workbench(counts, {one.kind: one for one in found}, tuple(first))


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
