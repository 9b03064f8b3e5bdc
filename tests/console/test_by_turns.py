"""Somebody's slow requests hold up nobody else: neither who works beside them, nor who comes in."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

import pytest
from litestar import get
from litestar.response import ServerSentEvent

from exchange.console import app as console_app
from exchange.console.console import AskerHere
from exchange.desk.asker import Asker, System
from exchange.desk.identity import Shown
from exchange.serving.holder_limits import HolderLimits
from tests.console.made_console import ENOUGH, MadeConsole

ZHANG: Final = Asker("zhang", "window_clerk", {}, "console")
WANG: Final = Asker("wang", "window_clerk", {}, "console")
AT_WORK: Final = 2
WAITING: Final = 3


class SlowWork:
    """Pages that take as long as a test likes, each in a thread; and one that tells events meanwhile."""

    def __init__(self) -> None:
        self.full = threading.Barrier(AT_WORK + 1)
        self.may_end = threading.Event()

        @get(["/slow", "/desk/v1/slow"], sync_to_thread=True)
        def slow(asker: AskerHere) -> str:
            self.full.wait()
            self.may_end.wait()
            return asker.name

        @get(["/quick", "/desk/v1/quick"], sync_to_thread=True)
        def quick(asker: AskerHere) -> str:
            return asker.name

        @get("/desk/v1/who", sync_to_thread=False)
        def who(asker: AskerHere) -> str:
            return asker.name

        @get("/events", sync_to_thread=False)
        def events() -> ServerSentEvent:
            return ServerSentEvent(self._told())

        self.rooms = (*console_app.API_HANDLERS, slow, quick, who, events)
        self.listening = asyncio.Event()
        self.over = asyncio.Event()

    async def _told(self) -> AsyncIterator[str]:
        yield "begun"
        self.listening.set()
        await self.over.wait()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> SlowWork:
    """A console with such pages."""
    work = SlowWork()
    monkeypatch.setattr(console_app, "_ROOMS", work.rooms)
    return work


class Asked:
    """A console with few threads, asked by several at once."""

    def __init__(self, threads: int) -> None:
        limits = HolderLimits(ENOUGH.model_copy(update={"at_once": WAITING}), 8, AT_WORK)
        self._made = MadeConsole(limits=limits)
        known: Any = self._made.known

        def sign_in(_shown: Shown, _address: str, _system: System, _now: datetime) -> str:
            return self._made.known.begin(ZHANG)

        known.sign_in = sign_in
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads))

    def page(self, asker: Asker, path: str) -> "asyncio.Task[Any]":
        """Ask for a page as somebody."""
        headers = {"Cookie": f"session={self._made.known.begin(asker)}"}
        return asyncio.create_task(self._made.ask("GET", path, headers=headers))

    def api(self, asker: Asker, path: str) -> "asyncio.Task[Any]":
        """Ask the API as somebody."""
        return asyncio.create_task(self._made.ask("GET", path, headers=self._made.token(asker)))

    def sign_in(self) -> "asyncio.Task[Any]":
        """Sign in at the API."""
        shown = {"name": "zhang", "password": "of nobody"}
        return asyncio.create_task(self._made.ask("POST", "/desk/v1/session", json=shown))


def run(work: SlowWork, asking: Coroutine[Any, Any, None]) -> None:
    """Run to the end, also where it fails in the midst of slow work."""

    async def asked() -> None:
        try:
            await asking
        finally:
            work.may_end.set()
            work.over.set()

    asyncio.run(asked())


async def until_full(work: SlowWork) -> None:
    """Return once as many slow pages are at work as one holder may have."""
    await asyncio.get_running_loop().run_in_executor(ThreadPoolExecutor(1), work.full.wait)


def test_one_holds_so_many_threads_and_another_is_served_meanwhile(work: SlowWork) -> None:
    """Those that wait for their turn are served afterwards."""

    async def asking() -> None:
        asked = Asked(threads=AT_WORK + 1)
        slow = [asked.page(ZHANG, "/slow") for _ in range(AT_WORK)]
        await until_full(work)
        later = [asked.page(ZHANG, "/quick"), asked.api(ZHANG, "/desk/v1/quick")]
        assert (await asked.page(WANG, "/quick")).text == "wang"
        assert (await asked.api(WANG, "/desk/v1/quick")).text == "wang"
        assert not any(one.done() for one in (*slow, *later))
        work.may_end.set()
        assert [(await one).text for one in (*slow, *later)] == ["zhang"] * 4

    run(work, asking())


def test_whoever_asks_for_still_more_is_told_when_to_try_again(work: SlowWork) -> None:
    """On a page and at the API; another is served."""

    async def asking() -> None:
        asked = Asked(threads=AT_WORK + 1)
        slow = [asked.page(ZHANG, "/slow") for _ in range(AT_WORK)]
        await until_full(work)
        later = [asked.page(ZHANG, "/quick") for _ in range(WAITING + 2)]
        refused, *_ = await asyncio.wait(later, return_when=asyncio.FIRST_COMPLETED)
        page, api = refused.pop().result(), await asked.api(ZHANG, "/desk/v1/quick")
        for answer in (page, api):
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
            assert answer.json()["code"] == "too_many_under_way"
        assert (await asked.page(WANG, "/quick")).text == "wang"
        work.may_end.set()
        done = [(await one).status_code for one in (*slow, *later)]
        assert sorted(done) == [200] * (AT_WORK + WAITING) + [429] * 2

    run(work, asking())


def test_people_come_in_while_every_thread_is_held(work: SlowWork) -> None:
    """To look who somebody is and to sign in takes threads of its own."""

    async def asking() -> None:
        asked = Asked(threads=AT_WORK)
        slow = [asked.page(ZHANG, "/slow") for _ in range(AT_WORK)]
        await until_full(work)
        assert (await asked.sign_in()).status_code == 201
        assert (await asked.api(WANG, "/desk/v1/who")).text == "wang"
        work.may_end.set()
        assert [(await one).text for one in slow] == ["zhang"] * 2

    run(work, asking())


def test_an_open_stream_takes_no_turn(work: SlowWork) -> None:
    """Ten tabs listen, and the page beside them is shown."""

    async def asking() -> None:
        asked = Asked(threads=1)
        streams = []
        for _ in range(AT_WORK):
            work.listening.clear()
            streams.append(asked.page(ZHANG, "/events"))
            await work.listening.wait()
        assert (await asked.page(ZHANG, "/quick")).text == "zhang"
        work.over.set()
        assert [(await one).status_code for one in streams] == [200] * AT_WORK

    run(work, asking())
