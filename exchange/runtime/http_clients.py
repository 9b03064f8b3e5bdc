"""Every HTTP client is made here, so that none reaches a part of the exchange by a proxy.

By default the library obeys whatever proxy the environment names, even for the loopback.
"""

import ssl
from typing import Any, Final

import httpx
import truststore

from exchange.runtime.proxies import find_proxy

_DIRECT: Final[dict[str, Any]] = {"trust_env": False, "follow_redirects": False}


def part_client(
    base_url: str,
    timeout_s: float,
    transport: httpx.BaseTransport | None = None,
    auth: tuple[str, str] | None = None,
) -> httpx.Client:
    """Return a client of a part of the exchange, here or on a machine of ours: never through a proxy.

    Args:
        base_url: of the part.
        timeout_s: how long to wait for it.
        transport: what tests put in the network's place.
        auth: user and password that every request brings along.
    """
    return httpx.Client(
        base_url=base_url,
        timeout=timeout_s,
        transport=transport,
        auth=auth,
        verify=_authorities(base_url),
        **_DIRECT,
    )


def outside_client(url: str, timeout: httpx.Timeout) -> httpx.Client:
    """Return a client of an outside address, through the proxy that leads there; none leads to the loopback.

    Raises:
        ExchangeError: the environment names a proxy that cannot be used.
    """
    verify = _authorities(url)
    proxy = find_proxy(url, "socksio")
    return httpx.Client(
        timeout=timeout, verify=verify, proxy=_via(proxy.url, verify) if proxy else None, **_DIRECT
    )


def _via(url: str, verify: ssl.SSLContext | bool) -> httpx.Proxy:
    if url.startswith("https://") and isinstance(verify, ssl.SSLContext):
        return httpx.Proxy(url, ssl_context=verify)
    return httpx.Proxy(url)


def _authorities(url: str) -> ssl.SSLContext | bool:
    """Return whom to trust: the system's authorities, since a city network has certificates of its own.

    Loading them takes 80 ms of each part's start; without TLS there is nothing to check.
    """
    return False if url.startswith("http://") else truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
