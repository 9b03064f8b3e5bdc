"""How much one holder may ask for at a time: requests, records and open streams."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from exchange.gateway.problems import ProblemError

REQUESTS_PER_S: Final = 50.0
REQUESTS_AT_ONCE: Final = 200.0
STREAMS: Final = 8
"""Of one credential at once. All of these are [assumed]."""


@dataclass
class _Allowance:
    """Fills up with time, and is used up by asking."""

    left: float
    at: float


@dataclass
class Limits:
    """The allowances of all who ask, by their principals; streams by their credentials."""

    now: Callable[[], float] = time.monotonic
    _allowances: dict[str, _Allowance] = field(default_factory=dict)
    _streams: Counter[str] = field(default_factory=Counter)

    def count(self, principal: str) -> None:
        """Count one request.

        Raises:
            ProblemError: there were too many; says when the next one is let through.
        """
        now = self.now()
        own = self._allowances.setdefault(principal, _Allowance(REQUESTS_AT_ONCE, now))
        own.left = min(REQUESTS_AT_ONCE, own.left + (now - own.at) * REQUESTS_PER_S)
        own.at = now
        if own.left < 1:
            raise ProblemError("too_many", 429, retry_s=ceil((1 - own.left) / REQUESTS_PER_S))
        own.left -= 1

    async def none_streams(self, within_s: float) -> None:
        """Return once no stream is open, or when the time has passed."""
        end = self.now() + within_s
        while self._streams.total() and self.now() < end:
            await asyncio.sleep(0.05)

    @contextmanager
    def stream(self, client_id: str) -> Iterator[None]:
        """Count one of a credential's streams while the block runs.

        Raises:
            ProblemError: it has as many as it may.
        """
        if self._streams[client_id] >= STREAMS:
            raise ProblemError("too_many_streams", 429, retry_s=5, most=STREAMS)
        self._streams[client_id] += 1
        try:
            yield
        finally:
            self._streams[client_id] -= 1
