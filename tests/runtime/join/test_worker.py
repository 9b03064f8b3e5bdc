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
from exchange.runtime.settings import Settings

A_YEAR_S = 365 * 24 * 60 * 60


def test_a_worker_is_never_taken_for_idle(tmp_path: Path) -> None:
    """The library's consumer reads nothing, we do: to it a worker at work looks idle from its first moment.

    After its usual 1000 s it left the group for good, and all records waited while every part was healthy.
    """
    nothing = cast(Any, None)
    app = make_app(Settings("127.0.0.1:1", "", "", tmp_path, bytes(32)), nothing, nothing)
    assert app.conf.broker_max_poll_interval > A_YEAR_S


HANGS = """
import sys, threading
from pathlib import Path
from exchange.runtime.join import faust_batches
from exchange.runtime.join.worker import make_app
from exchange.runtime.settings import Settings

def full(*_, **__):
    raise OSError(28, "No space left on device")

faust_batches.log = type("Full", (), {"critical": full})()
faust_batches.END_LIMIT_S = 0.1
faust_batches.REBALANCE_LIMIT_S = 0.1
app = make_app(Settings("127.0.0.1:1", "", "", Path(sys.argv[1]), bytes(32)), None, None)
app.when_reading = lambda: None
exec(sys.argv[2])
threading.Event().wait(3)
"""
ENDED, WENT_ON = 1, 0


@pytest.mark.parametrize(
    ("happens", "comes_of_it"),
    [
        ("app._crash(RuntimeError('a batch failed'))", ENDED),
        ("app.on_rebalance_start()", ENDED),
        ("app.on_rebalance_start(); app.on_rebalance_end()", WENT_ON),
        ("app.on_rebalance_start(); app.on_rebalance_end(); app.on_rebalance_start()", ENDED),
    ],
)
def test_a_worker_ends_even_where_the_library_waits_for_ever(
    happens: str, comes_of_it: int, tmp_path: Path
) -> None:
    """One that stays, having crashed or without its share, is not started again. A full disk matters not."""
    ended = subprocess.run([sys.executable, "-c", HANGS, str(tmp_path), happens], timeout=60, check=False)
    assert ended.returncode == comes_of_it


def test_a_fetch_that_a_rebalance_cut_short_takes_no_partitions_back() -> None:
    """The library seeks anew after it: by then they may be another worker's."""
    runner = Mock()
    asyncio.run(BatchConsumer.perform_seek(Mock(flow_active=False, _runner=runner)))
    assert runner.mock_calls == []
