"""What the desk refuses, as problems: with the sentence that the desk says of it."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response

from exchange.desk.asker import NotAllowedError
from exchange.desk.guessing import SlowDownError
from exchange.desk.people_shown import TooManyPeopleError
from exchange.desk.sign_in import SignInRefusedError
from exchange.runtime.errors import ExchangeError
from exchange.serving.problems import ProblemError, answered
from topics.labels import Words

_REFUSED: Final[Mapping[type[ExchangeError], tuple[str, int]]] = {
    NotAllowedError: ("not_allowed", 403),
    SignInRefusedError: ("sign_in_refused", 401),
    TooManyPeopleError: ("too_many_people", 429),
}
"""What the desk raises → code and status; all else that it raises is a part that does not answer."""


def _refused(request: Request[Any, Any, Any], refusal: ExchangeError) -> Response[Any]:
    code, status = _REFUSED[type(refusal)]
    return answered(request, ProblemError(code, status, told=told(refusal)))


def _slowed_down(request: Request[Any, Any, Any], refusal: SlowDownError) -> Response[Any]:
    return answered(request, ProblemError("too_many", 429, retry_s=refusal.retry_s))


def told(refusal: ExchangeError) -> Words:
    """Return what the desk says, its lines being Chinese and English by turns."""
    lines = refusal.message.split("\n  ")
    zh, en = "\n".join(lines[::2]), "\n".join(lines[1::2])
    return Words(zh, en or zh)


HANDLERS: Final[Mapping[Any, Any]] = {**dict.fromkeys(_REFUSED, _refused), SlowDownError: _slowed_down}
"""Exception → how it is answered."""
