"""Drawing forms and sending them: what does not go through comes back as it was typed."""

from collections.abc import Callable
from typing import Annotated, Final

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, QueryParameter

from exchange.console.api.case_address import CaseId, of_id
from exchange.console.console import AskerHere
from exchange.console.pages.forms import (
    FormSheetView,
    Posted,
    answers_in,
    drawn_in,
    form_page,
    posted_in,
    wrong_fields,
)
from exchange.console.pages.outcome import STATUSES, outcome_page
from exchange.console.pages.parameters import InstanceAsked, MatterAsked, TickedMatters
from exchange.console.pages.serving import (
    AnyResponse,
    FormHere,
    PageRequest,
    PageRequestHere,
    html,
    not_found,
    see,
)
from exchange.console.pages.subjects import subjects_page
from exchange.desk.acknowledging import acknowledge
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import DRAWN
from exchange.desk.application_receipts import EXAMINE
from exchange.desk.asker import Asker
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError, draw_subject
from exchange.desk.publishing.outcome import FormOutcome
from exchange.desk.publishing.publish import publish
from exchange.serving.problems import ProblemError

ActionAsked = FromPath[str]
ApplicationAsked = Annotated[str | None, QueryParameter(name="application", max_length=60)]
RecordAsked = Annotated[str | None, QueryParameter(name="record", max_length=60)]
DecisionAsked = Annotated[str | None, QueryParameter(name="kind", max_length=60)]
_FORM: Final = "/cases/{case_id:str}/forms/{action:str}"


@get(_FORM, include_in_schema=False, sync_to_thread=True)
def show_form(  # noqa: PLR0913, PLR0917 - its parameters are the subject's
    pages: PageRequestHere,
    asker: AskerHere,
    case_id: CaseId,
    action: ActionAsked,
    matter: MatterAsked = None,
    instance: InstanceAsked = None,
    application: ApplicationAsked = None,
    kind: DecisionAsked = None,
    record: RecordAsked = None,
    tick: TickedMatters = None,
) -> AnyResponse:
    """Show the form of an action on a case."""
    wanted = FormSubject(matter, instance, application, kind, record=record)
    ticked: Posted = {"several.matters": [str(one) for one in tick]} if tick else {}
    return _drawn(pages, asker, _known(action), of_id(case_id).case_id, wanted, ticked)


@post(_FORM, include_in_schema=False, status_code=200, sync_to_thread=True)
def take_form(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, action: ActionAsked, form: FormHere
) -> AnyResponse:
    """Publish a form; one that was not drawn yet is drawn, with what was typed elsewhere in it."""
    posted = posted_in(form)
    known, case = _known(action), of_id(case_id).case_id
    if "record_id" not in posted:
        return _drawn(pages, asker, known, case, FormSubject(), posted)
    sent = drawn_in(posted, known, case)
    answers, wrong = answers_in(posted)
    if wrong:
        again = draw_subject(pages.console.desk, asker, known, case, sent.subject)
        sheet = FormSheetView(again.form, posted, wrong, entry=again.entry, name=again.name)
        return html(form_page(pages.counted_frame(asker), sheet), 422)
    outcome = publish(pages.console.desk, asker, sent, answers)
    if action == EXAMINE and outcome.is_answered:  # the family takes its papers home
        return see(pages.addresses.page(f"/cases/{case}/applications/{sent.subject.application}/receipt"))
    return outcome_answer(pages, asker, outcome, form)


@post("/cases/{case_id:str}/acknowledged", include_in_schema=False, status_code=200, sync_to_thread=True)
def take_acknowledgement(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, form: FormHere
) -> AnyResponse:
    """Publish that the visitor's department has seen what it was told, by the visitor's name."""
    of_id(case_id)
    department = asker.kept_within.get("department", "")
    outcome = acknowledge(pages.console.desk, asker, department, form.get("announcement", ""))
    return not_found(pages) if outcome is None else outcome_answer(pages, asker, outcome, form)


def outcome_answer(
    pages: PageRequest, asker: Asker, outcome: FormOutcome, form: FormMultiDict
) -> AnyResponse:
    """Return what became of a form that has no page of its own."""
    posted = posted_in(form)
    return answered(pages, outcome, posted, lambda: _again(pages, asker, outcome, posted))


def answered(
    pages: PageRequest, outcome: FormOutcome, posted: Posted, again: Callable[[], str | None]
) -> AnyResponse:
    """Return what became of a form: its page again, where it can be put right; else what there is to know.

    Args:
        pages: the request.
        outcome: what became of it.
        posted: what was typed; a page from which it is sent again keeps it.
        again: draws its page anew, with what is wrong; None: there is nothing to do any more.
    """
    if outcome.end in {"UNFIT", "CHANGED"} and (page := again()) is not None:
        return html(page, 422 if outcome.reasons else 409)
    return html(outcome_page(pages.frame(), outcome, posted), STATUSES.get(outcome.end, 200))


def _again(pages: PageRequest, asker: Asker, outcome: FormOutcome, posted: Posted) -> str | None:
    desk, drawn = pages.console.desk, outcome.form
    try:
        again = draw_subject(desk, asker, drawn.action, drawn.case_id, drawn.subject)
    except NothingToDoError:
        return None
    wrong = wrong_fields(outcome.reasons, again.form, desk.policy)
    sheet = FormSheetView(again.form, posted, wrong, outcome.changes, again.entry, again.name)
    return form_page(pages.counted_frame(asker), sheet)


def _drawn(
    pages: PageRequest, asker: Asker, action: str, case_id: str, wanted: FormSubject, posted: Posted
) -> AnyResponse:
    try:
        drawn = draw_subject(pages.console.desk, asker, action, case_id, wanted)
    except SubjectUnclearError as unclear:
        return html(subjects_page(pages.counted_frame(asker), action, case_id, unclear))
    sheet = FormSheetView(drawn.form, posted, entry=drawn.entry, name=drawn.name)
    return html(form_page(pages.counted_frame(asker), sheet))


def _known(action: str) -> str:
    """Return an action of which a form is drawn.

    Raises:
        ProblemError: there is none.
    """
    if action not in DRAWN:
        raise ProblemError("not_found", 404)
    return action
