"""The sign-in as a browser meets it: at the loopback, and through a proxy that is named or is not."""

import asyncio
from datetime import datetime
from ipaddress import ip_network
from typing import Any, Final, cast

import httpx
import pytest

from exchange.desk.asker import Asker, System
from exchange.desk.identity import Shown
from exchange.serving.behind_proxies import behind_proxies
from tests.cells import each_cell
from tests.console.made_console import MadeConsole

CLERK: Final = Asker("zhang", "window_clerk", {}, "console")
PROXY, STRANGER, BROWSER = "10.0.0.1", "10.0.0.2", "10.9.9.9"
FORM: Final = {"name": "zhang", "password": "of nobody", "back": "/console/queue"}
SAYS: Final = {"X-Forwarded-For": BROWSER, "X-Forwarded-Proto": "https"}


class Door:
    """A console behind one named proxy; it knows from which addresses somebody has signed in."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self._made = MadeConsole()
        known: Any = self._made.known

        def sign_in(_shown: Shown, address: str, _system: System, _now: datetime) -> str:
            self.addresses.append(address)
            return self._made.known.begin(CLERK)

        known.sign_in = sign_in
        self._app = behind_proxies(self._made.app, (ip_network(PROXY),))

    @property
    def open(self) -> set[str]:
        """Return the tokens of all sessions."""
        return {*self._made.known.open}

    def asked(self, peer: str, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask over a connection from there."""
        return asyncio.run(self._ask(peer, method, path, **more))

    async def _ask(self, peer: str, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(cast(Any, self._app), client=(peer, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            return await client.request(method, path, **more)


@each_cell(("base",), [("",), ("/console",)])
@each_cell(
    ("peer", "said", "cookie", "address"),
    [
        ("127.0.0.1", {}, "session", "127.0.0.1"),
        ("127.0.0.1", SAYS, "session", "127.0.0.1"),
        (STRANGER, SAYS, "session", STRANGER),
        (PROXY, SAYS, "__Host-session", BROWSER),
        (PROXY, {"X-Forwarded-For": BROWSER, "X-Forwarded-Proto": "http"}, "session", BROWSER),
        (PROXY, {}, "session", PROXY),
    ],
)
def test_the_cookie_is_as_safe_as_the_way_and_guesses_count_where_they_come_from(
    monkeypatch: pytest.MonkeyPatch, base: str, peer: str, said: dict[str, str], cookie: str, address: str
) -> None:
    """Under a path, too, it is for the whole host, as its name demands; by another name it is no session."""
    monkeypatch.setenv("EXCHANGE_CONSOLE_PATH", base)
    door = Door()
    headers = {"Sec-Fetch-Site": "same-origin", **said}
    let_in = door.asked(peer, "POST", "/sign-in", data={**FORM, "back": f"{base}/queue"}, headers=headers)
    assert (let_in.status_code, let_in.headers["location"]) == (303, f"{base}/queue")
    given = let_in.headers["set-cookie"]
    assert given.startswith(f"{cookie}=token-0;")
    assert {"Path=/", "Secure", "HttpOnly"} <= set(given.split("; "))
    assert "Domain" not in given
    assert ("strict-transport-security" in let_in.headers) is (cookie != "session")
    assert door.addresses == [address]
    for name in sorted({"session", "__Host-session"}, key=lambda name: name == cookie):
        assert door.open == {"token-0"}
        door.asked(peer, "POST", "/sign-out", headers={**headers, "Cookie": f"{name}=token-0"})
    assert door.open == set()


@each_cell(("peer", "address"), [(PROXY, BROWSER), (STRANGER, STRANGER), ("127.0.0.1", "127.0.0.1")])
def test_the_api_counts_guesses_in_the_same_place(peer: str, address: str) -> None:
    """Whoever writes a header cannot take another's place, nor a new one for each guess."""
    door = Door()
    shown = {"name": "zhang", "password": "of nobody"}
    assert door.asked(peer, "POST", "/desk/v1/session", json=shown, headers=SAYS).status_code == 201
    assert door.addresses == [address]
