"""How far the read model has come, asked once for all streams of a console."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final

LOOK_S: Final = 0.25
"""How old an answer may be; a row is to be there within a second."""
ReadMarks = Callable[[], Mapping[str, int]]
"""Topic → its mark, as `read_marks`."""


class QueueMarks:
    """The marks of all topics, not older than `LOOK_S`.

    Args:
        read: reads them; called in a thread.
        now: seconds of a clock that never goes back.
    """

    def __init__(self, read: ReadMarks, now: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._now = now
        self._one_reads = asyncio.Lock()
        self._marks: Mapping[str, int] = {}
        self._old_at = now()

    async def of(self, topic: str) -> int:
        """Return the mark of a topic; 0: nothing has come on it.

        Raises:
            ExchangeError: the read model does not answer.
        """
        async with self._one_reads:
            if self._now() >= self._old_at:
                self._marks = await asyncio.to_thread(self._read)
                self._old_at = self._now() + LOOK_S
        return self._marks.get(topic, 0)
