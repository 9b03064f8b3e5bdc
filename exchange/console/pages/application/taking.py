"""Taking an application: a card fills in fields, files are taken at once, what is sent has its receipt."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from exchange.console.api.case_address import CaseId, of_id
from exchange.console.console import AskerHere
from exchange.console.pages.application.card import with_cards
from exchange.console.pages.application.receipt import receipt_page
from exchange.console.pages.application.sheet import ApplicationSheetView, application_page
from exchange.console.pages.form_bodies import FormBody
from exchange.console.pages.forms import (
    FormSheetView,
    Posted,
    WrongField,
    answers_in,
    drawn_in,
    posted_in,
    wrong_fields,
)
from exchange.console.pages.parameters import TickedMatters, number_in
from exchange.console.pages.sending import answered
from exchange.console.pages.serving import (
    AnyResponse,
    FormBodyHere,
    PageRequest,
    PageRequestHere,
    html,
    not_found,
    pdf,
)
from exchange.console.told import told
from exchange.desk.actions.changes import ConcernChange
from exchange.desk.application_receipts import APPLY, give_receipt, open_application, take_application
from exchange.desk.asker import Asker
from exchange.desk.materials import OfferedFile, upload
from exchange.desk.notice import make_notice
from exchange.desk.persons import AskedPerson
from exchange.runtime.uploads.upload import DecodersBusyError, UploadRefusedError
from exchange.serving.asking import Asking
from producers.receipts import DUPLICATE
from verification.reasons import Reason
from verification.times import calendar_date

_FORM: Final = "/cases/{case_id:str}/forms/apply"
_TAKEN_ONE: Final = "/cases/{case_id:str}/applications/{application:uuid}"
_FILE, _TAKEN = "file.", "taken."
_BODY_BYTES: Final = 64 << 20
"""Some files at once; each may be as large as the policy says."""


@get(_FORM, include_in_schema=False, sync_to_thread=True)
def show_application(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, tick: TickedMatters = None
) -> AnyResponse:
    """Show the application of a case, with what is ready ticked; ``tick``: these matters instead."""
    posted: Posted = {"several.matters": [str(one) for one in tick]} if tick else {}
    return html(_page(pages, asker, of_id(case_id), posted))


def may_apply(connection: Asking, _: BaseRouteHandler) -> None:
    """Let those through alone who take applications: nobody else has files of theirs read.

    Raises:
        NotAllowedError: the asker takes none.
    """
    asker: Asker = connection.user.asker
    connection.app.state.console.desk.require(asker, APPLY, asker.kept_within)


@post(
    _FORM,
    include_in_schema=False,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=_BODY_BYTES,
    guards=[may_apply],
)
def take(pages: PageRequestHere, asker: AskerHere, case_id: CaseId, form_body: FormBodyHere) -> AnyResponse:
    """Take over cards and files; publish the application if it is sent, and print its receipt."""
    person, typed = of_id(case_id), posted_in(form_body.texts)
    posted, unread = with_cards(typed)
    taken, refused = _files(pages, asker, form_body)
    answers, unreadable = answers_in(posted)
    wrong = (*refused, *unreadable)
    if unread or wrong or "card" in typed.get("step", ()) or "record_id" not in posted:
        page = _page(pages, asker, person, posted, wrong, taken=taken, unread=unread)
        return html(page, 422 if unread or wrong else 200)
    sent = drawn_in(posted, APPLY, person.case_id)
    outcome = take_application(pages.console.desk, asker, sent, with_files(answers, taken))
    if outcome.is_answered:
        # Sent again, it was given its code before, on a receipt that somebody may have taken home.
        is_new = outcome.receipt is None or outcome.receipt.status != DUPLICATE
        return _receipt(pages, asker, person, sent.record_id, is_new=is_new)
    kept = {**posted, **{f"{_TAKEN}{kind}": [digest] for kind, digest in taken.items()}}
    reasons, changes = outcome.reasons, outcome.changes
    return answered(
        pages, outcome, kept, lambda: _page(pages, asker, person, posted, reasons, changes, taken)
    )


@get(f"{_TAKEN_ONE}/receipt", include_in_schema=False, sync_to_thread=True)
def show_papers(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, application: FromPath[UUID]
) -> AnyResponse:
    """Show the papers of an application again; its code stands on the receipt that was given out before."""
    return _receipt(pages, asker, of_id(case_id), str(application), is_new=False)


@get(f"{_TAKEN_ONE}/notice.pdf", include_in_schema=False, sync_to_thread=True)
def give_notice(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, application: FromPath[UUID]
) -> AnyResponse:
    """Return all that an application has to put right (一次性告知书) as a PDF."""
    from consumers.printed_form.notice_pdf import notice_pdf  # noqa: PLC0415 - typesetting takes long to load

    desk = pages.console.desk
    notice = make_notice(desk, asker, of_id(case_id), str(application), "")
    if notice is None:
        return not_found(pages)
    return pdf(notice_pdf(notice, desk.policy, calendar_date(datetime.now(UTC))), case_id)


@post(f"{_TAKEN_ONE}/receipt", include_in_schema=False, status_code=200, sync_to_thread=True)
def print_receipt(
    pages: PageRequestHere, asker: AskerHere, case_id: CaseId, application: FromPath[UUID]
) -> AnyResponse:
    """Print the receipt of an application again, with a new code: the old one may be lost, and ends."""
    return _receipt(pages, asker, of_id(case_id), str(application), is_new=True)


def with_files(answers: Mapping[str, Any], taken: Mapping[int, str]) -> dict[str, Any]:
    """Return the answers with the hash of each file beside the kind of material that it is."""
    files = [{"kind": kind, "sha256": digest} for kind, digest in taken.items()]
    papers = [kind for kind in answers.get("materials", ()) if number_in(kind) not in taken]
    return {**answers, "materials": [*papers, *files]} if files else dict(answers)


def _receipt(
    pages: PageRequest, asker: Asker, person: AskedPerson, application: str, *, is_new: bool
) -> AnyResponse:
    codes = pages.console.codes if is_new else None
    receipt = give_receipt(pages.console.desk, codes, asker, person, application)
    if receipt is None:
        return not_found(pages)
    url = pages.request.url
    return html(receipt_page(pages.counted_frame(asker), receipt, f"{url.scheme}://{url.netloc}"))


def _page(  # noqa: PLR0913, PLR0917 - what a page comes back with
    pages: PageRequest,
    asker: Asker,
    person: AskedPerson,
    posted: Posted,
    wrong: Sequence[WrongField | Reason] = (),
    changes: Sequence[ConcernChange] = (),
    taken: Mapping[int, str] | None = None,
    unread: tuple[str, ...] = (),
) -> str:
    document, form = open_application(pages.console.desk, asker, person)
    to_mend = wrong_fields(wrong, form, pages.console.desk.policy)
    sheet = FormSheetView(form, posted, to_mend, tuple(changes))
    view = ApplicationSheetView(sheet, document, taken or {}, unread)
    return application_page(pages.counted_frame(asker), view)


def _files(
    pages: PageRequest, asker: Asker, form_body: FormBody
) -> tuple[dict[int, str], tuple[WrongField, ...]]:
    """Return kind of material → hash of its file, taken now or before; and what was not taken."""
    kinds = pages.console.desk.policy.materials
    taken, refused = {}, []
    city, store = pages.console.desk.settings.city, pages.console.uploads
    for name, file in form_body.files:
        if (kind := _kind_of(name, _FILE)) not in kinds:
            continue
        content = file.file.read(city.uploads.largest_bytes + 1)  # enough to see that it is too large
        try:
            taken[kind] = upload(city, asker, OfferedFile(content, file.filename, kind), store).sha256
        except (UploadRefusedError, DecodersBusyError) as refusal:
            refused.append(WrongField("materials", told(refusal.message)))
    for name, digest in form_body.texts.items():
        if (kind := _kind_of(name, _TAKEN)) in kinds:
            taken.setdefault(kind, digest)
    return taken, tuple(refused)


def _kind_of(name: str, prefix: str) -> int:
    """Return of which kind of material a field is; 0: of none."""
    return (name.startswith(prefix) and number_in(name.removeprefix(prefix))) or 0
