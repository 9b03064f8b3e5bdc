"""Whether a client of the brokers is alive: its own threads give a pulse, whatever the brokers do.

librdkafka can lock itself for ever when a broker leaves while a reader asks it about the leader's epoch
(its issue 5476): the reader is then given nothing more, and no error. Its statistics come from the thread
that stands still, so their absence shows it.
"""

import time
from collections.abc import Callable
from typing import Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

PULSE_S: Final = 20.0
LIMIT_S: Final = 120.0
"""Longer than any machine that still works lets a thread wait."""
_ELSEWHERE_S: Final = 10.0
"""Who did not look for so long was at something else, and could feel nothing meanwhile."""


class ClientLockedError(ExchangeError):
    """A client has locked itself: nothing comes from it any more, and only a new process helps."""


class Pulse:
    """The pulse of one client, felt while somebody waits for its messages.

    Args:
        limit_s: how long it may be away.
        clock: seconds that only go forward.
    """

    def __init__(self, limit_s: float = LIMIT_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit_s = limit_s
        self._clock = clock
        self._felt = self._looked = clock()

    def feel(self, _statistics: object = None) -> None:
        """Note that it was felt."""
        self._felt = self._clock()

    def check(self) -> None:
        """Return if it was felt lately.

        Raises:
            ClientLockedError: it was not, though somebody was there all the time.
        """
        now = self._clock()
        if now - self._looked > _ELSEWHERE_S:
            self._felt = now
        self._looked = now
        if now - self._felt > self._limit_s:
            raise ClientLockedError(said("client_locked"), said("client_locked_hint"))
