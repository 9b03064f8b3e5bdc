"""What handlers of pages share: the frame of a request, answers, and how it is said what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie, FormMultiDict
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import SkipValidation
from litestar.response import Redirect
from litestar.status_codes import (
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from exchange.console.console import ConsoleHere, DeskConsole
from exchange.console.pages.addresses import Addresses, own_addresses
from exchange.console.pages.form_bodies import FormBody, read_form
from exchange.console.pages.frame import Frame, Visitor, read_preferences
from exchange.console.pages.problem import ProblemKind, problem_page, refused_lines
from exchange.console.pages.rendering import HEADERS
from exchange.console.refusals import REFUSED
from exchange.console.request_session import find_session, is_api
from exchange.console.told import told
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError
from exchange.desk.people_shown import PeopleToday, TooManyPeopleError
from exchange.runtime.errors import ExchangeError
from exchange.serving.problems import HANDLERS, ProblemError
from topics.labels import Language
from verification.times import calendar_date

PREFERENCES: Final = "display"
"""The cookie of preferences."""
_SIGN_IN_FIRST: Final = frozenset({"sign_in_needed", "session_over"})
_KINDS: Final[Mapping[int, ProblemKind]] = {
    400: "unfit",
    403: "not_allowed",
    404: "not_found",
    405: "not_found",
    413: "unfit",
    429: "hasty",
}
AnyRequest = Request[Any, Any, Any]
AnyResponse = Response[Any]


@dataclass(frozen=True)
class PageRequest:
    """A request for a page."""

    request: AnyRequest
    console: DeskConsole

    @property
    def addresses(self) -> Addresses:
        """Return what makes links."""
        return own_addresses()

    @property
    def language(self) -> Language:
        """Return the language of the reader."""
        return read_preferences(self.request.cookies.get(PREFERENCES, "")).language

    def frame(self, people: PeopleToday | None = None) -> Frame:
        """Return what stands around the page; ``people``: whom the visitor was shown today."""
        city = self.console.desk.settings.city
        session = self.request.scope.get("user")
        visitor = None if session is None else _visitor(session.asker, self.console, people)
        query = self.request.url.query
        return Frame(
            city.policy,
            self.addresses,
            read_preferences(self.request.cookies.get(PREFERENCES, "")),
            calendar_date(datetime.now(UTC)),
            self.addresses.base + self.request.url.path + (f"?{query}" if query else ""),
            visitor,
        )

    def counted_frame(self, asker: Asker) -> Frame:
        """Return the same with the number of people whom the visitor was shown, this page's among them.

        Raises:
            ExchangeError: PostgreSQL does not answer.
        """
        return self.frame(self.console.desk.people.today(asker, datetime.now(UTC)))

    def open_frame(self) -> Frame:
        """Return the frame of a page that asks nobody who it is, with whoever has signed in all the same.

        Raises:
            ExchangeError: PostgreSQL does not answer.
        """
        session = find_session(self.request)
        visitor = None if session is None else _visitor(session.asker, self.console, None)
        return replace(self.frame(), visitor=visitor)

    def problem(self, kind: ProblemKind, status: int, *lines: str, onward: str = "") -> AnyResponse:
        """Return the page of something that did not go as wanted."""
        return html(problem_page(self.frame(), kind, lines, onward), status)


def html(page: str, status: int = 200, *cookies: Cookie) -> AnyResponse:
    """Return a page as the answer to a request."""
    return Response(
        page, status_code=status, media_type=MediaType.HTML, headers=dict(HEADERS), cookies=[*cookies]
    )


def pdf(content: bytes, name: str) -> AnyResponse:
    """Return a PDF that the browser shows; ``name``: without its ending, of the file if it is kept."""
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers={**HEADERS, **named})


def see(address: str, *cookies: Cookie) -> AnyResponse:
    """Return that the browser is to ask for another page, whatever it has sent."""
    return Redirect(address, status_code=HTTP_303_SEE_OTHER, cookies=[*cookies])


def _visitor(asker: Asker, console: DeskConsole, people: PeopleToday | None) -> Visitor:
    role = console.desk.settings.city.access.roles[asker.role]
    return Visitor(asker, frozenset(role.may), people)


FormBodyHere = NamedDependency[SkipValidation[FormBody]]
"""What a form has sent, with its files."""


def _page_request(request: AnyRequest, console: ConsoleHere) -> PageRequest:
    return PageRequest(request, console)


def _texts(form_body: FormBodyHere) -> FormMultiDict:
    return form_body.texts


PageRequestHere = NamedDependency[SkipValidation[PageRequest]]
"""As handlers ask for it."""
FormHere = NamedDependency[SkipValidation[FormMultiDict]]
"""What a form has sent, but for files."""
DEPENDENCIES: Final = {
    "pages": Provide(_page_request, sync_to_thread=False),
    "form_body": Provide(read_form),
    "form": Provide(_texts, sync_to_thread=False),
}


def _asked(request: AnyRequest) -> PageRequest:
    return PageRequest(request, request.app.state.console)


def _of_problem(request: AnyRequest, problem: ProblemError) -> AnyResponse:
    if is_api(request.url.path):
        return _as_json(request, problem)
    asked = _asked(request)
    if problem.code in _SIGN_IN_FIRST:
        over = "yes" if problem.code == "session_over" else ""
        return see(asked.addresses.page("/sign-in", back=asked.frame().here, over=over))
    detail = str(problem.body(asked.language)["detail"])
    page = asked.problem(_KINDS.get(problem.status, "away"), problem.status, detail)
    page.headers.update(problem.headers)  # when to try again
    return page


def _of_framework(request: AnyRequest, refused: HTTPException) -> AnyResponse:
    kind = _KINDS.get(refused.status_code)
    return _of_fault(request, refused) if kind is None else _asked(request).problem(kind, refused.status_code)


def _of_desk(request: AnyRequest, refusal: ExchangeError) -> AnyResponse:
    _, status = REFUSED[type(refusal)]
    return _told(request, refusal, _KINDS.get(status, "unfit"), status)


def _not_allowed(request: AnyRequest, refusal: NotAllowedError) -> AnyResponse:
    """Answer in plain words, where codes of the access table would be told."""
    if not refusal.action:
        return _of_desk(request, refusal)
    asked = _asked(request)
    lines = refused_lines(asked.frame(), refusal.action, asked.console.desk.settings.city.access)
    return asked.problem("not_allowed", HTTP_403_FORBIDDEN, *lines)


def _unfit(request: AnyRequest, _: psycopg.DataError) -> AnyResponse:
    return _asked(request).problem("unfit", HTTP_400_BAD_REQUEST)


def _too_many(request: AnyRequest, refusal: TooManyPeopleError) -> AnyResponse:
    return _told(request, refusal, "too_many", HTTP_429_TOO_MANY_REQUESTS)


def _nothing_to_do(request: AnyRequest, refusal: NothingToDoError | SubjectUnclearError) -> AnyResponse:
    return _told(request, refusal, "nothing_to_do", HTTP_409_CONFLICT)


def _away(request: AnyRequest, problem: ExchangeError) -> AnyResponse:
    _as_json(request, problem)
    return _asked(request).problem("away", HTTP_503_SERVICE_UNAVAILABLE)


def _of_fault(request: AnyRequest, fault: Exception) -> AnyResponse:
    HANDLERS[Exception](request, fault)
    return _asked(request).problem("away", HTTP_500_INTERNAL_SERVER_ERROR)


def _told(request: AnyRequest, refusal: ExchangeError, kind: ProblemKind, status: int) -> AnyResponse:
    asked = _asked(request)
    return asked.problem(kind, status, *told(refusal.message).first(asked.language).split("\n"))


def _as_json(request: AnyRequest, problem: Exception) -> AnyResponse:
    """Answer as the API does, and log what there is to log."""
    known = next(kind for kind in type(problem).__mro__ if kind in HANDLERS)
    answer: AnyResponse = HANDLERS[known](request, problem)
    return answer


def not_found(asked: PageRequest) -> AnyResponse:
    """Return the page where there is no such case, or none for whoever asks."""
    return asked.problem("not_found", HTTP_404_NOT_FOUND)


PAGE_HANDLERS: Final[Mapping[Any, Any]] = {
    ProblemError: _of_problem,
    **dict.fromkeys(REFUSED, _of_desk),
    NotAllowedError: _not_allowed,
    TooManyPeopleError: _too_many,
    NothingToDoError: _nothing_to_do,
    SubjectUnclearError: _nothing_to_do,
    psycopg.DataError: _unfit,
    ExchangeError: _away,
    HTTPException: _of_framework,
    Exception: _of_fault,
}
"""Exception → how a page says it; whatever is not here, the API's handler of that very kind answers."""
