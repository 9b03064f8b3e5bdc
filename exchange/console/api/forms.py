"""`/desk/v1/…/forms`: drawing the form of an action, and sending it; sent again, it is the same record."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, post, put
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED
from msgspec import Meta

from exchange.console.api.case_address import CASE, CaseId, of_id
from exchange.console.api.cases import WantedForms
from exchange.console.api.outcomes import answer_of
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk.acknowledging import acknowledge
from exchange.desk.actions.drawn import DrawnForm, FormSubject
from exchange.desk.actions.table import DRAWN
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.drawing import draw
from exchange.desk.persons import asked_person
from exchange.desk.publishing.outcome import drawn_row
from exchange.desk.publishing.publish import publish
from exchange.serving.openapi import answer, answers
from exchange.serving.problems import ProblemError

_DRAWING: Final = answers(400, 401, 403, 404, 409, 429, 503)
_SENT: Final = {
    **answers(400, 401, 403, 404, 409, 422, 429, 503),
    HTTP_202_ACCEPTED: answer(dict[str, Any], "The log has it; what comes of it is still to be seen."),
}
_SENDING: Final = {**_SENT, **answers(412, 428)}


@dataclass
class SubjectNamed:
    """What a form is about, as far as the case does not tell: as the case's `menu` names it."""

    matter: int | None = None
    instance: str | None = None
    application: str | None = None
    kind: str | None = None
    department: str | None = None
    record: str | None = None


@dataclass
class FormAsked:
    """Which form is wanted."""

    action: str
    subject: SubjectNamed = field(default_factory=SubjectNamed)


@dataclass
class PersonFormAsked:
    """Which form is wanted, for a person by a number in 18 digits or 15, or by the case's id."""

    person: Annotated[str, Meta(min_length=15, max_length=64)] = field(repr=False)
    action: str = "apply"
    subject: SubjectNamed = field(default_factory=SubjectNamed)


@dataclass
class FormSent:
    """A form as it was drawn, and its answers: name of a question, as it was asked, and the answer."""

    action: str
    recorded_at: datetime
    answers: dict[str, Any] = field(repr=False)
    subject: SubjectNamed = field(default_factory=SubjectNamed)


@dataclass
class AnnouncementAcknowledged:
    """Whose it was; without it, the asker's own department's."""

    department: str | None = None


IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description="The form's ETag: its version, in quotes.")
]


@post(f"{CASE}/forms", status_code=HTTP_201_CREATED, responses=_DRAWING, sync_to_thread=True, tags=["Forms"])
def draw_form(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, data: JSONBody[FormAsked]
) -> Response[dict[str, Any]]:
    """Draw a form: its record's id and time are made now, and its ETag names what it rests on."""
    return _drawn(_draw(console.desk, asker, of_id(case_id).case_id, data.action, data.subject), {})


@post(f"{API}/forms", status_code=HTTP_201_CREATED, responses=_DRAWING, sync_to_thread=True, tags=["Forms"])
def draw_for_person(
    console: ConsoleHere, asker: AskerHere, data: JSONBody[PersonFormAsked]
) -> Response[dict[str, Any]]:
    """Draw a form for a person by a number, of whom there need be no case yet: a first application."""
    person = asked_person(console.desk.case_ids, data.person)
    if person is None:
        raise ProblemError("parameter_wrong", 400, names="person")
    form = _draw(console.desk, asker, person.case_id, data.action, data.subject)
    asks_number = person.by_number and any(one.name == "id_number" for one in form.questions)
    return _drawn(form, {"id_number": data.person} if asks_number else {})


@put(f"{CASE}/forms/{{record_id:uuid}}", responses=_SENDING, sync_to_thread=True, tags=["Forms"])
def send_form(
    console: ConsoleHere,
    asker: AskerHere,
    case_id: CaseId,
    record_id: FromPath[UUID],
    data: JSONBody[FormSent],
    if_match: IfMatch = None,
    forms: WantedForms = None,
) -> Response[dict[str, Any]]:
    """Send a form, and answer once its effect is there. Sent again it is one record, and DUPLICATE.

    412: the case has changed in what the form rests on, by whom and when is told. With `form`, the forms of
    what comes next are drawn as well.
    """
    if if_match is None:
        raise ProblemError("if_match_missing", 428)
    _require_form(data.action)
    form = DrawnForm(
        data.action,
        of_id(case_id).case_id,
        str(record_id),
        data.recorded_at,
        if_match.strip().strip('"'),
        subject_of(data.subject),
        (),
    )
    outcome = publish(console.desk, asker, form, data.answers)
    return answer_of(outcome, list(_next(console.desk, asker, form, forms or ())) if outcome.is_in else [])


@post(
    f"{API}/announcements/{{announcement_id:str}}/acknowledgement",
    status_code=HTTP_200_OK,
    responses=_SENT,
    sync_to_thread=True,
    tags=["Forms"],
)
def acknowledge_announcement(
    console: ConsoleHere,
    asker: AskerHere,
    announcement_id: FromPath[str],
    data: JSONBody[AnnouncementAcknowledged],
) -> Response[dict[str, Any]]:
    """Acknowledge what a department was told; a second time, whoever does it, is DUPLICATE."""
    department = data.department or asker.kept_within.get("department")
    if department not in console.desk.settings.city.catalogue.deciding:
        raise ProblemError("parameter_wrong", 400, names="department")
    outcome = acknowledge(console.desk, asker, department, announcement_id)
    if outcome is None:
        raise ProblemError("not_found", 404)
    return answer_of(outcome, [])


def _draw(desk: Desk, asker: Asker, case_id: str, action: str, subject: SubjectNamed) -> DrawnForm:
    _require_form(action)
    return draw(desk, asker, action, case_id, subject_of(subject))


def _require_form(action: str) -> None:
    if action not in DRAWN:
        raise ProblemError("parameter_wrong", 400, names="action")


def subject_of(named: SubjectNamed) -> FormSubject:
    """Return what a form is about, as the desk has it."""
    return FormSubject(**asdict(named))


def _drawn(form: DrawnForm, given: dict[str, Any]) -> Response[dict[str, Any]]:
    place = f"{API}/cases/{form.case_id}/forms/{form.record_id}"
    return Response(drawn_row(form, given), headers={"ETag": f'"{form.version}"', "Location": place})


def _next(desk: Desk, asker: Asker, sent: DrawnForm, actions: Iterable[str]) -> Iterable[DrawnForm]:
    """Yield forms about the same, drawn on what the sent one has made of the case."""
    for action in actions:
        _require_form(action)
        yield draw(desk, asker, action, sent.case_id, sent.subject)
