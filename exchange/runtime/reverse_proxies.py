"""Which proxies stand before gateway and console, as the city names them: what they say of a request counts.

Nobody else is believed: who asks could say of themselves whatever they like.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

ReverseProxies = tuple[IPv4Network | IPv6Network, ...]
"""Their addresses; none named: an empty one."""
REVERSE_PROXIES: Final = "EXCHANGE_REVERSE_PROXIES"


def named_proxies() -> ReverseProxies:
    """Return what the environment names: addresses and networks, with commas between them.

    Raises:
        ExchangeError: something in it is neither.
    """
    words = (word.strip() for word in os.environ.get(REVERSE_PROXIES, "").split(","))
    return tuple(_network(word) for word in words if word)


def _network(word: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(word)
    except ValueError:
        raise ExchangeError(
            said("reverse_proxy_wrong", variable=REVERSE_PROXIES, found=word),
            said("reverse_proxy_correct", variable=REVERSE_PROXIES),
        ) from None
