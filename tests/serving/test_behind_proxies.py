"""A proxy that the city has named is believed who asks; whoever else says so of themselves is not."""

import asyncio
from typing import Any

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.reverse_proxies import named_proxies
from exchange.serving.behind_proxies import behind_proxies
from tests.cells import each_cell

NAMED = "10.0.0.1, 10.0.1.0/24,fd00::1"


def told(
    monkeypatch: pytest.MonkeyPatch, peer: str | None, *said: tuple[str, str], kind: str = "http"
) -> tuple[Any, Any]:
    """The client's address and the scheme of which the application hears."""
    monkeypatch.setenv("EXCHANGE_REVERSE_PROXIES", NAMED)
    heard: dict[str, Any] = {}

    async def app(scope: Any, *_: object) -> None:
        heard.update(scope)

    headers = [(name.encode(), value.encode()) for name, value in said]
    scope = {"type": kind, "client": peer and (peer, 4711), "scheme": "http", "headers": headers}
    asyncio.run(behind_proxies(app, named_proxies())(scope, None, None))  # type: ignore[arg-type]
    return heard["client"] and heard["client"][0], heard["scheme"]


FOR, OVER = "x-forwarded-for", "x-forwarded-proto"
SAYS = ((FOR, "9.9.9.9"), (OVER, "https"))


@each_cell(
    ("peer", "said", "client", "scheme"),
    [
        ("10.0.0.1", SAYS, "9.9.9.9", "https"),
        ("10.0.1.77", SAYS, "9.9.9.9", "https"),
        ("fd00::1", SAYS, "9.9.9.9", "https"),
        ("10.0.0.1", ((FOR, "9.9.9.9, 8.8.8.8"),), "8.8.8.8", "http"),
        ("10.0.0.1", ((FOR, "9.9.9.9, 8.8.8.8, 10.0.1.2"), (OVER, "HTTPS")), "8.8.8.8", "https"),
        ("10.0.0.1", ((FOR, "9.9.9.9"), (FOR, "2001:db8::7")), "2001:db8::7", "http"),
        ("10.0.0.1", ((FOR, "10.0.1.3,10.0.1.2"),), "10.0.1.3", "http"),
        ("10.0.0.1", ((OVER, "http, https"),), "10.0.0.1", "https"),
        ("10.0.0.1", ((OVER, "https, http"),), "10.0.0.1", "http"),
    ],
)
def test_a_named_proxy_is_believed_as_far_as_named_ones_reach(
    monkeypatch: pytest.MonkeyPatch, peer: str, said: Any, client: str, scheme: str
) -> None:
    """From the end of the list: whatever stands before the first other address anybody may have written."""
    assert told(monkeypatch, peer, *said) == (client, scheme)


@each_cell(
    ("peer", "said"),
    [
        ("10.0.0.2", SAYS),
        ("127.0.0.1", SAYS),
        ("10.0.2.1", SAYS),
        ("9.9.9.9", ((FOR, "10.0.0.1"), (OVER, "https"))),
        (None, SAYS),
        ("10.0.0.1", ()),
        ("10.0.0.1", ((FOR, "unknown"), (OVER, "wss"))),
        ("10.0.0.1", ((FOR, "9.9.9.9, ' OR 1=1"), (OVER, ""))),
        ("10.0.0.1", (("forwarded", "for=9.9.9.9;proto=https"), ("x-real-ip", "9.9.9.9"))),
    ],
)
def test_nobody_else_is_and_neither_is_what_is_no_address(
    monkeypatch: pytest.MonkeyPatch, peer: str | None, said: Any
) -> None:
    """It is known only from where the connection comes."""
    assert told(monkeypatch, peer, *said) == (peer, "http")


def test_what_is_no_request_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start of the application, for example."""
    assert told(monkeypatch, "10.0.0.1", *SAYS, kind="lifespan") == ("10.0.0.1", "http")


def test_none_is_named_unless_the_city_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even this machine itself."""
    monkeypatch.delenv("EXCHANGE_REVERSE_PROXIES", raising=False)
    assert named_proxies() == ()


@pytest.mark.parametrize("named", ["proxy.example.cn", "10.0.0.1 10.0.0.2", "10.0.0.1/24", "*", "10.0.0.256"])
def test_what_names_no_proxy_starts_nothing(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """A typing mistake must not make a network believed that was not meant."""
    monkeypatch.setenv("EXCHANGE_REVERSE_PROXIES", f"10.0.0.1, {named}")
    with pytest.raises(ExchangeError, match="EXCHANGE_REVERSE_PROXIES"):
        named_proxies()
