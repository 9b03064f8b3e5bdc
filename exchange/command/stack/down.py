"""`exchange down`: stop what runs in a home."""

import os
import signal

from exchange.command.terminal.console import say
from exchange.command.terminal.options import HomeOption
from exchange.runtime.home import find_home
from exchange.runtime.sentences import said
from exchange.runtime.stack.state import StackState, clear, end_leftovers, read_state
from exchange.runtime.waiting import wait_until

LIMIT_S = 90.0


def down(home: HomeOption = None) -> None:
    """Stop the exchange in order, so that nothing is lost; a second time does no harm."""
    place = find_home(home)
    state = read_state(place)
    if state is None:
        say(said("nothing_to_stop", home=place.root))
        return
    if state.running:
        _stop(state)
    # Whatever the supervisor could not end, or left behind when it was killed.
    ended = end_leftovers(state)
    clear(place)
    say(said("stopped", home=place.root))
    if ended:
        say(said("ended_by_force", names=", ".join(ended)))


def _stop(state: StackState) -> None:
    try:
        os.kill(state.supervisor.pid, signal.SIGTERM)
        if not wait_until(lambda: not state.running, LIMIT_S):
            os.kill(state.supervisor.pid, signal.SIGKILL)
            wait_until(lambda: not state.running, LIMIT_S)
    except ProcessLookupError:
        return
