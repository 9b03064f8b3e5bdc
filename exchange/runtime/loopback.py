"""What is on this machine: how to tell that an address is here, and how to read a page from it.

No proxy leads to the loopback, whatever the environment says: for a proxy that would be its own loopback.
"""

import ipaddress
import socket
from http.client import HTTPConnection
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its name alone: nothing is looked up.

    All of 127.0.0.0/8 and of `localhost` (RFC 6761), and the short forms of a number that a socket takes.
    """
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return _is_short_form(name)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def read_page(url: str, timeout_s: float) -> tuple[int, bytes]:
    """Return the status and the content of a page on the loopback; a refusal also is an answer.

    The client used knows of no proxy and is loaded in milliseconds.

    Raises:
        OSError, http.client.HTTPException: nobody answers there, or not in time, or not in HTTP.
        ValueError: the address is not one of the loopback.
    """
    parts = urlsplit(url)
    if parts.hostname is None or not is_loopback(parts.hostname):
        raise ValueError("not an address of the loopback")
    connection = HTTPConnection(parts.hostname, parts.port, timeout=timeout_s)
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _is_short_form(name: str) -> bool:
    """Say whether it is a number such as `127.1` or `0x7f.1`, which stands for an address of the loopback."""
    try:
        return socket.inet_aton(name)[0] == 127
    except (OSError, ValueError):
        return False
