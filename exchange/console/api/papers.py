"""`/desk/v1/cases/{case_id}/…`: what is printed of a case."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from consumers.printed_form.notice import CorrectionNotice
from consumers.read_model.rows import plain
from exchange.console.api.case_address import CASE, OF_CASES, CaseId, found, of_id
from exchange.console.api.reasons import ReasonGiven
from exchange.console.console import AskerHere, ConsoleHere
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.form import fill_form
from exchange.desk.notice import make_notice
from exchange.serving.openapi import answer
from verification.times import calendar_date

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ApplicationWanted = Annotated[
    str, QueryParameter(name="application", description="Its record id; else the latest in force.")
]


@dataclass
class PaperAsked:
    """Why the form is printed, numbers in full; for which application, by its record id; and as what."""

    reason: ReasonGiven
    application: Annotated[str, Meta(max_length=64)] = ""
    type: Literal["pdf", "docx"] = "pdf"


@get(f"{CASE}/notice", responses=OF_CASES, sync_to_thread=True, tags=["Papers"])
def read_notice(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, application: ApplicationWanted = ""
) -> dict[str, Any]:
    """Return all that an application has to put right (一次性告知书); 404 where that is nothing."""
    notice: dict[str, Any] = plain(_notice(console.desk, asker, case_id, application))
    return notice


@get(
    f"{CASE}/notice.pdf",
    responses={**OF_CASES, 200: answer(bytes, "The notice.", PDF)},
    sync_to_thread=True,
    tags=["Papers"],
)
def print_notice(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, application: ApplicationWanted = ""
) -> Response[bytes]:
    """Return the same to be printed."""
    from consumers.printed_form.notice_pdf import notice_pdf  # noqa: PLC0415 - typesetting takes long to load

    notice = _notice(console.desk, asker, case_id, application)
    day = calendar_date(datetime.now(UTC))
    return Response(notice_pdf(notice, console.desk.policy, day), media_type=PDF)


@post(
    f"{CASE}/form",
    status_code=HTTP_200_OK,
    responses={**OF_CASES, 200: answer(bytes, "The form.", PDF)},
    sync_to_thread=True,
    tags=["Papers"],
)
def print_form(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, data: JSONBody[PaperAsked]
) -> Response[bytes]:
    """Return the application form of annex 1, filled in as far as the case allows."""
    from consumers.printed_form.pdf import pdf_of  # noqa: PLC0415 - as above
    from consumers.printed_form.word import docx_of  # noqa: PLC0415 - as above

    form = found(fill_form(console.desk, asker, of_id(case_id), data.application, data.reason)).filled
    layout = console.desk.settings.city.layout
    if data.type == "docx":
        return Response(docx_of(form, layout), media_type=DOCX)
    return Response(pdf_of(form, layout), media_type=PDF)


def _notice(desk: Desk, asker: Asker, case_id: str, application: str) -> CorrectionNotice:
    return found(make_notice(desk, asker, of_id(case_id), application, ""))
