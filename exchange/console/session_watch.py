"""Whether the sessions of open streams still hold, asked at once for all of a console's."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from exchange.desk.sessions import DeskSession

VALID_S: Final = 2.0
"""How old an answer may be: who is revoked is out within five seconds."""
ReadValid = Callable[[Sequence[DeskSession]], Awaitable[Iterable[DeskSession]]]
"""Sessions → those that still hold."""


class SessionWatch:
    """The sessions that are followed, and which of them have ended.

    Args:
        read: finds out.
        now: seconds of a clock that never goes back.
    """

    def __init__(self, read: ReadValid, now: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._now = now
        self._one_reads = asyncio.Lock()
        self._followed: dict[int, DeskSession] = {}
        self._ended: set[int] = set()
        self._old_at = now()

    @contextmanager
    def following(self, session: DeskSession) -> Iterator[None]:
        """Follow a session, as one stream has it, while the block runs."""
        self._followed[id(session)] = session
        try:
            yield
        finally:
            del self._followed[id(session)]
            self._ended.discard(id(session))

    async def holds(self, session: DeskSession) -> bool:
        """Say whether a session that is followed still holds.

        Raises:
            ExchangeError: PostgreSQL does not answer.
        """
        async with self._one_reads:
            if self._now() >= self._old_at:
                asked = [*self._followed.values()]
                held = {id(one) for one in await self._read(asked)}
                self._ended |= {id(one) for one in asked if id(one) not in held} & self._followed.keys()
                self._old_at = self._now() + VALID_S
        return id(session) not in self._ended
