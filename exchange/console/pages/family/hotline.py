"""The hotline's page: an answer to read aloud at once, in the words of the family's own page.

It is made of the view for 12345, which holds no amount, document, bank or full name.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from litestar import get, post

from consumers.family.progress import CaseProgress
from consumers.family.telling import FamilyPage, ToldMaterial, ToldSituation, told_page
from consumers.guide.text import Contact
from consumers.labels.words import material_words
from exchange.console.api.case_address import CaseId, of_id
from exchange.console.console import AskerHere
from exchange.console.pages.family.halves import all_contacts, halves, open_contacts, usual_papers
from exchange.console.pages.frame import Frame
from exchange.console.pages.naming import Naming
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequest, PageRequestHere, html, see
from exchange.desk.asker import Asker
from exchange.desk.persons import asked_person
from exchange.desk.progress import ProgressRequest, audience_of, read_progress
from exchange.domain.policy import Policy
from exchange.domain.policy_files.family import FamilyPolicy
from topics.labels import Labels

LABELS: Final = Labels(__file__)
CALLERS: Final = "12345"
"""What the policy calls the audience of the page."""
LONGEST: Final = 200
_STOPS: Final = "。."


class HotlineAnswer(NamedTuple):
    """What is known of the case that a caller means."""

    view: CaseProgress
    contacts: Sequence[Contact]


def aloud(page: FamilyPage, yours: Sequence[ToldSituation], naming: Naming) -> Iterator[str]:
    """Yield what to read aloud: how far it is, and what the family has to do."""
    for text in (page.headline, *page.notices):
        yield naming.say(LABELS["sentence"].filled(text=text.rstrip(_STOPS)))
    for one in yours:
        names = naming.listed(_brought(one.bring, naming) or (matter.name for matter in one.matters))
        yield naming.say(LABELS["asked"].filled(heading=one.heading, names=names, next=one.next))
    if not yours:
        yield naming.say(LABELS["nothing_asked"])


def _brought(materials: Iterable[ToldMaterial], naming: Naming) -> list[str]:
    """Return what to bring, together what is for the same matters: nobody listens to a list of pairs."""
    together: dict[tuple[int, ...], list[str]] = {}
    for one in materials:
        together.setdefault(one.matters, []).append(one.name)
    return [
        naming.say(
            LABELS["materials"].filled(
                names=naming.listed(names), matters=naming.listed(naming.matters(matters))
            )
        )
        for matters, names in together.items()
    ]


def aloud_of_nobody(places: Sequence[Contact], policy: Policy, naming: Naming) -> Iterator[str]:
    """Yield what to read aloud where no such case is known: why that may be, and what the caller can do."""
    papers = naming.listed(naming.say(material_words(kind, policy)) for kind in usual_papers(policy))
    yield naming.say(LABELS["not_known"])
    for one in places:
        said = {part.part: naming.joined(map(naming.say, part.lines)) for part in one.parts}
        if "where" in said:
            yield naming.say(LABELS["apply_there"].filled(papers=papers, where=said["where"]))
        if "telephone" in said:
            yield naming.say(LABELS["ask_there"].filled(telephone=said["telephone"]))


def hotline_page(
    frame: Frame,
    policy: FamilyPolicy,
    answer: HotlineAnswer | None = None,
    *,
    unknown: bool = False,
    places: Sequence[Contact] = (),
) -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        policy: the words for each situation.
        answer: of the case that was asked for; None: nobody has asked, or there is none.
        unknown: whether somebody asked, and there is no such case.
        places: where that person can apply.
    """
    page = answer and told_page(answer.view, policy, frame.naming)
    split = halves(page, answer.view) if page and answer else None
    return render(
        "family/hotline",
        frame,
        page=page,
        aloud=list(
            aloud(page, split.yours, frame.naming)
            if page and split
            else aloud_of_nobody(places, frame.policy, frame.naming)
        ),
        halves=split,
        contacts=answer.contacts if answer else places,
        unknown=unknown,
        longest=LONGEST,
    )


@get("/hotline", include_in_schema=False, sync_to_thread=True)
def ask_whom_they_mean(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show the box for what the caller tells."""
    return _answered(pages, asker)


@post("/hotline", include_in_schema=False, status_code=200, sync_to_thread=True)
def find_callers_case(pages: PageRequestHere, asker: AskerHere, form: FormHere) -> AnyResponse:
    """Go to the case that is meant: the number stands in no address."""
    person = asked_person(pages.console.desk.case_ids, form.get("text", "").strip()[:LONGEST])
    if person is None:
        return _answered(pages, asker, unknown=True)
    return see(pages.addresses.page(f"/hotline/{person.case_id}"))


@get("/hotline/{case_id:str}", include_in_schema=False, sync_to_thread=True)
def answer_caller(pages: PageRequestHere, asker: AskerHere, case_id: CaseId) -> AnyResponse:
    """Show what to answer about a case."""
    desk = pages.console.desk
    request = ProgressRequest(audience_of(desk, asker, CALLERS))
    view = read_progress(desk, asker, of_id(case_id), request)
    answer = None if view is None else HotlineAnswer(view, open_contacts(desk, view))
    return _answered(pages, asker, answer, unknown=view is None)


def _answered(
    pages: PageRequest, asker: Asker, answer: HotlineAnswer | None = None, *, unknown: bool = False
) -> AnyResponse:
    desk = pages.console.desk
    audience_of(desk, asker, CALLERS)
    policy = desk.settings.city.family
    places = all_contacts(desk) if unknown else ()
    return html(hotline_page(pages.counted_frame(asker), policy, answer, unknown=unknown, places=places))
