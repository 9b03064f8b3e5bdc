"""The supervisor, on stand-in parts that start in milliseconds."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.stack.parts import Part, Plan, StartStep
from exchange.runtime.stack.state import PartState, Process, read_state
from exchange.runtime.stack.supervisor import Observer, Supervisor
from tests.waiting import PATIENCE_S, wait_for

STAYS = "import pathlib, signal, sys; pathlib.Path(sys.argv[1]).touch(); signal.pause()"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    place = Home(tmp_path)
    place.create()
    return place


def _part(home: Home, name: str, script: str = STAYS, after: tuple[str, ...] = ()) -> Part:
    mark = home.ready_file(name)
    return Part(
        name=name,
        argv=(sys.executable, "-c", script, str(mark)),
        env=dict(os.environ),
        log=home.log(name),
        ready=lambda _pid: mark.exists(),
        ready_file=mark,
        after=after,
        start_limit_s=PATIENCE_S,
    )


@contextmanager
def _watching(home: Home, plan: Plan) -> Iterator[Supervisor]:
    """A supervisor at work in its own thread, all of its parts up."""
    supervisor = Supervisor(home, plan)

    def life() -> None:
        supervisor.start()
        supervisor.watch()
        supervisor.stop()

    thread = threading.Thread(target=life)
    thread.start()
    try:
        wait_for("a healthy plan", lambda: (state := read_state(home)) is not None and state.healthy)
        yield supervisor
    finally:
        supervisor.ask_to_stop()
        thread.join(PATIENCE_S)


def test_that_all_is_up_is_said_before_anybody_can_see_it(home: Home) -> None:
    """Whoever waits in front for what starts behind passes on all that it said."""
    seen: list[bool] = []

    def up() -> None:
        state = read_state(home)
        seen.append(state is not None and state.healthy)

    supervisor = Supervisor(home, (_part(home, "alone"),), Observer(up=up))
    try:
        assert supervisor.start()
        state = read_state(home)
        assert state is not None
        assert (seen, state.healthy) == ([False], True)
    finally:
        supervisor.stop()


def _told(home: Home, name: str) -> PartState:
    state = read_state(home)
    assert state is not None
    return next(part for part in state.parts if part.name == name)


def _kill_and_wait(home: Home, name: str) -> None:
    """Kill a part, and return when it is at work again."""
    pid = _told(home, name).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(
        "the part to be at work again",
        lambda: _told(home, name).restarts == 1 and _told(home, name).health == "healthy",
    )


def test_what_is_needed_comes_first_and_goes_last(home: Home) -> None:
    """A part finds what it leans on when it starts, and still when it stops."""
    order: list[str] = []
    says = "import signal, sys; signal.signal(15, lambda *_: (open('{0}', 'a').write('{1} '), sys.exit()));"
    goodbye = home.run / "goodbye"
    plan: Plan = (
        _part(home, "second", says.format(goodbye, "second") + STAYS, after=("between",)),
        StartStep("between", run=lambda: order.append("between"), after=("first",)),
        _part(home, "first", says.format(goodbye, "first") + STAYS),
    )
    with _watching(home, plan):
        assert order == ["between"]
    assert goodbye.read_text(encoding="ascii") == "second first "


def test_a_part_that_dies_is_started_again_and_counted(home: Home) -> None:
    """A crash is repaired without anybody, and is not hidden."""
    with _watching(home, (_part(home, "part"),)):
        before = _told(home, "part")
        assert before.pid is not None
        os.kill(before.pid, signal.SIGKILL)
        wait_for("the first restart", lambda: _told(home, "part").restarts == 1)
        wait_for("the part to be healthy again", lambda: _told(home, "part").health == "healthy")
        assert _told(home, "part").pid != before.pid


def test_a_part_that_dies_while_others_still_start_is_started_again(home: Home) -> None:
    """One death early on does not take everybody down."""
    plan: Plan = (
        _part(home, "first"),
        StartStep("kills", run=lambda: _kill_and_wait(home, "first"), after=("first",)),
        _part(home, "second", after=("kills",)),
    )
    with _watching(home, plan):
        assert _told(home, "first").restarts == 1


def test_a_part_that_will_not_stay_ends_the_start_with_its_last_words(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever waits for the start would wait for ever."""
    monkeypatch.setattr("exchange.runtime.stack.watched.BACK_OFF_S", (0.01,))
    dies = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); print('no disk'); time.sleep(0.3)"
    plan: Plan = (_part(home, "dies", dies), _part(home, "never", "import signal; signal.pause()"))
    supervisor = Supervisor(home, plan)
    with pytest.raises(ExchangeError, match="dies keeps ending") as caught:
        supervisor.start()
    supervisor.stop()
    assert "no disk" in caught.value.hint


def test_stopping_leaves_no_process_and_no_state(home: Home) -> None:
    """Not even the child of a part that ignores the wish to end."""
    stubborn = (
        "import signal, subprocess; signal.signal(15, signal.SIG_IGN); subprocess.Popen(['sleep', '600']);"
    )
    patience = pytest.MonkeyPatch()
    patience.setattr("exchange.runtime.stack.supervisor.STOP_LIMIT_S", 0.2)
    with patience.context(), _watching(home, (_part(home, "part", stubborn + STAYS),)):
        process = _told(home, "part").process
    patience.undo()
    assert process is not None
    assert not process.alive
    assert read_state(home) is None


def test_a_part_that_does_not_come_up_is_named_with_its_last_words(home: Home) -> None:
    """Whoever has to repair it reads at once what it said and where it said it."""
    supervisor = Supervisor(home, (_part(home, "good"), _part(home, "bad", "print('no disk'); exit(3)")))
    with pytest.raises(ExchangeError) as caught:
        supervisor.start()
    supervisor.stop()
    assert "bad ended with 3" in caught.value.message
    assert "no disk" in caught.value.hint
    assert str(home.log("bad")) in caught.value.hint


def test_a_part_that_hangs_is_given_up(home: Home) -> None:
    """Nobody waits for ever."""
    part = _part(home, "slow", "import signal; signal.pause()")
    hangs = Part(**{**vars(part), "start_limit_s": 0.1})
    supervisor = Supervisor(home, (hangs,))
    with pytest.raises(ExchangeError, match="slow was not ready"):
        supervisor.start()
    supervisor.stop()


@pytest.mark.parametrize("problem", [ExchangeError("no topics"), ValueError("no topics")])
def test_a_failed_step_is_told_without_a_traceback(home: Home, problem: Exception) -> None:
    """What a deployment step says reaches the person who started it."""

    def fails() -> None:
        raise problem

    supervisor = Supervisor(home, (StartStep("topics", run=fails),))
    with pytest.raises(ExchangeError, match="no topics"):
        supervisor.start()


def test_parts_die_with_a_supervisor_that_is_killed(home: Home, tmp_path: Path) -> None:
    """Kill -9 of the supervisor leaves nothing behind."""
    script = f"""
import os, sys
from pathlib import Path
from exchange.runtime.home import Home
from exchange.runtime.stack.parts import Part
from exchange.runtime.stack.supervisor import Supervisor
home = Home(Path({str(tmp_path)!r}))
part = Part("part", ("sleep", "600"), home.log("part"), lambda pid: True, env=dict(os.environ))
supervisor = Supervisor(home, (part,))
supervisor.start()
supervisor.watch()
"""
    supervisor = subprocess.Popen([sys.executable, "-c", script])
    wait_for("a healthy plan", lambda: (state := read_state(home)) is not None and state.healthy)
    process = _told(home, "part").process
    supervisor.kill()
    supervisor.wait()
    assert process is not None
    wait_for("the process to be gone", _gone(process))
    state = read_state(home)
    assert state is not None
    assert not state.running


def _gone(process: Process) -> Callable[[], bool]:
    return lambda: not process.alive
