"""`/desk/v1/guide`: what each matter takes, in the words of every page, sheet and answer of the hotline."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.params import FromPath

from consumers.guide.text import guide_of, guide_row
from exchange.console.console import ConsoleHere
from exchange.console.request_session import API
from exchange.serving.asking import OPEN
from exchange.serving.language import language_of
from exchange.serving.openapi import NO_TOKEN, answers
from exchange.serving.problems import ProblemError


@dataclass
class GuideShown:
    """The guides of all matters; null is what the city has not said yet."""

    matters: list[dict[str, Any]]


@get(f"{API}/guide", opt=OPEN, security=NO_TOKEN, sync_to_thread=True, tags=["Guide"])
def read_guide(request: Request[Any, Any, Any], console: ConsoleHere) -> GuideShown:
    """Return the guides of all matters, in the language that is asked for."""
    policy = console.desk.policy
    return GuideShown([_row(request, console, number) for number in policy.by_number])


@get(
    f"{API}/guide/{{matter:int}}",
    opt=OPEN,
    security=NO_TOKEN,
    responses=answers(400, 404),
    sync_to_thread=True,
    tags=["Guide"],
)
def read_matter_guide(
    request: Request[Any, Any, Any], console: ConsoleHere, matter: FromPath[int]
) -> dict[str, Any]:
    """Return the guide of one matter."""
    if matter not in console.desk.policy.by_number:
        raise ProblemError("not_found", 404)
    return _row(request, console, matter)


def _row(request: Request[Any, Any, Any], console: ConsoleHere, number: int) -> dict[str, Any]:
    city = console.desk.settings.city
    return guide_row(guide_of(number, city.guide, city.policy), language_of(request))
