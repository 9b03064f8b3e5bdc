"""`/desk/v1/cases/{case_id}`: a case as somebody may see it, now and then, and what they may do in it."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from consumers.family.next_steps import next_steps
from consumers.read_model.rows import announcement_row, case_row
from exchange.console.api.reasons import Reasoned
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import LookRequest
from exchange.desk.opened import OpenedCase, open_case
from exchange.desk.persons import AskedPerson
from exchange.desk.publishing.outcome import drawn_row, subject_row
from exchange.serving.openapi import answers
from exchange.serving.problems import ProblemError
from verification.times import calendar_date

T = TypeVar("T")
CASE: Final = f"{API}/cases/{{case_id:str}}"
CaseId = FromPath[str]
"""A case's id, as it comes; `of_id` reads it."""
_CASE_ID: Final = re.compile("[0-9a-f]{32}")
OF_CASES: Final = answers(400, 401, 403, 404, 429, 503)
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


def of_id(case_id: str) -> AskedPerson:
    """Return the person whom a case id means; nothing else is looked up, as a number that stands in a URL.

    Raises:
        ProblemError: it is no case id.
    """
    if _CASE_ID.fullmatch(case_id) is None:
        raise ProblemError("not_found", 404)
    return AskedPerson(case_id, case_id)


def found(what: T | None) -> T:
    """Return what was found.

    Raises:
        ProblemError: there is none, or none for who asks.
    """
    if what is None:
        raise ProblemError("not_found", 404)
    return what


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
