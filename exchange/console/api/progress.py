"""`/desk/v1/progress`: how a family's matters stand, for portal, hotline and the applicant's own code."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from consumers.family.progress import open_matters
from consumers.guide.text import contact_rows, contacts_of
from consumers.read_model.rows import plain
from exchange.console.api.case_address import found
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk.persons import asked_person
from exchange.desk.progress import ProgressRequest, read_progress
from exchange.serving.openapi import answers
from exchange.serving.problems import ProblemError


@dataclass
class ProgressAsked:
    """Of whom, by a number or the case's id: whoever came with a code leaves it out. Which page, and why."""

    person: Annotated[str, Meta(max_length=64)] = field(default="", repr=False)
    audience: str = "applicant"
    application: Annotated[str, Meta(max_length=64)] = ""
    reason: Annotated[str, Meta(max_length=1000)] = ""


@post(
    f"{API}/progress",
    status_code=HTTP_200_OK,
    responses=answers(400, 401, 403, 404, 429, 503),
    sync_to_thread=True,
    tags=["Progress"],
)
def ask_progress(console: ConsoleHere, asker: AskerHere, data: JSONBody[ProgressAsked]) -> dict[str, Any]:
    """Return how the matters stand: what is done, what waits for whom, and what to bring."""
    city = console.desk.settings.city
    audience = city.family.audience(data.audience)
    person = asked_person(console.desk.case_ids, data.person or asker.kept_within.get("case", ""))
    if audience is None or person is None:
        raise ProblemError("parameter_wrong", 400, names="person" if audience else "audience")
    request = ProgressRequest(audience, data.application, data.reason)
    view = found(read_progress(console.desk, asker, person, request))
    contacts = contacts_of(open_matters(view), city.guide, city.policy)
    told: dict[str, Any] = plain({**view, "contacts": contact_rows(contacts)})
    return told
