"""A worker that a test starts by itself, from a module that has something done to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from tests.waiting import PATIENCE_S, wait_for


@contextmanager
def own_worker(settings: Settings, name: str, module: str, *words: str) -> Iterator[psutil.Process]:
    """Run ``python -m module *words HOME NAME`` from when it takes records until the end of the block."""
    ready = Home(settings.home).ready_file(name)
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", module, *words, str(settings.home), name]
    with Home(settings.home).log(name).open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
    try:
        wait_for("the worker to be ready", ready.exists)
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def is_over(process: psutil.Process) -> bool:
    """Say whether it has ended."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
