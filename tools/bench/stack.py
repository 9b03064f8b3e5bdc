"""The stack that is measured: a home of its own, with the worker started and stopped at will."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.waiting import wait_until
from exchange.runtime.webhook_endpoint import URL_VARIABLE

READY_SECONDS = 60.0


def exchange(home: Path, *words: str) -> None:
    """Run one command of the exchange on the home.

    Raises:
        ExchangeError: it did not exit with 0; holds the last of what it said.
    """
    command = [sys.executable, "-m", "exchange", *words, "--home", str(home)]
    environment = {**os.environ, URL_VARIABLE: ""}  # no portal is told about what is only measured
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise ExchangeError(f"exchange {' '.join(words)} failed: {done.stderr[-400:]}")


def seconds_of(home: Path, *words: str) -> float:
    """Return how long a command takes from start to exit."""
    started = time.perf_counter()
    exchange(home, *words)
    return time.perf_counter() - started


@contextmanager
def bare_stack(home: Path) -> Iterator[Settings]:
    """Run what is not ours, with all topics and schemas, until the end of the block."""
    exchange(home, "up", "--detach")  # makes the topics, and registers the schemas
    exchange(home, "down")
    with running(home, "--bare"):
        yield load_settings(home, ADMIN)


@contextmanager
def running(home: Path, *options: str) -> Iterator[None]:
    """Run the stack until the end of the block; options are those of `exchange up`."""
    exchange(home, "up", "--detach", *options)
    try:
        yield
    finally:
        exchange(home, "down")


@contextmanager
def worker(home: Path, command: Sequence[str] = ("exchange", "run", "joiner", "--home")) -> Iterator[Any]:
    """Run the join's worker alone, or what stands for it, from when it is ready until the end of the block.

    Yields its `psutil.Process`. The command is a module with its words; the home comes last.
    """
    ready = Home(home).ready_file("joiner")
    ready.unlink(missing_ok=True)
    with Home(home).log("joiner").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", *command, str(home)], stdout=log, stderr=log)
    try:
        if not wait_until(ready.exists, READY_SECONDS):
            raise ExchangeError("The worker did not become ready.", f"Its log: {Home(home).log('joiner')}")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(READY_SECONDS)


def cpu_seconds_of(process: Any) -> float:
    """Return the CPU time that a `psutil.Process` has had so far, in it and for it."""
    used = process.cpu_times()
    return float(used.user + used.system)
