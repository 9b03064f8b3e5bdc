"""The worker as the library sees it."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import pytest

from exchange.runtime.join.faust_batches import BatchConsumer
from exchange.runtime.join.worker import make_app
from tests.nowhere import nowhere
from tests.waiting import PATIENCE_S

A_YEAR_S = 365 * 24 * 60 * 60


def test_a_worker_is_never_taken_for_idle(tmp_path: Path) -> None:
    """The library's consumer reads nothing, we do: to it a worker at work looks idle from its first moment.

    After its usual 1000 s it left the group for good, and all records waited while every part was healthy.
    """
    nothing = cast(Any, None)
    app = make_app(nowhere(tmp_path), nothing, nothing)
    assert app.conf.broker_max_poll_interval > A_YEAR_S


HANGS = """
import os, sys, threading
from pathlib import Path
from exchange.runtime.join import faust_batches
from exchange.runtime.join.worker import make_app
from tests.nowhere import nowhere

def full(*_, **__):
    raise OSError(28, "No space left on device")

faust_batches.log = type("Full", (), {"critical": full})()
faust_batches.END_LIMIT_S = 0.1
faust_batches.REBALANCE_LIMIT_S = 0.1

def worker(waits_s, happens):
    app = make_app(nowhere(Path(sys.argv[1])), None, None)
    app.when_reading = lambda: None
    exec(happens)
    threading.Event().wait(float(waits_s))
    os._exit(0)

workers = [os.fork() or worker(*what.split(maxsplit=1)) for what in sys.argv[2:]]
print(*(os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in workers))
"""
"""Workers to which something happens while the library waits; it prints what each one ended with.

An argument is how many seconds to wait for the end, and what happens.
"""
ENDED, WENT_ON = 1, 0
SOON_S = 3


@pytest.mark.process
def test_a_worker_ends_even_where_the_library_waits_for_ever(tmp_path: Path) -> None:
    """One that stays, having crashed or without its share, is not started again. A full disk matters not."""
    comes_of = {
        "app._crash(RuntimeError('a batch failed'))": ENDED,
        "app.on_rebalance_start()": ENDED,
        "app.on_rebalance_start(); app.on_rebalance_end()": WENT_ON,
        "app.on_rebalance_start(); app.on_rebalance_end(); app.on_rebalance_start()": ENDED,
    }
    cases = [f"{PATIENCE_S if end else SOON_S} {happens}" for happens, end in comes_of.items()]
    command = [sys.executable, "-c", HANGS, str(tmp_path), *cases]
    ended = subprocess.run(command, timeout=2 * PATIENCE_S, check=True, capture_output=True, text=True)
    assert [int(code) for code in ended.stdout.split()] == list(comes_of.values())


def test_a_fetch_that_a_rebalance_cut_short_takes_no_partitions_back() -> None:
    """The library seeks anew after it: by then they may be another worker's."""
    runner = Mock()
    asyncio.run(BatchConsumer.perform_seek(Mock(flow_active=False, _runner=runner)))
    assert runner.mock_calls == []
