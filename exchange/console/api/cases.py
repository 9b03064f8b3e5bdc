"""`/desk/v1/cases/{case_id}`: a case as somebody may see it."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from litestar import get
from litestar.params import FromPath

from consumers.family.next_steps import next_steps
from consumers.read_model.rows import announcement_row, case_row
from exchange.console.access import API
from exchange.console.console import AskerHere, ConsoleHere
from exchange.desk.desk import Desk
from exchange.desk.look import LookRequest, LookResult, look
from exchange.desk.persons import AskedPerson
from exchange.serving.openapi import answers
from exchange.serving.problems import ProblemError
from verification.times import calendar_date

CASE: Final = f"{API}/cases/{{case_id:str}}"
CaseId = FromPath[str]
"""A case's id, as it comes; `of_id` reads it."""
_CASE_ID: Final = re.compile("[0-9a-f]{32}")
OF_CASES: Final = answers(400, 401, 403, 404, 429, 503)


@get(CASE, responses=OF_CASES, sync_to_thread=True, tags=["Cases"])
def read_case(console: ConsoleHere, asker: AskerHere, case_id: CaseId) -> dict[str, Any]:
    """Return a case as it is now, numbers masked."""
    return shown_case(console.desk, look(console.desk, asker, of_id(case_id), LookRequest()))


def of_id(case_id: str) -> AskedPerson:
    """Return the person whom a case id means; nothing else is looked up, as a number that stands in a URL.

    Raises:
        ProblemError: it is no case id.
    """
    if _CASE_ID.fullmatch(case_id) is None:
        raise ProblemError("not_found", 404)
    return AskedPerson(case_id, case_id)


def shown_case(desk: Desk, seen: LookResult | None) -> dict[str, Any]:
    """Return a case as the command line prints it, with what its department was told.

    Raises:
        ProblemError: there is none, or none for them.
    """
    if seen is None:
        raise ProblemError("not_found", 404)
    steps = next_steps(seen.case, desk.policy, calendar_date(datetime.now(UTC)))
    told = [announcement_row(one) for one in seen.told]
    return {**case_row(seen.case, steps, seen.tasks), "announcements": told}
