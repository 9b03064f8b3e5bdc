"""Headers of every answer: nothing is kept by browsers or proxies, and nothing else is let into a page.

A handler that says otherwise of one keeps its own.
"""

from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_OVER_TLS: Final = (b"strict-transport-security", b"max-age=31536000")


def with_headers(app: ASGIApp) -> ASGIApp:
    """Return the application with these headers on all that it answers."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        ours = (*HEADERS, _OVER_TLS) if scope["scheme"] == "https" else HEADERS

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                names = {name.lower() for name, _ in given}
                message["headers"] = [*given, *(one for one in ours if one[0] not in names)]
            await send(message)

        await app(scope, receive, send_with)

    return answered
