"""系统补录 in the browser: choosing a type, the form, and sending it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from litestar import get, post
from litestar.params import FromPath

from exchange.console.console import AskerHere
from exchange.console.pages.forms import posted_in
from exchange.console.pages.parameters import number_in
from exchange.console.pages.serving import AnyResponse, FormHere, PageRequest, PageRequestHere, html
from exchange.console.pages.supplement.answers import record_of
from exchange.console.pages.supplement.fields import TypedRecord
from exchange.console.pages.supplement.screens import choose_page, form_page, sent_page
from exchange.console.told import told
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.supplement import (
    BlankRecord,
    SupplementOutcome,
    asked_fields,
    draw_blank,
    require_supplement,
    supplement,
    supplied_types,
)
from exchange.runtime.errors import ExchangeError
from exchange.serving.problems import ProblemError

RecordTypeAsked = FromPath[str]
_RECORD: Final = "/supplement/{record_type:str}"
_MOST_ROWS: Final = 50


@get("/supplement", include_in_schema=False, sync_to_thread=True)
def choose_type(pages: PageRequestHere, asker: AskerHere) -> AnyResponse:
    """Show the types of which the visitor's department publishes records."""
    types = supplied_types(pages.console.desk, asker)
    return html(choose_page(pages.counted_frame(asker), types))


@get(_RECORD, include_in_schema=False, sync_to_thread=True)
def show_blank(pages: PageRequestHere, asker: AskerHere, record_type: RecordTypeAsked) -> AnyResponse:
    """Show an empty form; its record has its id and its time from now on."""
    blank = draw_blank(pages.console.desk, asker, _known(pages, record_type))
    return _form(pages, asker, blank, TypedRecord())


@post(_RECORD, include_in_schema=False, status_code=200, sync_to_thread=True)
def take_record(
    pages: PageRequestHere, asker: AskerHere, record_type: RecordTypeAsked, form: FormHere
) -> AnyResponse:
    """Publish a record; what cannot stand comes back as it was typed."""
    desk = pages.console.desk
    require_supplement(desk, asker, _known(pages, record_type))
    texts = {name: values[0] for name, values in posted_in(form).items() if values}
    blank, rows = _blank_in(texts, record_type), _rows_in(texts)
    if "more" in texts:
        return _form(pages, asker, blank, TypedRecord(texts, rows=min(rows + 1, _MOST_ROWS)))
    try:
        outcome = supplement(desk, asker, blank, record_of(asked_fields(desk, asker, record_type), texts))
    except NotAllowedError:
        raise
    except ExchangeError as problem:
        hindrance = " ".join(told(one).first(pages.language) for one in (problem.message, problem.hint))
        return _form(pages, asker, blank, TypedRecord(texts, rows=rows), hindrance)
    if outcome.reasons:
        return _form(pages, asker, blank, TypedRecord(texts, outcome.reasons, rows))
    return _sent(pages, asker, blank, outcome)


def _form(
    pages: PageRequest, asker: Asker, blank: BlankRecord, typed: TypedRecord, hindrance: str = ""
) -> AnyResponse:
    fields = asked_fields(pages.console.desk, asker, blank.record_type)
    status = 503 if hindrance else 422 if typed.reasons else 200
    return html(form_page(pages.frame(), blank, fields, typed, hindrance), status)


def _sent(pages: PageRequest, asker: Asker, blank: BlankRecord, outcome: SupplementOutcome) -> AnyResponse:
    status = 200 if outcome.receipt else 202
    return html(sent_page(pages.counted_frame(asker), blank, outcome), status)


def _known(pages: PageRequest, record_type: str) -> str:
    """Return a type that there is.

    Raises:
        ProblemError: there is none.
    """
    if record_type not in pages.console.desk.policy.schemas.record_types:
        raise ProblemError("not_found", 404)
    return record_type


def _blank_in(texts: Mapping[str, str], record_type: str) -> BlankRecord:
    """Return the record that was drawn.

    Raises:
        ProblemError: it is none that was drawn.
    """
    try:
        at = datetime.fromisoformat(texts["recorded_at"])
        at.astimezone()
    except (KeyError, ValueError, OverflowError):
        raise ProblemError("request_wrong", 400) from None
    return BlankRecord(record_type, texts.get("record_id", ""), at)


def _rows_in(texts: Mapping[str, str]) -> int:
    return min(number_in(texts.get("rows", "")) or 1, _MOST_ROWS)
