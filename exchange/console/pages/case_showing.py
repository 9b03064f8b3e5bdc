"""Showing a case: as it is, with numbers in full, as it was known; giving its form; showing who looked."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from litestar import get, post
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_404_NOT_FOUND, HTTP_422_UNPROCESSABLE_ENTITY

from exchange.console.api.case_address import CaseId, found, of_id
from exchange.console.console import AskerHere
from exchange.console.pages.case import CaseSight, case_page
from exchange.console.pages.form_bodies import reason_in
from exchange.console.pages.looks import LookFilter, looks_page
from exchange.console.pages.serving import (
    AnyResponse,
    FormHere,
    PageRequest,
    PageRequestHere,
    html,
    pdf,
    see,
)
from exchange.desk.asker import Asker
from exchange.desk.form import fill_form
from exchange.desk.look import LookRequest, LookResult
from exchange.desk.looks import looks
from exchange.desk.opened import open_case
from exchange.desk.past import look_as_of
from exchange.desk.persons import AskedPerson
from verification.times import SHANGHAI, calendar_date

AsOfAsked = Annotated[date | None, QueryParameter(name="as_of")]
LookDepartment = Annotated[str, QueryParameter(name="department", max_length=60)]
LookSystem = Annotated[str, QueryParameter(name="system", max_length=20)]
LookNumbers = Annotated[str, QueryParameter(name="numbers", max_length=20)]


@get("/cases/{case_id:str}", include_in_schema=False, sync_to_thread=True)
def show_case(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, as_of: AsOfAsked = None
) -> AnyResponse:
    """Show a case, numbers masked: as it is now, or as it was known at the end of a day."""
    if as_of is not None:
        return _as_known(pages, asker, of_id(case_id), as_of)
    return _opened(pages, asker, case_id, LookRequest(command="console"))


@post("/cases/{case_id:str}/unmasked", include_in_schema=False, status_code=200, sync_to_thread=True)
def show_unmasked(pages: PageRequestHere, asker: AskerHere, case_id: CaseId, form: FormHere) -> AnyResponse:
    """Show a case with numbers in full, for a reason; the answer to this request alone holds them."""
    if not (reason := reason_in(form)):
        return _no_reason(pages, case_id)
    request = LookRequest(unmask=True, reason=reason, command="console")
    return _opened(pages, asker, case_id, request)


@get(
    ["/cases/{case_id:str}/unmasked", "/cases/{case_id:str}/acknowledged"],
    include_in_schema=False,
    sync_to_thread=False,
)
def come_back(pages: PageRequestHere, case_id: CaseId) -> AnyResponse:
    """Show the case, numbers masked, to whoever comes back to an address that only takes what is sent."""
    return see(pages.addresses.page(f"/cases/{case_id}"))


@post("/cases/{case_id:str}/form.pdf", include_in_schema=False, status_code=200, sync_to_thread=True)
def give_form(pages: PageRequestHere, asker: AskerHere, case_id: CaseId, form: FormHere) -> AnyResponse:
    """Return the form of annex 1, filled in, as a PDF with numbers in full."""
    from consumers.printed_form.pdf import pdf_of  # noqa: PLC0415 - fonts and typesetting take long to load

    if not (reason := reason_in(form)):
        return _no_reason(pages, case_id)
    desk = pages.console.desk
    filled = found(fill_form(desk, asker, of_id(case_id), "", reason)).filled
    return pdf(pdf_of(filled, desk.settings.city.layout), case_id)


@get("/cases/{case_id:str}/looks", include_in_schema=False, sync_to_thread=True)
def show_looks(
    pages: PageRequestHere,
    asker: AskerHere,
    case_id: CaseId,
    department: LookDepartment = "",
    system: LookSystem = "",
    numbers: LookNumbers = "",
) -> AnyResponse:
    """Show who looked at a case, at what and why."""
    shown = found(looks(pages.console.desk, asker, of_id(case_id)))
    asked = LookFilter(department, system, numbers)
    return html(looks_page(pages.counted_frame(asker), case_id, shown, asked))


def _no_reason(pages: PageRequest, case_id: str) -> AnyResponse:
    onward = pages.addresses.page(f"/cases/{case_id}")
    return pages.problem("no_reason", HTTP_422_UNPROCESSABLE_ENTITY, onward=onward)


def _opened(pages: PageRequest, asker: Asker, case_id: str, request: LookRequest) -> AnyResponse:
    opened = found(open_case(pages.console.desk, asker, of_id(case_id), request))
    menu = tuple((one.action, one.subject) for one in opened.menu)
    sight = CaseSight(opened.seen, menu, calendar_date(datetime.now(UTC)), unmasked=request.unmask)
    return html(case_page(pages.counted_frame(asker), sight))


def _as_known(pages: PageRequest, asker: Asker, person: AskedPerson, day: date) -> AnyResponse:
    """Return the case as it was known at the end of a day: the log is read for it."""
    from consumers.history.live_past import new_past  # noqa: PLC0415 - most requests fold nothing

    desk = pages.console.desk
    moment = min(datetime.combine(day, time.max, SHANGHAI), datetime.now(UTC))
    past = new_past(desk.settings, desk.registry)
    then = look_as_of(desk, past, asker, person, moment, LookRequest(command="console"))
    if then.case is None:
        onward = pages.addresses.page(f"/cases/{person.case_id}")
        return pages.problem("not_known_then", HTTP_404_NOT_FOUND, onward=onward)
    seen = LookResult(then.case, then.tasks, ())
    return html(case_page(pages.counted_frame(asker), CaseSight(seen, (), day, moment)))
