"""Who is asking: by a token in the header at the API, by a cookie at the pages, and never the other way.

So no page of another site can make a browser use the API, and what such a page sends to ours is refused by
where it comes from. Source: W3C Fetch Metadata; RFC 6265bis, section 4.1.3 (`__Host-`).
"""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from exchange.console.console import DeskConsole
from exchange.console.request_session import find_session, is_api, shown_token
from exchange.desk.asker import System
from exchange.desk.identity import Shown
from exchange.desk.sessions import DeskSession
from exchange.serving.asking import Asking, challenged
from exchange.serving.problems import ProblemError

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class SessionAuthentication(AbstractAuthenticationMiddleware):
    """Finds the session that is shown, and counts the request against its holder's limits."""

    async def authenticate_request(self, connection: Asking) -> AuthenticationResult:
        """Return who is asking.

        Raises:
            ProblemError: nobody has signed in, or somebody asks too often.
            ExchangeError: PostgreSQL does not answer.
        """
        console: DeskConsole = connection.app.state.console
        _, token = shown_token(connection)
        if not token:
            raise challenged("sign_in_needed", "Bearer")
        session = await console.at_door(partial(find_session, connection))
        if session is None:
            raise challenged("session_over", 'Bearer error="invalid_token"')
        console.limits.count(session.holder)
        return AuthenticationResult(user=session, auth=token)


class ByTurns:
    """Works on no more of a holder's requests at once than the policy says; of a stream until it begins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on once it is its turn.

        Raises:
            ProblemError: too many of its holder's wait already.
        """
        session: DeskSession | None = scope.get("user")
        if session is None:
            await self.app(scope, receive, send)
            return
        console: DeskConsole = scope["litestar_app"].state.console

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                await turn.aclose()
            await send(message)

        async with AsyncExitStack() as turn:
            await turn.enter_async_context(console.limits.turn(session.holder))
            await self.app(scope, receive, send_on)


async def enter(console: DeskConsole, shown: Shown, address: str, system: System) -> str:
    """Let the holder of an account in; return the token.

    Raises:
        ExchangeError: as `AccountSignIn.sign_in`.
    """
    async with console.checking:
        return await console.at_door(
            partial(console.sign_in.sign_in, shown, address, system, datetime.now(UTC))
        )


async def enter_with_code(console: DeskConsole, code: str, address: str, system: System) -> str:
    """Let an applicant in with the code on the 收件凭证; return the token.

    Raises:
        ExchangeError: as `AccountSignIn.sign_in_with_code`.
    """
    let_in = console.sign_in.sign_in_with_code
    return await console.at_door(partial(let_in, code, address, system, datetime.now(UTC)))


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
