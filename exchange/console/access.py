"""Who is asking: by a token in the header at the API, by a cookie at the pages, and never the other way.

So no page of another site can make a browser use the API, and what such a page sends to ours is refused by
where it comes from. Source: W3C Fetch Metadata; RFC 6265bis, section 4.1.3 (`__Host-`).
"""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp, Receive, Scope, Send

from exchange.console.console import DeskConsole
from exchange.desk.asker import System
from exchange.desk.identity import Shown
from exchange.desk.sessions import DeskSession, SessionOverError
from exchange.serving.asking import Asking, challenged
from exchange.serving.problems import ProblemError

API: Final = "/desk/v1"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_COOKIE: Final = "session"
_OVER_TLS: Final = "__Host-session"


class SessionAuthentication(AbstractAuthenticationMiddleware):
    """Finds the session that is shown, and counts the request against its holder's limits."""

    async def authenticate_request(self, connection: Asking) -> AuthenticationResult:
        """Return who is asking.

        Raises:
            ProblemError: nobody has signed in, or somebody asks too often.
            ExchangeError: PostgreSQL does not answer.
        """
        console: DeskConsole = connection.app.state.console
        _, token = _shown(connection)
        if not token:
            raise challenged("sign_in_needed", "Bearer")
        session = await asyncio.to_thread(find_session, connection)
        if session is None:
            raise challenged("session_over", 'Bearer error="invalid_token"')
        console.limits.count(session.holder)
        return AuthenticationResult(user=session, auth=token)


def find_session(connection: Asking) -> DeskSession | None:
    """Return the session that is shown; None: there is none, it is over, or it is of another view. It waits.

    Raises:
        ExchangeError: PostgreSQL does not answer.
    """
    console: DeskConsole = connection.app.state.console
    system, token = _shown(connection)
    try:
        found = console.sign_in.find(token, datetime.now(UTC)) if token else None
    except SessionOverError:
        return None
    return found if found is not None and found.asker.system == system else None


def _shown(connection: Asking) -> tuple[System, str]:
    """Return by which view somebody comes, and the token that they show."""
    if is_api(connection.scope["path"]):
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        return "api", token.strip() if kind.lower() == "bearer" else ""
    return "console", connection.cookies.get(_cookie_name(connection), "")


def is_api(path: str) -> bool:
    """Say whether a path is one of the API."""
    return path.startswith(f"{API}/")


def _cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return what the cookie is called: browsers take the safe name over TLS alone."""
    return _OVER_TLS if connection.scope["scheme"] == "https" else _COOKIE


def session_cookie(connection: ASGIConnection[Any, Any, Any, Any], token: str | None) -> Cookie:
    """Return the cookie that holds a session, until the browser is closed; without a token, its end."""
    return Cookie(
        _cookie_name(connection),
        path="/",
        value=token or "",
        max_age=0 if token is None else None,
        httponly=True,
        secure=True,
        samesite="lax",
    )


async def enter(console: DeskConsole, shown: Shown, address: str, system: System) -> str:
    """Let the holder of an account in; return the token.

    Raises:
        ExchangeError: as `AccountSignIn.sign_in`.
    """
    async with console.checking:
        return await asyncio.to_thread(console.sign_in.sign_in, shown, address, system, datetime.now(UTC))


async def enter_with_code(console: DeskConsole, code: str, address: str, system: System) -> str:
    """Let an applicant in with the code on the 收件凭证; return the token.

    Raises:
        ExchangeError: as `AccountSignIn.sign_in_with_code`.
    """
    let_in = console.sign_in.sign_in_with_code
    return await asyncio.to_thread(let_in, code, address, system, datetime.now(UTC))


class SameOrigin:
    """Refuses what another site makes a browser send to our pages; the API takes no cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it.

        Raises:
            ProblemError: it comes from elsewhere, or does not say from where.
        """
        if scope["type"] == ScopeType.HTTP and not (scope["method"] in _SAFE or is_api(scope["path"])):
            connection: Asking = ASGIConnection(scope)
            if not _is_from_here(connection):
                raise ProblemError("other_origin", 403)
        await self.app(scope, receive, send)


def _is_from_here(connection: Asking) -> bool:
    """Say whether a page of ours has sent it; old browsers say so by the origin alone."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(connection.headers.get("origin", "")).netloc == connection.headers.get("host", "?")
