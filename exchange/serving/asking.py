"""Who asks, as far as gateway and console find it out alike."""

from collections.abc import Callable
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from exchange.serving.problems import ProblemError

Asking = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Asking, BaseRouteHandler], None]
OPEN: Final = {"exclude_from_auth": True}
"""Of a handler that asks nobody who it is."""


def address_of(connection: Asking) -> str:
    """Return where a request comes from."""
    return connection.client.host if connection.client else ""


def challenged(code: str, challenge: str) -> ProblemError:
    """Return a problem that says how to sign in."""
    problem = ProblemError(code, 401)
    problem.headers["WWW-Authenticate"] = challenge
    return problem
