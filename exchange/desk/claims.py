"""Who has a matter in hand: taken, given and put back; of two people who take one, one has it."""

from dataclasses import dataclass
from typing import Final

from consumers.read_model.assignments import Assignment, Assignments
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.places import place_of_matter
from exchange.desk.actions.results import matter_of
from exchange.desk.asker import Asker, NotAllowedError, not_allowed
from exchange.desk.case_document import case_or_empty
from exchange.desk.desk import Desk
from exchange.desk.look import read_shown
from exchange.desk.queue import QUEUE
from exchange.desk.sessions import FindAccount
from exchange.domain.access.may import may
from exchange.domain.accounts import Account
from exchange.runtime.sentences import said

ASSIGN: Final = "assign"


@dataclass(frozen=True, slots=True)
class CaseMatter:
    """A matter of a case, as queues list it."""

    case_id: str
    matter: int
    instance: str | None


def claim(desk: Desk, asker: Asker, matter: CaseMatter) -> Assignment:
    """Take a matter in hand unless somebody has it; return who has it now.

    Raises:
        ExchangeError: the asker may not, or a part does not answer.
    """
    case_id = _current(desk, asker, QUEUE, matter)
    return Assignments(desk.database).claim(case_id, matter.matter, matter.instance, asker.name)


def release(desk: Desk, asker: Asker, matter: CaseMatter) -> bool:
    """Put back what the asker has in hand; False if it was in somebody else's hands or nobody's.

    Raises:
        ExchangeError: as `claim`.
    """
    case_id = _current(desk, asker, QUEUE, matter)
    return Assignments(desk.database).release(case_id, matter.matter, matter.instance, asker.name)


def assign(desk: Desk, find_account: FindAccount, asker: Asker, matter: CaseMatter, to: str) -> Assignment:
    """Give a matter to the holder of an account of one's own place, whoever had it before.

    Raises:
        NotAllowedError: that is not the asker's, or there is no such account that may have the matter.
        ExchangeError: as `claim`.
    """
    case_id = _current(desk, asker, ASSIGN, matter)
    account = find_account(to)
    if account is None or not _may_have(desk, account, asker, matter):
        raise NotAllowedError(said("assignee_unfit"), said("who_may"))
    return Assignments(desk.database).assign(case_id, matter.matter, matter.instance, to)


def _may_have(desk: Desk, account: Account, asker: Asker, matter: CaseMatter) -> bool:
    """Say whether an account is of the asker's own place, and has the matter in its queue."""
    with desk.session() as session:
        document = case_or_empty(desk, session, matter.case_id)
    known = matter_of(document, FormSubject(matter.matter, matter.instance))
    about = {**asker.kept_within, **(place_of_matter(document, known, desk.policy) if known else {})}
    own = account.kept_within.items() >= asker.kept_within.items()
    return (
        account.works
        and own
        and may(desk.settings.city.access, account.role, QUEUE, account.kept_within, about)
    )


def _current(desk: Desk, asker: Asker, action: str, matter: CaseMatter) -> str:
    """Return the case that has the matter now, if the asker is shown it; this shows nothing of anybody."""
    desk.require(asker, action, asker.kept_within)
    with desk.session() as session:
        shown = read_shown(desk, session, asker, matter.case_id)
    own = [] if shown is None else [(one["matter"], one["instance"]) for one in shown.case["matters"]]
    if shown is None or (matter.matter, matter.instance) not in own:
        raise not_allowed(asker.role, action)
    return shown.case["case_id"]
