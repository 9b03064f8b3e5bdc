"""Starts the supervisor in the background: a process of its own, followed by its log until all is healthy."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import BinaryIO

import typer

from exchange.command.terminal.console import say
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said
from exchange.runtime.stack.parts import OUR_ENVIRONMENT
from exchange.runtime.stack.state import read_listen, read_policy_folder, read_state
from exchange.runtime.waiting import wait_until
from exchange.runtime.webhook_endpoint import NOTIFIER, URL_VARIABLE, wants_webhooks

OTHER_LIMIT_S = 60.0


def start_behind(place: Home, options: Sequence[str], city: City) -> None:
    """Start the supervisor as a process of its own, `up` with these options; return when all is healthy.

    It runs in the home: a city's folder that was named from here is named to it in full.
    """
    log = place.log("supervisor")
    log.touch(0o600)
    with log.open("ab") as out, log.open("rb") as words:
        words.seek(0, os.SEEK_END)
        child = subprocess.Popen(
            [sys.executable, "-m", "exchange", "up", "--home", str(place.root), *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **OUR_ENVIRONMENT, **city.environment},
            cwd=place.root,
            start_new_session=True,
        )
        _await_child(place, child, words)


def _await_child(place: Home, child: subprocess.Popen[bytes], words: BinaryIO) -> None:
    """Pass on what the supervisor says until all is healthy, or until it has given up."""
    try:
        while not _is_up(place, child.pid):
            ended = child.poll() is not None
            _echo(words)
            if ended:
                raise typer.Exit(1)
            time.sleep(0.05)
        _echo(words)
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise


def _is_up(place: Home, pid: int) -> bool:
    state = read_state(place)
    return state is not None and state.supervisor.pid == pid and state.healthy


def _echo(words: BinaryIO) -> None:
    for line in words:
        say(line.decode("utf-8", "replace").rstrip("\n"))


def join_running(place: Home, workers: int | None, listen: str | None, city: City) -> bool:
    """Return True if the home runs already and is, or becomes, healthy; False if it is free.

    Raises:
        ExchangeError: it runs but does not become healthy, or not with this many joiners, or is not reached
            at this address, or runs by another city's policy; or it tells a portal but should not, or the
            other way round.
    """
    state = read_state(place)
    if state is None or not state.running or state.phase == "stopping":
        return False
    wait_until(lambda: _is_up(place, state.supervisor.pid) or not state.running, OTHER_LIMIT_S)
    if not _is_up(place, state.supervisor.pid):
        raise ExchangeError(said("running_unhealthy", home=place.root), said("see_status"))
    now = read_state(place) or state  # the state written at its start named no parts
    running = sum(part.name.partition("-")[0] == "joiner" for part in now.parts)
    if workers not in (None, running):
        raise ExchangeError(
            said("running_with_other_joiners", home=place.root, running=running, wanted=workers),
            said("stop_then_start"),
        )
    if listen not in (None, read_listen(place)):
        raise ExchangeError(
            said("running_not_at_address", home=place.root, address=listen), said("stop_then_listen")
        )
    told = any(part.name == NOTIFIER for part in now.parts)
    if running and told != wants_webhooks():
        raise ExchangeError(
            said("running_with_portal" if told else "running_without_portal", home=place.root),
            said("read_at_start", variable=URL_VARIABLE),
        )
    if running:
        _require_policy(place, city)
    say(said("already_running", home=place.root))
    return True


def _require_policy(place: Home, city: City) -> None:
    """Refuse to take what runs by another city's policy for what was asked for."""
    running = read_policy_folder(place)
    if running != city.folder:
        now, wanted = (printed(str(one)) if one else "-" for one in (running, city.folder))
        home = printed(str(place.root))
        message = said("policy_folder_other", home=home, running=now, folder=wanted)
        raise ExchangeError(message, said("policy_restart"))
