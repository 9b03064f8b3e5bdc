"""Who really asks and over what, where a proxy stands between: as it says, if the city has named it.

Shape: `X-Forwarded-For` → the client's address, `X-Forwarded-Proto` → the scheme, so the cookie's name and
HSTS, too. From whoever is not named both are passed over.
"""

from ipaddress import ip_address
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from exchange.runtime.reverse_proxies import ReverseProxies

_FOR: Final = b"x-forwarded-for"
_OVER: Final = b"x-forwarded-proto"
_SCHEMES: Final = ("http", "https")


def behind_proxies(app: ASGIApp, proxies: ReverseProxies) -> ASGIApp:
    """Return the application that is told who asks by the named proxies, and by nobody else."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["client"] and _is_one(scope["client"][0], proxies):
            # A proxy adds to what was sent before it: the last is what it says itself.
            scheme = _said(scope, _OVER)[-1].lower()
            scope["client"] = (_client(scope, proxies), 0)
            scope["scheme"] = scheme if scheme in _SCHEMES else scope["scheme"]
        await app(scope, receive, send)

    return told


def _client(scope: Scope, proxies: ReverseProxies) -> str:
    """Return the last address that no named proxy has: whatever stands before it anybody may have written."""
    known = str(scope["client"][0]) if scope["client"] else ""
    for address in reversed(_said(scope, _FOR)):
        if not (_is_one(known, proxies) and _is_address(address)):
            break
        known = address
    return known


def _said(scope: Scope, header: bytes) -> list[str]:
    """Return what a header lists, in all its lines; at least an empty word."""
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == header]
    return [word.strip() for word in ",".join(lines).split(",")]


def _is_one(address: str, proxies: ReverseProxies) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
