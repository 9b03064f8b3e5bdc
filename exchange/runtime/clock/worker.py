"""The clock: tells every partition what time it is, so that limits run out where no record comes.

Shape: topic `clock`, no key, ``exchange.events.ClockTick``: the same moment on every partition.
Moments are whole multiples of the interval since 1970, so that two clocks say the same, and a restarted
clock knows from the log what was said already. Moments that passed unannounced are not announced later: the
latest says all that they would have said.
"""

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from exchange.runtime.clock.tick_log import TickLog, TicksAwayError, open_tick_log
from exchange.runtime.errors import RegistryAwayError
from exchange.runtime.home import Home, announce_ready
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from exchange.runtime.stopping import Stop
from exchange.runtime.waiting import wait_until

PART: Final = "clock"
RETRY_S: Final = 0.5
LOOK_S: Final = 0.1
"""How late a tick or a stop may be noticed."""
TOLERATED: Final = timedelta(seconds=1)
"""How far a machine's clock may be set back, as time servers do, without anybody being told."""
PASSING = (TicksAwayError, RegistryAwayError)
"""Troubles that pass by themselves: the clock waits and begins again from what the log holds."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

log = logger("clock")


def run(settings: Settings) -> None:
    """Run the clock until SIGTERM or SIGINT; the home's ready file says when the log holds its first tick.

    Raises:
        RegistryRefusedError: the schema of ticks is not registered.
    """
    configure_logs(logging.INFO)
    stop = Stop()
    stop.listen()
    every, home, monitor = timedelta(seconds=settings.tick_seconds), Home(settings.home), Monitor(PART)
    with Registry(settings.registry) as registry, monitor.serving(home):
        keep_ticking(
            lambda: open_tick_log(settings.kafka, settings.city.catalogue, registry),
            lambda ticks: Clock(ticks, every, lambda: announce_ready(home, PART), monitor),
            stop,
            monitor,
        )
    log.info("stopped", part=PART)


def keep_ticking(
    open_ticks: Callable[[], TickLog], clock: Callable[[TickLog], "Clock"], stop: Stop, monitor: Monitor
) -> None:
    """Run one clock after another, each over fresh connections, until asked to stop."""
    while not stop.asked:
        try:
            with open_ticks() as ticks:
                clock(ticks).tick(stop)
        except PASSING as problem:
            log.warning("waits_and_tries_again", error=type(problem).__name__, code=str(problem), part=PART)
            monitor.tries_again(problem)
            wait_until(lambda: stop.asked, RETRY_S)


def moment_of(now: datetime, every: timedelta) -> datetime:
    """Return the latest whole multiple of the interval that is not after now."""
    return _EPOCH + (now - _EPOCH) // every * every


def untold(partitions: Iterable[int], told: Mapping[int, datetime], moment: datetime) -> list[int]:
    """Return the partitions that were told neither the moment nor a later one."""
    return [p for p in partitions if p not in told or told[p] < moment]


class Clock:
    """Announces each moment once on every partition; `ready` is called when the log holds the first.

    Args:
        ticks: the log.
        every: the interval.
        ready: called once.
        monitor: told how it goes.
        now: the machine's clock, UTC; it may be set back.
    """

    def __init__(
        self,
        ticks: TickLog,
        every: timedelta,
        ready: Callable[[], None],
        monitor: Monitor,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ticks = ticks
        self._every = every
        self._ready = ready
        self._monitor = monitor
        self._now = now
        self._warned = False

    def tick(self, stop: Stop) -> None:
        """Announce every moment as it comes, until asked to stop.

        Raises:
            one of `PASSING`: begin again; the log knows what was announced.
        """
        told = self._ticks.last_told(stop)
        moment = self._announce(told, stop)
        if not stop.asked:
            self._ready()
            self._monitor.ready()
            log.info("ticking", part=PART, seconds=self._every.total_seconds())
        while not stop.asked:
            wait_until(partial(self._over, moment, stop), math.inf, LOOK_S)
            moment = self._announce(told, stop)

    def _announce(self, told: dict[int, datetime], stop: Stop) -> datetime:
        """Announce the present moment, unless that is done or overtaken, and return it."""
        self._warn_if_set_back(told)
        moment = self._moment()
        if partitions := untold(self._ticks.partitions, told, moment):
            self._ticks.tell(moment, partitions, stop)
            told.update(dict.fromkeys(partitions, moment))
        return moment

    def _over(self, moment: datetime, stop: Stop) -> bool:
        self._monitor.beat()
        return stop.asked or self._moment() != moment

    def _moment(self) -> datetime:
        return moment_of(self._now(), self._every)

    def _warn_if_set_back(self, told: Mapping[int, datetime]) -> None:
        """Say, once each time, that the log is ahead of the machine: nothing is told until that is over."""
        ahead = max(told.values(), default=_EPOCH) - self._now()
        if ahead > TOLERATED and not self._warned:
            log.warning("clock_set_back", part=PART, seconds=round(ahead.total_seconds(), 3))
        self._warned = ahead > TOLERATED
