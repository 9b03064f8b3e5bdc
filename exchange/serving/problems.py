"""What is answered instead: RFC 9457 problem details, in the language that was asked for.

Shape: `application/problem+json`: type, title, status, detail, code; with a refused record also its reasons.
Nothing in it quotes what was sent.
"""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from exchange.runtime.errors import ExchangeError
from exchange.runtime.logs import logger
from exchange.serving.language import language_of
from topics.labels import Labels, Language

LABELS: Final = Labels(__file__)
TITLES: Final = LABELS.table("titles")
DETAILS: Final = LABELS.table("details")
PROBLEM_JSON: Final = "application/problem+json"
RETRY_S: Final = 5
_OF_STATUS: Final[Mapping[int, str]] = {
    400: "request_wrong",
    401: "token_missing",
    403: "not_allowed",
    404: "not_found",
    405: "method_wrong",
    406: "not_acceptable",
    413: "too_large",
    415: "media_type_wrong",
    429: "too_many",
}
"""What the framework itself refuses, by its status."""

_SENT_AS: Final = {
    "begin": "from",
    "last_id": "Last-Event-ID",
    "key": "Idempotency-Key",
    "if_match": "If-Match",
    "last_seen": "Last-Event-ID",
    "transition": "state",
}
"""Parameters that a client knows by another name."""

log = logger("serving")


class ProblemError(Exception):
    """Something is answered with a problem.

    Args:
        code: as the labels have it, and what programs tell problems apart by.
        status: of the answer.
        retry_s: after how many seconds it may be tried again; None where that is no use.
        details: what the sentence tells; nothing personal.
    """

    def __init__(self, code: str, status: int, *, retry_s: int | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = {} if retry_s is None else {"Retry-After": str(retry_s)}
        self.details = details
        self.more: Mapping[str, object] = {}

    def with_more(self, **more: object) -> "ProblemError":
        """Return it with further members."""
        self.more = more
        return self

    def body(self, language: Language) -> dict[str, object]:
        """Return the problem as it is sent."""
        return {
            "type": f"/problems/{self.code}",
            "title": TITLES[self.code].first(language),
            "status": self.status,
            "detail": DETAILS[self.code].filled(**self.details).first(language),
            "code": self.code,
            **self.more,
        }


def away(problem: str) -> ProblemError:
    """Return what is answered while a part that is needed does not answer."""
    return ProblemError("part_away", 503, retry_s=RETRY_S, part=problem)


def answered(request: Request[Any, Any, Any], problem: ProblemError) -> Response[Any]:
    """Return a problem as the answer to a request."""
    body = problem.body(language_of(request))
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(body, status_code=problem.status, headers=headers, media_type=PROBLEM_JSON)


def _of_framework(request: Request[Any, Any, Any], refused: HTTPException) -> Response[Any]:
    status = refused.status_code
    if isinstance(refused, ValidationException) and (named := _named(refused)):
        problem = ProblemError("parameter_wrong", 400, names=", ".join(named))
    elif status in _OF_STATUS:
        problem = ProblemError(_OF_STATUS[status], status)
    else:
        return _of_anything(request, refused)
    problem.headers = dict(refused.headers or {})
    return answered(request, problem)


def _named(refused: ValidationException) -> list[str]:
    """Return the names of the parameters that do not fit: never what they were."""
    extra = refused.extra if isinstance(refused.extra, list) else []
    names = {str(one["key"]) for one in extra if isinstance(one, Mapping) and "key" in one}
    return sorted(_SENT_AS.get(name, name) for name in names)


def _of_exchange(request: Request[Any, Any, Any], problem: ExchangeError) -> Response[Any]:
    log.warning("part_away", error=type(problem).__name__)
    return answered(request, away(type(problem).__name__))


def _of_anything(request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """Answer a fault of our own: its kind is logged, and nothing of the request."""
    log.error("fault", error=type(problem).__name__, path=request.scope.get("path_template"))
    return answered(request, ProblemError("fault", HTTP_500_INTERNAL_SERVER_ERROR))


HANDLERS: Final[Mapping[Any, Any]] = {
    ProblemError: answered,
    ExchangeError: _of_exchange,
    HTTPException: _of_framework,
    Exception: _of_anything,
}
"""Exception → how it is answered."""
