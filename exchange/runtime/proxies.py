"""Which proxy leads to an address beyond this machine: what the environment says, read in one way for all.

As with curl, `HTTPS_PROXY` (or `HTTP_PROXY`, by the address's own scheme) comes before `ALL_PROXY`, lower
case before capitals, and what `NO_PROXY` names is reached directly. Only what really goes outside, downloads
and the portal, asks here; the parts of an exchange reach each other directly.
"""

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Final, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

from exchange.runtime.errors import ExchangeError
from exchange.runtime.loopback import is_loopback
from exchange.runtime.no_proxy import is_named
from exchange.runtime.sentences import said

SocksLibrary = Literal["socksio", "PySocks"]
"""The library that a client needs for a SOCKS proxy: httpx the first, requests the second."""

_MODULES: Final[dict[SocksLibrary, str]] = {"socksio": "socksio", "PySocks": "socks"}
_WORDS: Final = frozenset(
    ["auto", "direct", "disabled", "false", "no", "none", "null", "off", "on", "true", "yes", "0", "1"]
)
"""What other programs have in place of a proxy; no machine is called so."""
_SOCKS: Final = ("socks5", "socks5h")
_KNOWN: Final = ("http", "https", *_SOCKS)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that the environment names. Its address may hold a password, and is never shown."""

    variable: str
    url: str = field(repr=False)


def find_proxy(url: str, library: SocksLibrary) -> Proxy | None:
    """Return the proxy that leads to an address; None where it is reached directly.

    Args:
        url: where to.
        library: what the asking client needs for a SOCKS proxy.

    Raises:
        ExchangeError: the proxy cannot be used; says which variable names it, and what to do.
    """
    parts, named = urlsplit(url), getproxies()
    host = parts.hostname or ""
    if is_loopback(host) or is_named(named.get("no", ""), host, parts.port):
        return None
    for kind in (parts.scheme, "all"):
        if address := named.get(kind, "").strip():
            variable = f"{kind.upper()}_PROXY"
            if trouble := _trouble(variable, address, library):
                raise ExchangeError(
                    trouble,
                    said("proxy_correct", variable=variable),
                )
            return Proxy(variable, _whole(address))
    return None


def _trouble(variable: str, address: str, library: SocksLibrary) -> str | None:
    """Return why a proxy cannot be used, before a client says so in its own words; None where it can."""
    scheme = _scheme(_whole(address))
    if scheme is None:
        return said("proxy_no_address", variable=variable)
    if scheme not in _KNOWN:
        return said("proxy_scheme_unknown", variable=variable, scheme=scheme, known=", ".join(_KNOWN))
    if scheme in _SOCKS and find_spec(_MODULES[library]) is None:
        return said("proxy_library_missing", variable=variable, library=library)
    return None


def _whole(address: str) -> str:
    """Return an address with its scheme, which everybody leaves out where it is http."""
    return address if "://" in address else f"http://{address}"


def _scheme(url: str) -> str | None:
    """Return the scheme of a proxy's address; None where it names no machine or port, or a file of rules."""
    try:
        parts = urlsplit(url)
        whole = parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
        named = parts.hostname not in {None, *_WORDS} and parts.path in {"", "/"}
        return parts.scheme if whole and named else None
    except ValueError:
        return None
