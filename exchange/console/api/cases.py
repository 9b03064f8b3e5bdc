"""`/desk/v1/cases/{case_id}`: a case as somebody may see it, now and then, and what they may do in it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from consumers.family.next_steps import next_steps
from consumers.read_model.rows import announcement_row, case_row
from exchange.console.api.case_address import CASE, OF_CASES, CaseId, found, of_id
from exchange.console.api.reasons import Reasoned
from exchange.console.console import AskerHere, ConsoleHere
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import LookRequest
from exchange.desk.opened import OpenedCase, open_case
from exchange.desk.publishing.outcome import drawn_row, subject_row
from verification.times import calendar_date

WantedForms = Annotated[
    list[str] | None,
    QueryParameter(name="form", description="Actions whose forms are drawn as well, such as accept."),
]


@get(CASE, responses=OF_CASES, sync_to_thread=True, tags=["Cases"])
def read_case(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, forms: WantedForms = None
) -> dict[str, Any]:
    """Return a case as it is now, numbers masked, what I may do in it, and the forms that are asked for."""
    return _opened(console.desk, asker, case_id, LookRequest(), forms)


@post(f"{CASE}/unmask", status_code=HTTP_200_OK, responses=OF_CASES, sync_to_thread=True, tags=["Cases"])
def unmask_case(
    console: ConsoleHere,
    asker: AskerHere,
    case_id: CaseId,
    data: JSONBody[Reasoned],
    forms: WantedForms = None,
) -> dict[str, Any]:
    """Return the same with numbers in full, for a reason that goes into the access record."""
    return _opened(console.desk, asker, case_id, LookRequest(unmask=True, reason=data.reason), forms)


def _opened(
    desk: Desk, asker: Asker, case_id: str, request: LookRequest, forms: list[str] | None
) -> dict[str, Any]:
    return opened_row(desk, found(open_case(desk, asker, of_id(case_id), request, forms or ())))


def opened_row(desk: Desk, opened: OpenedCase) -> dict[str, Any]:
    """Return a case as the command line prints it, with what its department was told, menu and forms."""
    seen = opened.seen
    steps = next_steps(seen.case, desk.policy, calendar_date(datetime.now(UTC)))
    return {
        **case_row(seen.case, steps, seen.tasks),
        "announcements": [announcement_row(one) for one in seen.told],
        "menu": [{"action": one.action, "subject": subject_row(one.subject)} for one in opened.menu],
        "forms": [drawn_row(one, {}) for one in opened.forms],
    }
