"""A worker that a test starts by itself, from a module that has something done to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import psutil

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from tests.faults.answers import Answers
from tests.faults.mischief import Place
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


@contextmanager
def outlived(
    stopped: psutil.Process,
    successor: AbstractContextManager[psutil.Process],
    place: Place,
    answers: Answers,
) -> Iterator[None]:
    """Let a successor take everything while a worker stands still; then let that go on, and see what it does.

    Refused, it ends; not refused, it writes, and is a member again. The successor works until the end of the
    block.
    """
    wait_for("the worker to stand still", lambda: stopped.status() == psutil.STATUS_STOPPED)
    with successor:
        place.until_members(1)
        place.until_sent(1.0)
        wait_until(lambda: not answers.missing(place.observer.acknowledged), PATIENCE_S, 0.5)
        stopped.send_signal(signal.SIGCONT)
        wait_for(
            "the worker to end or to be a member again",
            lambda: is_over(stopped) or place.members() == 2,
            every_s=0.5,
        )
        yield
