"""What is to be handed out, handing it out at once, and the sheet on which it is signed for."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from avro_schemas.typed_documents import CaseDocument, HandoverEntryDocument
from consumers.labels.words import STATES, day_words, words
from consumers.read_model.queue_reader import QueueQuery
from exchange.console.api.case_address import CaseId, of_id
from exchange.console.api.cursors import cursor_text, read_cursor
from exchange.console.console import AskerHere
from exchange.console.pages.forms import FormSheetView, Posted, answers_in, drawn_in, form_page, posted_in
from exchange.console.pages.frame import Frame
from exchange.console.pages.parameters import AfterAsked
from exchange.console.pages.rendering import render
from exchange.console.pages.sending import outcome_answer
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequestHere, html, not_found, see
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.results import OUTCOMES
from exchange.desk.drawing import draw
from exchange.desk.look import LookRequest, look
from exchange.desk.opened import open_case
from exchange.desk.publishing.publish import publish
from exchange.desk.queue import QueueLine, queue
from exchange.desk.workbench import HAND_OUT
from topics.labels import Words
from verification.times import calendar_date

ACTION: Final = "hand_out"
_FORM: Final = "/cases/{case_id:str}/forms/hand_out"
_ROWS: Final = 50


class FamilyView(NamedTuple):
    """A case of which results wait, and which."""

    case_id: str
    name: str | None
    matters: str
    number: int


class SignedResult(NamedTuple):
    """A result that was handed out."""

    matter: str
    department: str
    outcome: Words
    document_no: str


def waiting_page(frame: Frame, lines: Iterable[QueueLine], after: str = "") -> str:
    """Return the page of what is to be handed out; ``after``: where the next one begins."""
    onward = frame.addresses.page("/handovers", after=after) if after else ""
    return render("handovers/waiting", frame, families=list(_families(frame, lines)), next=onward)


def _families(frame: Frame, lines: Iterable[QueueLine]) -> Iterator[FamilyView]:
    ordered = sorted(lines, key=lambda one: one.case_id)
    for case_id, group in groupby(ordered, key=lambda one: one.case_id):
        own = list(group)
        names = (frame.naming.matter(one.matter, one.instance) for one in own)
        yield FamilyView(case_id, own[0].name, frame.naming.listed(names), len(own))


def signature_page(frame: Frame, case: CaseDocument, handover: HandoverEntryDocument) -> str:
    """Return the sheet on which whoever receives the results signs."""
    name = case["form"]["deceased"].get("name")
    return render(
        "handovers/signature",
        frame,
        case_id=case["case_id"],
        deceased=(name["value"] or "") if name else "",
        handover=handover,
        results=list(_signed(frame, case, handover)),
        day=day_words(calendar_date(handover["recorded_at"]), frame.preferences.language),
        mailed=handover["delivery"] == "MAIL",
    )


def _signed(frame: Frame, case: CaseDocument, handover: HandoverEntryDocument) -> Iterator[SignedResult]:
    for matter in case["matters"]:
        for one in matter["results"]:
            if one["record_id"] in handover["results"]:
                yield SignedResult(
                    frame.naming.matter(matter["matter"], matter["instance"]),
                    frame.naming.department(one["department"]),
                    words(STATES, one["outcome"]),
                    one["document_no"] or "",
                )


def usual_answers(case: CaseDocument) -> Posted:
    """Return what is known of how results go out: as the last applicant wished, and to whom."""
    if not case["applications"]:
        return {}
    last = max(case["applications"], key=lambda one: one["recorded_at"])
    name = last["applicant"].get("name")
    known: Mapping[str, str | None] = {
        "one.delivery": last["delivery"],
        "text.recipient_name": name and name["value"],
    }
    return {field: [value] for field, value in known.items() if value}


@get("/handovers", include_in_schema=False, sync_to_thread=True)
def show_waiting(pages: PageRequestHere, asker: AskerHere, after: AfterAsked = "") -> AnyResponse:
    """Show whose results wait; one access record names everybody on the page."""
    desk = pages.console.desk
    desk.require(asker, ACTION, asker.kept_within)
    place = read_cursor(after) if after else None
    found = queue(desk, asker, QueueQuery((), states=OUTCOMES, owing=(HAND_OUT,)), place, _ROWS)
    onward = cursor_text(found.next) if found.next else ""
    return html(waiting_page(pages.counted_frame(asker), found.lines, onward))


@get(_FORM, include_in_schema=False, sync_to_thread=True)
def show_handover(pages: PageRequestHere, asker: AskerHere, case_id: CaseId) -> AnyResponse:
    """Show all results of a case, ticked, and how they go out as far as that is known."""
    desk, person = pages.console.desk, of_id(case_id)
    desk.require(asker, ACTION, asker.kept_within)
    opened = open_case(desk, asker, person, LookRequest(command=ACTION), (ACTION,))
    if opened is None or not opened.forms:
        draw(desk, asker, ACTION, person.case_id, FormSubject())  # says why there is nothing to do
        return not_found(pages)
    sheet = FormSheetView(opened.forms[0], usual_answers(opened.seen.case))
    return html(form_page(pages.counted_frame(asker), sheet))


@post(_FORM, include_in_schema=False, status_code=200, sync_to_thread=True)
def take_handover(pages: PageRequestHere, asker: AskerHere, case_id: CaseId, form: FormHere) -> AnyResponse:
    """Publish that results went out, and lead to the sheet that is signed."""
    posted, person = posted_in(form), of_id(case_id)
    sent = drawn_in(posted, ACTION, person.case_id)
    outcome = publish(pages.console.desk, asker, sent, answers_in(posted)[0])
    if outcome.is_answered:
        return see(pages.addresses.page(f"/cases/{person.case_id}/handovers/{sent.record_id}"))
    return outcome_answer(pages, asker, outcome, form)


@get(
    "/cases/{case_id:str}/handovers/{handover:uuid}",
    include_in_schema=False,
    sync_to_thread=True,
)
def show_signature(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, handover: FromPath[UUID]
) -> AnyResponse:
    """Show the sheet that is signed."""
    desk = pages.console.desk
    desk.require(asker, ACTION, asker.kept_within)
    seen = look(desk, asker, of_id(case_id), LookRequest(command=ACTION))
    known = () if seen is None else seen.case["handovers"]
    entry = next((one for one in known if one["record_id"] == str(handover)), None)
    if seen is None or entry is None:
        return not_found(pages)
    return html(signature_page(pages.counted_frame(asker), seen.case, entry))
