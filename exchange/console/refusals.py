"""What the desk refuses, as problems: with the sentence that the desk says of it."""

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from litestar import Request, Response

from consumers.printed_form.application_choice import NoSuchApplicationError
from consumers.uploads.reading import NotTheirsError
from exchange.console.told import told
from exchange.desk.asker import NotAllowedError
from exchange.desk.case_document import NoSuchCaseError
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError
from exchange.desk.guessing import SlowDownError
from exchange.desk.people_shown import TooManyPeopleError
from exchange.desk.publishing.outcome import subject_row
from exchange.desk.sign_in import SignInRefusedError
from exchange.runtime.errors import ExchangeError
from exchange.runtime.uploads.store import FileGoneError
from exchange.runtime.uploads.upload import DecodersBusyError, UploadRefusedError
from exchange.serving.problems import ProblemError, answered

REFUSED: Final[Mapping[type[ExchangeError], tuple[str, int]]] = {
    NotAllowedError: ("not_allowed", 403),
    NothingToDoError: ("nothing_to_do", 409),
    NoSuchApplicationError: ("no_such_application", 404),
    NoSuchCaseError: ("not_found", 404),
    NotTheirsError: ("not_found", 404),
    FileGoneError: ("file_gone", 410),
    UploadRefusedError: ("file_refused", 422),
    SignInRefusedError: ("sign_in_refused", 401),
    TooManyPeopleError: ("too_many_people", 429),
}
"""What the desk raises → code and status; all else that it raises is a part that does not answer."""


def _refused(request: Request[Any, Any, Any], refusal: ExchangeError) -> Response[Any]:
    code, status = REFUSED[type(refusal)]
    return answered(request, ProblemError(code, status, told=told(refusal.message)))


def _slowed_down(
    request: Request[Any, Any, Any], refusal: SlowDownError | DecodersBusyError
) -> Response[Any]:
    return answered(request, ProblemError("too_many", 429, retry_s=refusal.retry_s))


def _unfit(request: Request[Any, Any, Any], _: psycopg.DataError) -> Response[Any]:
    return answered(request, ProblemError("request_wrong", 400))


def _unclear(request: Request[Any, Any, Any], refusal: SubjectUnclearError) -> Response[Any]:
    subjects = [subject_row(one) for one in refusal.subjects]
    return answered(request, ProblemError("subject_unclear", 409).with_more(subjects=subjects))


HANDLERS: Final[Mapping[Any, Any]] = {
    **dict.fromkeys(REFUSED, _refused),
    SlowDownError: _slowed_down,
    DecodersBusyError: _slowed_down,
    SubjectUnclearError: _unclear,
    psycopg.DataError: _unfit,  # a text or a number that no column can hold
}
"""Exception → how it is answered."""
