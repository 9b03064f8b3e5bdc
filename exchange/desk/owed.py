"""Who owes what. Nothing in a task is personal data: a case id says nothing of anybody."""

from dataclasses import dataclass

from avro_schemas.typed_documents import TaskDocument
from consumers.read_model.task_reader import find_tasks
from exchange.desk.access_records import Access
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import read_shown
from exchange.desk.persons import AskedPerson
from exchange.desk.queue import QUEUE
from exchange.domain.case_disclosure import recipient_of
from exchange.domain.disclosure import is_within
from exchange.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class OwedRequest:
    """Which tasks are asked for.

    Attributes:
        owed_by: only this department's; None: every department's.
        person: only of this person's case.
        done_too: also what is done.
    """

    owed_by: str | None = None
    person: AskedPerson | None = None
    done_too: bool = False


def owed(desk: Desk, asker: Asker, request: OwedRequest) -> list[TaskDocument] | None:
    """Return tasks, the oldest first; None if there is no such case.

    Who asks by a number has looked at that person, which leaves an access record first.

    Raises:
        ExchangeError: the asker may not, the access could not be noted, or a part does not answer.
    """
    desk.require(asker, QUEUE, asker.kept_within)
    cases = None if request.person is None else _cases(desk, asker, request.person)
    if cases is not None and not cases:
        return None
    to = recipient_of(asker.kept_within, desk.policy)
    if to is not None and request.owed_by not in {None, to.name}:
        desk.require(asker, QUEUE, {**asker.kept_within, "department": request.owed_by or ""})
    with desk.session() as session:
        session.require_complete()
        found = find_tasks(
            session,
            owed_by=request.owed_by if to is None else to.name,
            case_ids=cases,
            done_too=request.done_too,
        )
    return [task for task in found if _is_within(task, asker, desk.policy)]


def _cases(desk: Desk, asker: Asker, person: AskedPerson) -> set[str]:
    """Return the case asked for and the one to which it has moved; none if there is no such case for them."""
    with desk.session() as session:
        shown = read_shown(desk, session, asker, person.case_id)
    current = person.case_id if shown is None else shown.case["case_id"]
    if person.by_number:
        desk.note(Access(asker, QUEUE, "tasks", (current,)))
    return set() if shown is None else {person.case_id, current}


def _is_within(task: TaskDocument, asker: Asker, policy: Policy) -> bool:
    """Say whether a task is of the bank and of the county that the asker is kept within."""
    code, bank = asker.kept_within.get("county"), asker.kept_within.get("bank")
    county = None if code is None else policy.city.county_name(code)
    return is_within(task["county"], county) and is_within(task["instance"], bank)
