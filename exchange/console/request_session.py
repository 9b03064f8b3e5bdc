"""The session that a request shows: by a token in the header at the API, by a cookie at the pages.

Source of the cookie's names: RFC 6265bis, section 4.1.3 (`__Host-`).
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from exchange.desk.asker import System
from exchange.desk.sessions import DeskSession, SessionOverError
from exchange.serving.asking import Asking

if TYPE_CHECKING:  # what it is made of is put together by the worker alone
    from exchange.desk.sign_in import AccountSignIn

API: Final = "/desk/v1"
_COOKIE: Final = "session"
_OVER_TLS: Final = "__Host-session"


def find_session(connection: Asking) -> DeskSession | None:
    """Return the session that is shown; None: there is none, it is over, or it is of another view. It waits.

    Raises:
        ExchangeError: PostgreSQL does not answer.
    """
    system, token = shown_token(connection)
    sessions: AccountSignIn = connection.app.state.console.sign_in
    try:
        found = sessions.find(token, datetime.now(UTC)) if token else None
    except SessionOverError:
        return None
    return found if found is not None and found.asker.system == system else None


def shown_token(connection: Asking) -> tuple[System, str]:
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
