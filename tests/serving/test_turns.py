"""Whoever asks for much at once waits for their own turn, and nobody else waits for them."""

import asyncio

import pytest

from exchange.domain.policy_files.gateway import Rate
from exchange.serving.holder_limits import HolderLimits
from exchange.serving.problems import ProblemError

LIMITS = {"requests": Rate(at_once=3, per_second=1), "streams": 1, "at_work": 2}


class Work:
    """Requests that are at work until a test lets them end."""

    def __init__(self, limits: HolderLimits) -> None:
        self._limits = limits
        self.begun: list[str] = []
        self.news = asyncio.Condition()
        self.may_end = asyncio.Event()

    async def ask(self, holder: str) -> None:
        """Work as somebody."""
        async with self._limits.turn(holder):
            async with self.news:
                self.begun.append(holder)
                self.news.notify_all()
            await self.may_end.wait()

    async def until(self, *begun: str) -> None:
        """Return once these are at work, and no more."""
        async with self.news:
            await self.news.wait_for(lambda: len(self.begun) >= len(begun))
        assert self.begun == list(begun)


def test_so_many_are_at_work_and_others_are_not_held_up() -> None:
    """The third waits until one of its own ends; another holder's begins at once."""

    async def run() -> None:
        work = Work(HolderLimits(**LIMITS))  # type: ignore[arg-type]
        asked = [asyncio.create_task(work.ask("zhang")) for _ in range(3)]
        await work.until("zhang", "zhang")
        asked.append(asyncio.create_task(work.ask("wang")))
        await work.until("zhang", "zhang", "wang")
        work.may_end.set()
        await asyncio.gather(*asked)
        assert work.begun == ["zhang", "zhang", "wang", "zhang"]

    asyncio.run(run())


def test_where_too_many_wait_the_next_one_is_refused_until_they_have_ended() -> None:
    """Two at work and three that wait; another holder's is served meanwhile."""

    async def run() -> None:
        work = Work(HolderLimits(**LIMITS))  # type: ignore[arg-type]
        asked = [asyncio.create_task(work.ask("zhang")) for _ in range(5)]
        await work.until("zhang", "zhang")
        with pytest.raises(ProblemError) as refused:
            await work.ask("zhang")
        assert (refused.value.code, refused.value.status) == ("too_many_under_way", 429)
        assert refused.value.headers["Retry-After"] == "5"
        asked.append(asyncio.create_task(work.ask("wang")))
        await work.until("zhang", "zhang", "wang")
        work.may_end.set()
        await asyncio.gather(*asked)
        await work.ask("zhang")

    asyncio.run(run())


def test_a_place_is_free_again_whatever_ended_the_request() -> None:
    """A fault, or that whoever waited has left."""

    async def run() -> None:
        work = Work(limits := HolderLimits(**LIMITS))  # type: ignore[arg-type]
        for _ in range(9):
            with pytest.raises(KeyError):
                async with limits.turn("zhang"):
                    raise KeyError
        asked = [asyncio.create_task(work.ask("zhang")) for _ in range(5)]
        await work.until("zhang", "zhang")
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        work.may_end.set()
        await work.ask("zhang")

    asyncio.run(run())
