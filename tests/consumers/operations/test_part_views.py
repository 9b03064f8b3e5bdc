"""What `status` sees of a part's processes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.operations.part_views import STOPPED, PartView, part_views
from exchange.runtime.home import Home
from exchange.runtime.metrics import LAG
from exchange.runtime.monitor import Monitor
from exchange.runtime.stack.state import PartState, Process, StackState
from exchange.runtime.waiting import wait_until

TREE = "import subprocess; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"
LIMIT_S = 30.0


@pytest.fixture
def tree() -> Iterator[tuple[int, int]]:
    """A process and its child, as PostgreSQL has several."""
    with subprocess.Popen([sys.executable, "-S", "-c", TREE], stdout=subprocess.PIPE, text=True) as leader:
        assert leader.stdout is not None
        child = int(leader.stdout.readline())
        try:
            yield leader.pid, child
        finally:
            os.kill(child, signal.SIGKILL)
            leader.kill()


def view_of(pid: int, home: Path) -> PartView:
    """What is seen of a part that has no monitor."""
    process, ours = Process.of(pid), Process.of(os.getpid())
    assert process is not None
    assert ours is not None
    part = PartState("postgres", pid, process.began, "healthy", 0)
    (view,) = part_views(Home(home), StackState(ours, "running", (part,)))
    return view


@pytest.mark.parametrize("behind", [0, 12, 2_500_000])
def test_how_far_a_part_is_behind_is_read_from_what_it_serves(behind: int, tmp_path: Path) -> None:
    """Large numbers are written as 2.5e+06; other metrics, and those of other names, are passed over."""
    monitor = Monitor("projector")
    LAG.gauge(monitor.registry).set(behind)
    monitor.ready()
    Home(tmp_path).run.mkdir()
    ours = Process.of(os.getpid())
    assert ours is not None
    with monitor.serving(Home(tmp_path)):
        part = PartState("projector", ours.pid, ours.began, "healthy", 0)
        (view,) = part_views(Home(tmp_path), StackState(ours, "running", (part,)))
    assert (view.behind, view.waits_for) == (behind, None)


def test_of_a_part_of_ours_that_was_stopped_nobody_asks_its_monitor(
    tree: tuple[int, int], tmp_path: Path
) -> None:
    """It would not answer; it need not be ended either, since it goes on where it was."""
    leader, _ = tree
    target = {"targets": ["127.0.0.1:9"], "labels": {"__meta_pid": str(leader)}}
    place = tmp_path / "run" / "targets" / "postgres.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps([target]), encoding="utf-8")
    assert view_of(leader, tmp_path).waits_for is None
    os.kill(leader, signal.SIGSTOP)
    assert wait_until(lambda: view_of(leader, tmp_path).stopped == (leader,), LIMIT_S)
    view = view_of(leader, tmp_path)
    assert (view.health, view.waits_for, view.monitor) == ("unhealthy", STOPPED, "http://127.0.0.1:9")
    os.kill(leader, signal.SIGCONT)


def test_a_process_that_was_stopped_is_named_with_its_children(tree: tuple[int, int], tmp_path: Path) -> None:
    """The supervisor sees a living process; who asks it waits for ever."""
    leader, child = tree
    assert view_of(leader, tmp_path).stopped == ()
    assert view_of(leader, tmp_path).health == "healthy"
    for stopped in ((child,), (leader, child)):
        os.kill(stopped[0], signal.SIGSTOP)
        assert wait_until(lambda to=stopped: view_of(leader, tmp_path).stopped == to, LIMIT_S)
    view = view_of(leader, tmp_path)
    assert (view.health, view.waits_for) == ("unhealthy", STOPPED)
    for pid in (child, leader):
        os.kill(pid, signal.SIGCONT)
    assert wait_until(lambda: view_of(leader, tmp_path).health == "healthy", LIMIT_S)
