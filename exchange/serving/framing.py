"""Refuses requests that two readers could understand differently, before anything reads them.

A proxy in front may believe the other header, and then sends somebody's next request as a part
of this one. Source: RFC 9112, sections 3.2, 6.1 and 6.3.
"""

from collections.abc import Iterable
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

_REFUSED: Final = 400


def framed_once(app: ASGIApp) -> ASGIApp:
    """Return the application behind a check of each request's framing."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and not _is_clear(scope["headers"]):
            headers = [(b"connection", b"close"), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": _REFUSED, "headers": headers})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await app(scope, receive, send)

    return checked


def _is_clear(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether headers tell in one way alone how long the body is and for whom the request is."""
    headers = list(headers)
    names = [name for name, _ in headers]
    transfers = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    lengths, hosts = names.count(b"content-length"), names.count(b"host")
    return lengths + len(transfers) <= 1 and hosts <= 1 and transfers in ([], [b"chunked"])
