"""Processes of the benchmark: each does one thing by itself, told what by JSON and answering in JSON."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from exchange.runtime.errors import ExchangeError


@contextmanager
def started(module: str, task: Any) -> Iterator[Callable[[], Any]]:
    """Run a module beside the block, which gets what waits for the module's end and returns its answer.

    Raises:
        ExchangeError: when asked for the answer: the process failed, and said why on standard error.
    """
    command = [sys.executable, "-m", module, json.dumps(task)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:

        def answer() -> Any:
            told, _ = process.communicate()
            if process.returncode:
                raise ExchangeError(f"{module} failed: exit code {process.returncode}.")
            return json.loads(told)

        try:
            yield answer
        finally:
            process.kill()


def answer_of(module: str, task: Any = None) -> Any:
    """Run a module to its end and return its answer; raises as `started` does."""
    with started(module, task) as answer:
        return answer()
