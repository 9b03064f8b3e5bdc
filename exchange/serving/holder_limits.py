"""How much one holder may ask for at a time: requests, those at work and open streams."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from math import ceil

from exchange.domain.policy_files.gateway import Rate
from exchange.serving.problems import RETRY_S, ProblemError


class Allowances:
    """Of each principal: it fills up with time, and is used up by asking."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, principal: str, number: int, now: float) -> int:
        """Return 0 where it is let through, else after how many seconds it would be."""
        left, at = self._left.get(principal, (float(self._rate.at_once), now))
        left = min(self._rate.at_once, left + (now - at) * self._rate.per_second)
        is_let_through = left >= 1
        self._left[principal] = left - number if is_let_through else left, now
        return 0 if is_let_through else ceil((1 - left) / self._rate.per_second)


@dataclass
class _HolderTurns:
    """A holder's places at work, and how many requests have one or wait for it."""

    places: asyncio.Semaphore
    under_way: int = 0


class HolderLimits:
    """The allowances of all who ask, by their principals; streams by what they signed in with.

    Args:
        requests: how many of them.
        streams: how many may be open at once.
        at_work: how many requests are worked on at once; as many more wait as may be asked at once.
        now: a clock that never goes back, in seconds.
    """

    def __init__(
        self, requests: Rate, streams: int, at_work: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._at_work = at_work
        self._most_under_way = at_work + requests.at_once
        self._work: dict[str, _HolderTurns] = {}
        self._requests = Allowances(requests)
        self._most_streams = streams
        self._streams: Counter[str] = Counter()

    def count(self, principal: str) -> None:
        """Count one request.

        Raises:
            ProblemError: there were too many; says when the next one is let through.
        """
        if wait_s := self._requests.wait_s(principal, 1, self._now()):
            raise ProblemError("too_many", 429, retry_s=wait_s)

    @asynccontextmanager
    async def turn(self, holder: str) -> AsyncIterator[None]:
        """Hold one of a holder's places at work while the block runs; while all are taken, wait for one.

        Raises:
            ProblemError: too many of them wait already.
        """
        work = self._work.setdefault(holder, _HolderTurns(asyncio.Semaphore(self._at_work)))
        if work.under_way >= self._most_under_way:
            raise ProblemError("too_many_under_way", 429, retry_s=RETRY_S)
        work.under_way += 1
        try:
            async with work.places:
                yield
        finally:
            work.under_way -= 1
            if not work.under_way:
                del self._work[holder]

    async def none_streams(self, within_s: float) -> None:
        """Return once no stream is open, or when the time has passed."""
        end = self._now() + within_s
        while self._streams.total() and self._now() < end:
            await asyncio.sleep(0.05)

    @contextmanager
    def stream(self, holder: str) -> Iterator[None]:
        """Count one of a holder's streams while the block runs.

        Raises:
            ProblemError: it has as many as it may.
        """
        if self._streams[holder] >= self._most_streams:
            raise ProblemError("too_many_streams", 429, retry_s=5, most=self._most_streams)
        self._streams[holder] += 1
        try:
            yield
        finally:
            self._streams[holder] -= 1
