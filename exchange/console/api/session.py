"""`/desk/v1/session`: signing in and out, and who somebody is."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from litestar import Request, delete, get, post
from litestar.params import JSONBody

from exchange.console.access import enter, enter_with_code
from exchange.console.console import AskerHere, ConsoleHere, DeskConsole
from exchange.console.request_session import API
from exchange.desk.asker import Asker
from exchange.desk.identity import Shown
from exchange.desk.sessions import DeskSession
from exchange.domain.access.may import WorkPlace
from exchange.serving.asking import OPEN, address_of
from exchange.serving.openapi import NO_TOKEN, answers


@dataclass
class SignInAsked:
    """What somebody shows: name and password, and a one-time code where needed; or an applicant's code."""

    name: str = ""
    password: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


@dataclass
class SessionToken:
    """What is sent as `Authorization: Bearer`; how long it lasts without a request, and at the longest."""

    token: str
    token_type: str
    idle_seconds: int
    longest_seconds: int


@dataclass
class SessionShown:
    """Who somebody is, within what, what they may do, and how many people they were shown today."""

    name: str
    role: str
    within: WorkPlace
    may: list[str]
    people_today: int
    people_limit: int | None


@post(f"{API}/session", opt=OPEN, security=NO_TOKEN, responses=answers(400, 401, 429, 503), tags=["Session"])
async def sign_in(
    request: Request[Any, Any, Any], console: ConsoleHere, data: JSONBody[SignInAsked]
) -> SessionToken:
    """Sign in; after several wrong tries one waits, as Retry-After says."""
    address = address_of(request)
    if data.code:
        token = await enter_with_code(console, data.code, address, "api")
    else:
        token = await enter(console, Shown(data.name, data.password, data.totp), address, "api")
    limits = console.desk.settings.city.accounts.sessions
    idle, longest = limits.idle.total_seconds(), limits.longest.total_seconds()
    return SessionToken(token, "Bearer", int(idle), int(longest))


@get(f"{API}/session", responses=answers(401, 429, 503), sync_to_thread=True, tags=["Session"])
def read_session(console: ConsoleHere, asker: AskerHere) -> SessionShown:
    """Say who I am, what I may do, and how many people I was shown today."""
    return session_of(console, asker)


@delete(f"{API}/session", responses=answers(401, 429, 503), sync_to_thread=True, tags=["Session"])
def sign_out(request: Request[DeskSession, str, Any], console: ConsoleHere) -> None:
    """Sign out: the token is good for nothing any more."""
    console.sign_in.sign_out(request.auth)


def session_of(console: DeskConsole, asker: Asker) -> SessionShown:
    """Return who somebody is, as people are told of themselves.

    Raises:
        ExchangeError: PostgreSQL does not answer.
    """
    city = console.desk.settings.city
    today = console.desk.people.today(asker, datetime.now(UTC))
    may = sorted(city.access.roles[asker.role].may)
    return SessionShown(asker.name, asker.role, asker.kept_within, may, *today)
