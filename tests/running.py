"""A whole exchange in a home of its own, with as many brokers and joiners as wanted; parts to be killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil

from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import PartState, read_addresses, read_state
from exchange.runtime.stack.watched import last_lines
from tests.command_copies import can_be_copied, run_copy
from tests.waiting import wait_for

COMMAND_LIMIT_S = 600.0
"""The longest that a command may take: to start a whole exchange on a slow and busy machine."""
GRACE = {"EXCHANGE_GRACE_SECONDS": "2"}
"""So soon the reconciler asks what came of a record: in no test may one be missing that nobody took away."""

NOBODY_TOLD = {"EXCHANGE_WEBHOOK_URL": ""}
"""Whoever runs the tests may have a portal in the environment: it is not told of made-up people."""


Output = TypeVar("Output", str, bytes)

HOMES: list[Home] = []
"""The homes in which something runs now."""


def run_exchange(
    *words: str,
    environment: Mapping[str, str] | None = None,
    limit_s: float = COMMAND_LIMIT_S,
    typed: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command as people do, with what is typed into it; return what it said and its exit code."""
    given = {**os.environ, **NOBODY_TOLD, **(environment or {})}
    if can_be_copied(given):
        return run_copy(words, given, typed or "", limit_s)
    return subprocess.run(
        [sys.executable, "-m", "exchange", *words],
        env=given,
        input=typed,
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )


@contextmanager
def running_exchange(
    *options: str, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> Iterator[Settings]:
    """Give the settings of an exchange that runs for as long as the block does.

    Args:
        options: of `up`, such as `--brokers 3`, `--workers 2`, or `--bare` for no part of our own.
        environment: variables beside our own.
        home: where it lives; a folder that is removed afterwards, if not given.
    """
    with tempfile.TemporaryDirectory(prefix="exchange-test-") as folder:
        home = home or Path(folder) / "home"
        given = {**GRACE, **(environment or {})}
        with started_exchange(home, *options, environment=given):
            yield load_settings(home, ADMIN)


@contextmanager
def started_exchange(
    home: Path, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.CompletedProcess[str]]:
    """Start what is in a home, give what the command said, and stop it whatever happens.

    Raises:
        AssertionError: it did not come up; with the end of each part's log.
    """
    place = Home(home)
    HOMES.append(place)
    try:
        started = run_exchange("up", "--detach", *options, "--home", str(home), environment=environment)
        assert started.returncode == 0, "\n".join([started.stderr, *map("\n".join, ends_of_logs())])
        yield started
    finally:
        run_exchange("down", "--home", str(home))
        HOMES.remove(place)


def ends_of_logs() -> list[tuple[str, str]]:
    """A heading and the last lines of every part's log, of all homes in which something runs."""
    logs = (log for home in HOMES for log in sorted(home.logs.glob("*.log")))
    return [(f"end of {log}", last_lines(log)) for log in logs]


@contextmanager
def ended(process: "subprocess.Popen[Output]") -> Iterator["subprocess.Popen[Output]"]:
    """Give a process, and leave nothing of it behind, whatever happens in the block."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def servers_for_others(settings: Settings) -> str:
    """Where a department's client on this machine finds the brokers: `kafka` of `exchange status --json`."""
    return read_addresses(Home(settings.home))["kafka"]


def part_of(home: Path, name: str) -> PartState:
    """What the supervisor of a home says of a part now."""
    state = read_state(Home(home))
    assert state is not None
    return next(part for part in state.parts if part.name == name)


def kill_part(home: Path, name: str) -> PartState:
    """Kill a part without a word, and return what it was."""
    killed = part_of(home, name)
    assert killed.pid is not None
    psutil.Process(killed.pid).kill()
    return killed


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Stop processes in their tracks for as long as the block lasts."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def kept_away(home: Path, name: str) -> Iterator[None]:
    """Kill a part, which nobody starts again before the block has ended; then it is there again."""
    state = read_state(Home(home))
    assert state is not None
    with stopped(state.supervisor.pid):
        dead = kill_part(home, name)
        yield
    wait_for_next_life(home, dead)


def wait_for_next_life(home: Path, killed: PartState) -> None:
    """Return when the supervisor has started a killed part again, and it is healthy."""

    def is_back() -> bool:
        now = part_of(home, killed.name)
        return now.restarts > killed.restarts and now.health == "healthy"

    wait_for("the part to be healthy again", is_back, seen=lambda: part_of(home, killed.name))
