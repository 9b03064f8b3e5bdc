"""How steps become HTTP, the same for both clients."""

import ssl
from typing import Any, Final

import httpx2

from life_events_client.access import Access
from life_events_client.steps import SILENCE, Answer, Ask, Cut

CONNECT_S: Final = 10.0
BROKEN: Final = (httpx2.TransportError, httpx2.StreamError)
"""What a cut looks like."""


class Closed(Exception):  # noqa: N818 - an end, not a fault
    """The client was closed while it worked."""


def settings(access: Access) -> dict[str, Any]:
    """Return what either kind of HTTP client is made with."""
    trusted = ssl.create_default_context(cafile=access.ca) if access.ca else True
    return {"base_url": access.url, "verify": trusted, "headers": {"user-agent": "life-events-client"}}


def request(step: Ask) -> dict[str, Any]:
    """Return what either kind of HTTP client sends for a step."""
    timeout = httpx2.Timeout(step.patience_s, connect=CONNECT_S)
    encoding = {"accept-encoding": "identity"} if step.stream else {}  # nothing may gather before it is sent
    return {
        "method": step.method,
        "url": step.path,
        "params": dict(step.params),
        "headers": {**encoding, **step.headers},
        "content": step.content or None,
        "timeout": timeout,
    }


def answer(response: httpx2.Response, body: bytes = b"") -> Answer:
    """Return what was answered."""
    return Answer(response.status_code, {name.lower(): said for name, said in response.headers.items()}, body)


def cut(problem: Exception) -> Cut:
    """Return a cut that names the kind of fault, and nothing of what was sent."""
    silent = isinstance(problem, httpx2.ReadTimeout)
    return Cut(SILENCE if silent else type(problem).__name__)
