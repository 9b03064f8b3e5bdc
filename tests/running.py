"""A whole exchange in a home of its own, with as many brokers and joiners as wanted; parts to be killed."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import PartState, read_state
from exchange.runtime.waiting import wait_until

START_LIMIT_S = 240
HEALTHY_LIMIT_S = 120.0
GRACE = {"EXCHANGE_GRACE_SECONDS": "2"}
"""So soon the reconciler asks what came of a record: in no test may one be missing that nobody took away."""

NOBODY_TOLD = {"EXCHANGE_WEBHOOK_URL": ""}
"""Whoever runs the tests may have a portal in the environment: it is not told of made-up people."""


def run_exchange(
    *words: str, environment: Mapping[str, str] | None = None, limit_s: float = START_LIMIT_S
) -> subprocess.CompletedProcess[str]:
    """Run the command as people do and return what it said and its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "exchange", *words],
        env={**os.environ, **NOBODY_TOLD, **(environment or {})},
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
        started = run_exchange("up", "--detach", *options, "--home", str(home), environment=given)
        try:
            assert started.returncode == 0, started.stderr
            yield load_settings(home)
        finally:
            run_exchange("down", "--home", str(home))


def part_of(settings: Settings, name: str) -> PartState:
    """What the supervisor says of a part now."""
    state = read_state(Home(settings.home))
    assert state is not None
    return next(part for part in state.parts if part.name == name)


def kill_part(settings: Settings, name: str) -> PartState:
    """Kill a part without a word, and return what it was."""
    killed = part_of(settings, name)
    assert killed.pid is not None
    psutil.Process(killed.pid).kill()
    return killed


def wait_for_next_life(settings: Settings, killed: PartState) -> None:
    """Return when the supervisor has started a killed part again, and it is healthy."""

    def is_back() -> bool:
        now = part_of(settings, killed.name)
        return now.restarts > killed.restarts and now.health == "healthy"

    assert wait_until(is_back, HEALTHY_LIMIT_S), part_of(settings, killed.name)
