"""What was recalled: what a department still has to do about it, and how many others have acknowledged it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from avro_schemas.typed_documents import MatterDocument, TaskDocument
from consumers.log.copy_session import Session
from consumers.read_model.queue_reader import RECALLED
from consumers.read_model.task_reader import DONE, OpenTasks, find_tasks, first_tasks
from exchange.desk.access_records import Access, distinct
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import read_shown
from exchange.domain.case_disclosure import recipient_of

ACKNOWLEDGE: Final = "acknowledge"
MOST: Final = 50
"""Tasks in one page: the oldest; the next come as these are done."""


@dataclass(frozen=True, slots=True)
class RecalledCase:
    """A case of which something was recalled.

    Attributes:
        name: of the person; None: nobody knows, or the department is shown nothing of the case any more.
        county: None likewise.
        tasks: what the department owes, the oldest first.
        matters: those that the department sees, as they stand.
        others_done: how many other departments have acknowledged it: which, nobody is told.
        others_waiting: how many have not.
    """

    case_id: str
    name: str | None
    county: str | None
    tasks: tuple[TaskDocument, ...]
    matters: tuple[MatterDocument, ...]
    others_done: int
    others_waiting: int


def recalls(desk: Desk, asker: Asker) -> tuple[RecalledCase, ...]:
    """Return the cases of which the asker's department has something to acknowledge or to recover.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    desk.require(asker, ACKNOWLEDGE, asker.kept_within)
    to = recipient_of(asker.kept_within, desk.policy)
    if to is None:
        return ()
    asked = OpenTasks((to.name,), RECALLED, to.county, asker.kept_within.get("bank"))
    with desk.session() as session:
        tasks = first_tasks(session, asked, MOST)
        found = tuple(_cases(desk, session, asker, tasks))
    fields = ("deceased.name",) if any(one.name for one in found) else ()
    desk.note(Access(asker, ACKNOWLEDGE, "recalls", distinct(one.case_id for one in found), fields=fields))
    return found


def _cases(
    desk: Desk, session: Session, asker: Asker, tasks: Sequence[TaskDocument]
) -> Iterator[RecalledCase]:
    case_ids = tuple(dict.fromkeys(one["case_id"] for one in tasks))
    everybodys = find_tasks(session, case_ids=case_ids, done_too=True) if case_ids else []
    for case_id in case_ids:
        own = tuple(one for one in tasks if one["case_id"] == case_id)
        shown = read_shown(desk, session, asker, case_id)
        if shown is None:
            yield RecalledCase(case_id, None, None, own, (), 0, 0)
            continue
        name = shown.case["form"]["deceased"].get("name")
        others = _others(own[0]["owed_by"], (one for one in everybodys if one["case_id"] == case_id))
        yield RecalledCase(
            case_id, name and name["value"], own[0]["county"], own, tuple(shown.case["matters"]), *others
        )


def _others(mine: str, tasks: Iterator[TaskDocument]) -> tuple[int, int]:
    """Return how many other departments have nothing left to acknowledge, and how many have."""
    theirs = [one for one in tasks if one["kind"] == RECALLED[0] and one["owed_by"] != mine]
    told = {one["owed_by"] for one in theirs}
    waiting = {one["owed_by"] for one in theirs if one["state"] != DONE}
    return len(told - waiting), len(waiting)
