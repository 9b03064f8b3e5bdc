"""How much one holder may ask for: whoever asks too often waits, and nobody else does."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from exchange.gateway.app import make_app
from exchange.gateway.principal_limits import PrincipalLimits
from exchange.runtime.city import City
from exchange.serving.problems import ProblemError
from tests.gateway.made_gateway import MadeGateway

POLICY = City().gateway


class Clock:
    """A clock that a test moves."""

    at = 1000.0

    def __call__(self) -> float:
        """Return what it says."""
        return self.at


def let_through(limits: PrincipalLimits, name: str, number: int) -> int:
    """How many of so many requests are let through."""
    for found in range(number):
        try:
            limits.count(name)
        except ProblemError as refused:
            return found if (refused.status, refused.headers["Retry-After"]) == (429, "1") else -1
    return number


def test_a_burst_is_let_through_and_then_as_many_as_the_rate_allows() -> None:
    """As many as the allowance holds, and after a second a second's."""
    clock = Clock()
    limits = PrincipalLimits(POLICY, clock)
    assert let_through(limits, "health", 300) == POLICY.requests.at_once
    assert let_through(limits, "police", 300) == POLICY.requests.at_once
    clock.at += 1
    assert let_through(limits, "health", 300) == POLICY.requests.per_second
    clock.at += 1_000_000
    assert let_through(limits, "health", 300) == POLICY.requests.at_once


def test_refused_lines_are_let_through_in_portions_until_too_many_were_refused() -> None:
    """The portion that goes beyond is still taken; the next one waits until as much is made up for."""
    clock = Clock()
    limits = PrincipalLimits(POLICY, clock)
    at_once, per_second = POLICY.refusals.at_once, POLICY.refusals.per_second
    limits.count_refused("health", at_once - 1)
    limits.count_refused("health", 3 * per_second)
    with pytest.raises(ProblemError) as refused:
        limits.count_refused("health", 1)
    assert (refused.value.code, refused.value.status) == ("too_many_refused", 429)
    wait_s = int(refused.value.headers["Retry-After"])
    assert wait_s == 3
    limits.count_refused("police", 1)
    limits.count("health")
    clock.at += wait_s
    limits.count_refused("health", 1)


def test_a_credential_has_so_many_streams_and_gets_one_back_when_one_ends() -> None:
    """Another one's do not count."""
    limits = PrincipalLimits(POLICY)
    streams = [limits.stream("health.1") for _ in range(POLICY.streams)]
    for stream in streams:
        stream.__enter__()
    with pytest.raises(ProblemError) as refused, limits.stream("health.1"):
        pass
    assert (refused.value.code, refused.value.status) == ("too_many_streams", 429)
    with limits.stream("health.2"):
        pass
    streams[0].__exit__(None, None, None)
    with pytest.raises(KeyError), limits.stream("health.1"):
        raise KeyError
    with limits.stream("health.1"):
        pass


class SlowDatabase:
    """PostgreSQL, which answers nobody before it may."""

    def __init__(self) -> None:
        self.asked = 0
        self.news = asyncio.Condition()
        self.may_answer = asyncio.Event()

    async def ask(self, _question: object) -> list[object]:
        """Answer that there is nothing."""
        async with self.news:
            self.asked += 1
            self.news.notify_all()
        await self.may_answer.wait()
        return []

    async def until(self, asked: int) -> None:
        """Return once as many have asked, and no more."""
        async with self.news:
            await self.news.wait_for(lambda: self.asked >= asked)
        assert self.asked == asked


def test_one_holder_asks_the_database_so_much_at_once_and_others_come_in_between() -> None:
    """What waits for its turn is answered afterwards; beyond that a holder is told when to ask again."""
    made, database = MadeGateway(), SlowDatabase()
    limits = PrincipalLimits(
        POLICY.model_copy(update={"requests": POLICY.requests.model_copy(update={"at_once": 9})})
    )
    made.gateway = replace(made.gateway, database=database, limits=limits)  # type: ignore[arg-type]
    made.app = make_app(made.gateway)

    async def asking() -> list[int]:
        def asked(holder: str) -> "asyncio.Task[httpx.Response]":
            return asyncio.create_task(made.ask("GET", f"/v1/receipts/{uuid4()}", holder))

        ours = [asked("civil_affairs") for _ in range(POLICY.at_work + 2)]
        await database.until(POLICY.at_work)
        others = asked("bank")
        await database.until(POLICY.at_work + 1)
        database.may_answer.set()
        return [(await one).status_code for one in (*ours, others)]

    assert asyncio.run(asking()) == [404] * (POLICY.at_work + 3)
