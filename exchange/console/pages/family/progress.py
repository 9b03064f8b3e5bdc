"""The family's page: what is done, what waits for whom, what to bring, where, whom to call, until when."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from litestar import get

from consumers.family.looks import FamilyLook
from consumers.family.progress import CaseProgress
from consumers.family.telling import told_page
from consumers.guide.text import Contact
from consumers.labels.access import ACTIONS, ROLES
from consumers.labels.words import day_words, words
from exchange.console.api.case_address import CaseId, of_id
from exchange.console.console import AskerHere
from exchange.console.pages.family.halves import halves, is_asked, open_contacts
from exchange.console.pages.frame import Frame
from exchange.console.pages.naming import Naming
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, PageRequest, PageRequestHere, html, not_found
from exchange.desk.asker import APPLICANT, Asker, not_allowed
from exchange.desk.looks import looks_for_family
from exchange.desk.persons import AskedPerson
from exchange.desk.progress import READ_PROGRESS, ProgressRequest, audience_of, read_progress
from exchange.domain.policy_files.family import FamilyPolicy
from topics.labels import Labels

LABELS: Final = Labels(__file__)
FAMILY: Final = "applicant"
"""What the policy calls the audience of the page."""
COUNTS: Final = LABELS.table("counts")
_DIGITS: Final = frozenset("0123456789+")


class ToldFamily(NamedTuple):
    """What a family's page is made of.

    Attributes:
        view: its case, as the reader may know it.
        contacts: where its open matters are dealt with.
        looks: who looked at the case, the last first.
    """

    view: CaseProgress
    contacts: Sequence[Contact]
    looks: Sequence[FamilyLook]


def counts_of(view: CaseProgress) -> dict[str, int]:
    """Return how many matters need the family, go on by themselves and are done: together all that arise."""
    arising = [one for one in view["matters"] if one["state"] != "NOT_APPLICABLE"]
    asked = sum(is_asked(one) for one in arising)
    return dict(zip(COUNTS, (asked, len(arising) - asked - view["done"], view["done"]), strict=True))


def number_to_call(contacts: Sequence[Contact]) -> str | None:
    """Return the first telephone number that the contacts name; None where the city has not said one."""
    said = (part.lines[0].zh for one in contacts for part in one.parts if part.part == "telephone")
    return next((number for number in said if set(number) <= _DIGITS), None)


@get("/family", include_in_schema=False, sync_to_thread=True)
def show_own_family(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show whoever came with a code how the own case stands."""
    case_id = asker.kept_within.get("case")
    if case_id is None:
        raise not_allowed(asker.role, READ_PROGRESS)
    return _shown(pages, asker, AskedPerson(case_id, case_id))


@get("/family/{case_id:str}", include_in_schema=False, sync_to_thread=True)
def show_family(pages: PageRequestHere, asker: AskerHere, case_id: CaseId) -> AnyResponse:
    """Show a family its page at the window."""
    return _shown(pages, asker, of_id(case_id))


def _shown(pages: PageRequest, asker: Asker, person: AskedPerson) -> AnyResponse:
    desk, policy = pages.console.desk, pages.console.desk.settings.city.family
    view = read_progress(desk, asker, person, ProgressRequest(audience_of(desk, asker, FAMILY)))
    if view is None:
        return not_found(pages)
    told = ToldFamily(view, open_contacts(desk, view), looks_for_family(desk, asker, person) or ())
    frame = pages.frame() if asker.role == APPLICANT else pages.counted_frame(asker)
    return html(progress_page(frame, told, policy))


def _look(look: FamilyLook, naming: Naming) -> str:
    """Return when somebody of which office looked, and what for."""
    role, action = naming.say(words(ROLES, look.role)), naming.say(words(ACTIONS, look.action))
    office = naming.department(look.department) if look.department else ""
    who = naming.say(LABELS["of_office"].filled(office=office, role=role)) if office else role
    return naming.say(LABELS["look"].filled(day=naming.day(look.day), who=who, action=action))


def progress_page(frame: Frame, told: ToldFamily, policy: FamilyPolicy) -> str:
    """Return the page."""
    page = told_page(told.view, policy, frame.naming)
    return render(
        "family/progress",
        frame,
        page=page,
        halves=halves(page, told.view),
        counts=counts_of(told.view),
        count_words=COUNTS,
        contacts=told.contacts,
        several=len(told.contacts) > 1,
        telephone=number_to_call(told.contacts),
        looks=[_look(one, frame.naming) for one in told.looks],
        day=day_words(frame.today, frame.naming.language),
    )
