"""Which addresses `NO_PROXY` names: no standard says, so each way is read in which offices write it.

As with curl, a name stands for all that end in it (`gov.cn`, `.gov.cn`), an address for itself and a network
for all in it (`10.0.0.0/8`), a port may follow, and `*` is everything. As in the settings of Windows and of
browsers, an entry may have a `*` anywhere (`*.gov.cn`, `10.*`), and `<local>` is every name without a dot.
"""

import re
from ipaddress import ip_address, ip_network
from typing import Final

_BETWEEN: Final = re.compile(r"[\s,;，；、]+")
_WITH_PORT: Final = re.compile(r"(\[[^]]*]|[^:]*):(\d+)")
_ALL_WITHOUT_DOT: Final = "<local>"


def is_named(no_proxy: str, host: str, port: int | None) -> bool:
    """Say whether the variable names an address; an entry that cannot be understood names nothing.

    Args:
        no_proxy: the variable's value.
        host: a name or a number, without brackets.
        port: as the address has it; None: it has none.
    """
    entries = filter(None, _BETWEEN.split(no_proxy.lower()))
    return any(_fits(entry, host.lower().rstrip("."), port) for entry in entries)


def _fits(entry: str, host: str, port: int | None) -> bool:
    if found := _WITH_PORT.fullmatch(entry):
        if int(found[2]) != port:
            return False
        entry = found[1]
    name = entry.strip("[]").removeprefix("*.").strip(".")
    if entry == _ALL_WITHOUT_DOT:
        return "." not in host and ":" not in host
    if "/" in name:
        return _is_in(name, host)
    if "*" in name:
        return bool(re.fullmatch(re.escape(name).replace(r"\*", ".*"), host))
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _is_in(network: str, host: str) -> bool:
    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False
