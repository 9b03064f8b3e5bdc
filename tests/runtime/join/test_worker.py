"""The worker as the library sees it."""

from pathlib import Path
from typing import Any, cast

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
