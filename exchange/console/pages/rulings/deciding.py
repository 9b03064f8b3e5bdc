"""Showing a conflict, and taking what a handler decides of it."""

from collections.abc import Sequence
from typing import Annotated, Final

from litestar import get, post
from litestar.params import QueryParameter

from exchange.console.api.case_address import CaseId, of_id
from exchange.console.console import AskerHere
from exchange.console.pages.forms import (
    FormSheetView,
    Posted,
    WrongField,
    answers_in,
    drawn_in,
    posted_in,
    wrong_fields,
)
from exchange.console.pages.parameters import InstanceAsked, MatterAsked
from exchange.console.pages.rulings.ruling import (
    ALIKE,
    ASK,
    CHOOSE_FIRST,
    ConflictAsked,
    RulingView,
    asked_page,
    conflict_of,
    ruling_page,
)
from exchange.console.pages.sending import answered
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequest, PageRequestHere, html, see
from exchange.desk.actions.changes import ConcernChange
from exchange.desk.actions.decisions import RESOLVED
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.asker import Asker
from exchange.desk.look import LookRequest
from exchange.desk.opened import open_case
from exchange.desk.persons import AskedPerson
from exchange.desk.publishing.publish import publish
from verification.reasons import Reason

DECIDE: Final = "decide"
_PATH: Final = "/cases/{case_id:str}/ruling"
RuleAsked = Annotated[str, QueryParameter(name="rule", max_length=60)]
FieldAsked = Annotated[str, QueryParameter(name="field", max_length=60)]


@get(_PATH, include_in_schema=False, sync_to_thread=True)
def show_ruling(
    pages: PageRequestHere,
    asker: AskerHere,
    case_id: CaseId,
    rule: RuleAsked = "",
    field: FieldAsked = "",
    matter: MatterAsked = None,
    instance: InstanceAsked = None,
) -> AnyResponse:
    """Show a conflict; one that is settled by now leads back to its case."""
    person = of_id(case_id)
    view = _view(pages, asker, person, ConflictAsked(rule, field, matter, instance), {})
    if view is None:
        return see(pages.addresses.page(f"/cases/{person.case_id}"))
    return html(ruling_page(pages.counted_frame(asker), view))


@post(_PATH, include_in_schema=False, status_code=200, sync_to_thread=True)
def take_ruling(  # noqa: PLR0913, PLR0917 - as above
    pages: PageRequestHere,
    asker: AskerHere,
    case_id: CaseId,
    form: FormHere,
    rule: RuleAsked = "",
    field: FieldAsked = "",
    matter: MatterAsked = None,
    instance: InstanceAsked = None,
) -> AnyResponse:
    """Publish the decision; whoever takes no side is told whom to ask, and nothing is published."""
    person, posted = of_id(case_id), posted_in(form)
    asked = ConflictAsked(rule, field, matter, instance)
    chosen = (posted.get("one.in_favour_of") or ("",))[0]
    if chosen in {"", ASK}:
        lacking = () if chosen else (WrongField("in_favour_of", CHOOSE_FIRST),)
        view = _view(pages, asker, person, asked, posted, lacking)
        if view is None:
            return see(pages.addresses.page(f"/cases/{person.case_id}"))
        frame = pages.counted_frame(asker)
        return html(asked_page(frame, view)) if chosen else html(ruling_page(frame, view), 422)
    answers, _ = answers_in(_against_the_others(posted, chosen))
    outcome = publish(pages.console.desk, asker, drawn_in(posted, DECIDE, person.case_id), answers)

    def again() -> str | None:
        view = _view(pages, asker, person, asked, posted, outcome.reasons, outcome.changes)
        return None if view is None else ruling_page(pages.counted_frame(asker), view)

    return answered(pages, outcome, posted, again)


def _against_the_others(posted: Posted, chosen: str) -> Posted:
    """Return what was sent, with those overruled that the page showed beside what the chosen one says."""
    shown, alike = posted.get("several.overrules", ()), {chosen, *posted.get(f"{ALIKE}{chosen}", ())}
    return {**posted, "several.overrules": [one for one in shown if one not in alike]}


def _view(
    pages: PageRequest,
    asker: Asker,
    person: AskedPerson,
    asked: ConflictAsked,
    posted: Posted,
    wrong: Sequence[WrongField | Reason] = (),
    changes: tuple[ConcernChange, ...] = (),
) -> RulingView | None:
    desk = pages.console.desk
    desk.require(asker, DECIDE, asker.kept_within)
    opened = open_case(desk, asker, person, LookRequest(command=DECIDE), (DECIDE,))
    conflict = None if opened is None else conflict_of(opened.seen.case, asked)
    if opened is None or conflict is None:
        return None
    subject = FormSubject(asked.matter, kind=RESOLVED)
    form = next(one for one in opened.forms if one.subject == subject)
    sheet = FormSheetView(form, posted, wrong_fields(wrong, form, desk.policy), changes)
    return RulingView(sheet, opened.seen.case, conflict)
