"""The stack that is measured: a home of its own, with the worker started and stopped at will."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
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
def worker(home: Path) -> Iterator[psutil.Process]:
    """Run the join's worker alone, from when it is ready until the end of the block."""
    ready = Home(home).ready_file("joiner")
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "exchange", "run", "joiner", "--home", str(home)]
    with Home(home).log("joiner").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        if not wait_until(ready.exists, READY_SECONDS):
            raise ExchangeError("The worker did not become ready.", f"Its log: {Home(home).log('joiner')}")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(READY_SECONDS)
