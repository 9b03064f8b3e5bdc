"""One supervisor per home: the lock, and cleaning up after one that was killed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from exchange.command.terminal.console import say
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.sentences import said
from exchange.runtime.stack.state import Process, StackState, clear, end_leftovers, read_state, write_state
from exchange.runtime.waiting import wait_until

STOPPING_LIMIT_S = 60.0


@contextmanager
def sole_supervisor(place: Home) -> Iterator[None]:
    """Make sure that only this process supervises the home, and clean up after one that was killed.

    Raises:
        ExchangeError: another process does.
    """
    descriptor = os.open(place.run / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(place, descriptor)
        stale = read_state(place)
        if stale is not None:
            ended = end_leftovers(stale)
            say(said("cleaned_up_parts", parts=", ".join(ended)) if ended else said("cleaned_up"))
            clear(place)
        myself = Process.of(os.getpid()) or Process(os.getpid(), 0.0)
        write_state(place, StackState(myself, "starting", ()))
        try:
            yield
        finally:
            clear(place)
    finally:
        os.close(descriptor)


def _lock(place: Home, descriptor: int) -> None:
    """Take the lock; wait for a supervisor that is stopping, not for one that runs."""

    def settled() -> bool:
        state = read_state(place)
        return _take(descriptor) or (state is not None and state.running and state.phase != "stopping")

    wait_until(settled, STOPPING_LIMIT_S)
    if not _take(descriptor):
        raise ExchangeError(said("running_already", home=place.root), said("see_or_stop"))


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
