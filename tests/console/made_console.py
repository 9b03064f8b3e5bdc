"""A console asked in this process, in which whoever a test lets in has a token."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx

from exchange.console.app import make_app
from exchange.console.console import DeskConsole
from exchange.console.queue_marks import QueueMarks
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.queue_news import read_marks
from exchange.desk.sessions import DeskSession, SessionOverError
from exchange.domain.access.may import WorkPlace
from exchange.domain.accounts import Account
from exchange.domain.policy_files.gateway import Rate
from exchange.runtime.city import City
from exchange.serving.holder_limits import HolderLimits

ENOUGH = Rate(at_once=1_000_000, per_second=1_000_000)
ROOM = SimpleNamespace(settings=SimpleNamespace(city=City()))
"""A desk at which nobody works: what pages say of the city."""


class MadeSessions:
    """Sessions, which a test begins and ends."""

    def __init__(self) -> None:
        self.open: dict[str, DeskSession] = {}

    @property
    def sessions(self) -> "MadeSessions":
        """Return itself: what a stream asks."""
        return self

    def begin(self, asker: Asker) -> str:
        """Let somebody in; return the token."""
        token = f"token-{len(self.open)}"
        self.open[token] = DeskSession(token.encode(), asker.name, None, False, asker)
        return token

    def find(self, token: str, _now: datetime) -> DeskSession:
        """Return the session of a token.

        Raises:
            SessionOverError: there is none.
        """
        if token not in self.open:
            raise SessionOverError
        return self.open[token]

    def valid_of(self, sessions: Sequence[DeskSession], _now: datetime) -> list[DeskSession]:
        """Return those that are still open."""
        return [one for one in sessions if one in self.open.values()]

    @staticmethod
    def find_account(name: str) -> Account | None:
        """Return the account of the one supervisor's one handler, who is at the department of banks."""
        place: WorkPlace = {"department": "financial_regulation"}
        return Account(name, "department_handler", place, "", None, datetime.now(UTC))

    def sign_out(self, token: str) -> None:
        """End one."""
        self.open.pop(token, None)


class MadeConsole:
    """A console and its application."""

    def __init__(self, desk: Any = None, **parts: Any) -> None:
        self.known = MadeSessions()
        limits = parts.pop("limits", HolderLimits(ENOUGH, 8, 6))
        codes, uploads = parts.pop("codes", None), parts.pop("uploads", None)
        marks = QueueMarks(lambda: read_marks(desk))
        self.console = DeskConsole(
            cast(Desk, desk or ROOM), cast(Any, self.known), codes, uploads, limits, marks
        )
        self.app = make_app(self.console)

    def token(self, asker: Asker) -> Mapping[str, str]:
        """Return the header that shows who somebody is at the API."""
        return {"Authorization": f"Bearer {self.known.begin(replace(asker, system='api'))}"}

    async def ask(self, method: str, path: str, scheme: str = "http", **more: Any) -> httpx.Response:
        """Ask."""
        transport = httpx.ASGITransport(cast(Any, self.app))
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://console") as client:
            return await client.request(method, path, **more)

    def asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask, and nobody else meanwhile."""
        return asyncio.run(self.ask(method, path, **more))
