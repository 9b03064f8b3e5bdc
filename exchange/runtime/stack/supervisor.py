"""Starts the parts in order, watches them, restarts what dies, and stops them in reverse order."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.sentences import said
from exchange.runtime.stack.parts import Part, Plan, StartStep, depth, parts_of
from exchange.runtime.stack.state import Process, StackState, clear, write_state
from exchange.runtime.stack.watched import Watched, last_lines

TICK_S = 0.05
"""Seconds between two looks while something starts."""
WATCH_S = 0.2
"""Seconds between two looks while all runs: as long as the shortest pause before a part starts again."""
STOP_LIMIT_S = 15.0
HOPELESS = 5
"""This many deaths, one soon after another, end a start."""


@dataclass(frozen=True)
class Observer:
    """Is told how things go; `seconds` count from that item's own start."""

    started: Callable[[str], None] = lambda _name: None
    done: Callable[[str, float], None] = lambda _name, _seconds: None
    died: Callable[[str, int], None] = lambda _name, _restarts: None
    up: Callable[[], None] = lambda: None
    """All is healthy, and nobody has been told yet: whoever waits for that finds what is said here."""


@dataclass
class _Doing:
    """A step under way in its thread."""

    step: StartStep
    thread: threading.Thread = field(init=False)
    started_at: float = field(default_factory=time.monotonic)
    problem: BaseException | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name=self.step.name, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.step.run()
        except BaseException as problem:  # handed to the supervisor, which raises it
            self.problem = problem


class Supervisor:
    """Runs one plan in one home. Everything except the steps happens in the calling thread.

    The kernel sends a part its death signal when the *thread* that started it ends. So only that one thread,
    which lives as long as the supervisor, ever starts parts.
    """

    def __init__(self, home: Home, plan: Plan, observer: Observer | None = None) -> None:
        self.home = home
        self.plan = plan
        self.observer = observer or Observer()
        self._watched = {part.name: Watched(part, home) for part in parts_of(plan)}
        self._steps: dict[str, _Doing] = {}
        self._done: set[str] = set()
        self._phase = "starting"
        # A plain flag, not an Event: a signal handler that sets an Event its own thread waits for can hang.
        self._asked = False
        self._self = Process.of(os.getpid()) or Process(os.getpid(), 0.0)
        self._written: StackState | None = None

    def ask_to_stop(self) -> None:
        """Let `start` or `watch` come to its end soon; safe in a signal handler and from any thread."""
        self._asked = True

    def start(self) -> bool:
        """Bring everything up; items that do not depend on each other start at the same time.

        A part that has been ready once is started again when it dies, even while others still start.

        Returns:
            True when all is healthy, False if it was asked to stop before that.

        Raises:
            ExchangeError: a part ended before it was ready or did not come up, or a step failed; the caller
                then calls `stop`.
        """
        while not self._asked:
            for item in self.plan:
                self._advance(item)
            if len(self._done) == len(self.plan):
                self.observer.up()
                self._phase = "running"
                self._write()
                return True
            self._write()
            time.sleep(TICK_S)
        return False

    def watch(self) -> None:
        """Start again whatever dies, until asked to stop."""
        while not self._asked:
            for watched in self._watched.values():
                self._look_after(watched)
            self._write()
            time.sleep(WATCH_S)

    def stop(self) -> None:
        """Stop all parts, the last started first, and leave no process and no state behind."""
        self._phase = "stopping"
        self._write()
        for wave in self._waves():
            for watched in wave:
                watched.signal(watched.part.stop_signal)
            end = time.monotonic() + STOP_LIMIT_S
            for watched in wave:
                watched.bury(max(0.1, end - time.monotonic()))
            self._write()
        clear(self.home)

    def _waves(self) -> Iterator[list[Watched]]:
        alive = [watched for watched in self._watched.values() if watched.process is not None]
        depths = {watched.part.name: depth(self.plan, watched.part.name) for watched in alive}
        for level in sorted(set(depths.values()), reverse=True):
            yield [watched for watched in alive if depths[watched.part.name] == level]

    def _advance(self, item: Part | StartStep) -> None:
        if not self._done.issuperset(item.after):
            return
        if item.name in self._done:
            if isinstance(item, Part):
                self._keep(self._watched[item.name])
        elif isinstance(item, StartStep):
            self._advance_step(item)
        else:
            self._advance_part(self._watched[item.name])

    def _keep(self, watched: Watched) -> None:
        """Look after a part that was ready once, until it is plain that it will not stay up."""
        self._look_after(watched)
        if watched.quick_deaths >= HOPELESS:
            raise self._failure(watched, said("part_keeps_ending", name=watched.part.name))

    def _advance_step(self, step: StartStep) -> None:
        doing = self._steps.get(step.name)
        if doing is None:
            self.observer.started(step.name)
            self._steps[step.name] = _Doing(step)
        elif not doing.thread.is_alive():
            if doing.problem is not None:
                raise _readable(step, doing.problem)
            self._finish(step.name, doing.started_at)

    def _advance_part(self, watched: Watched) -> None:
        if watched.process is None:
            self.observer.started(watched.part.name)
            watched.spawn()
        elif watched.process.poll() is not None:
            code = watched.process.returncode
            raise self._failure(watched, said("part_ended", name=watched.part.name, code=code))
        elif watched.ready:
            watched.health = "healthy"
            self._finish(watched.part.name, watched.started_at)
        elif time.monotonic() - watched.started_at > watched.part.start_limit_s:
            limit = f"{watched.part.start_limit_s:.0f}"
            raise self._failure(watched, said("part_not_ready", name=watched.part.name, seconds=limit))

    def _finish(self, name: str, started_at: float) -> None:
        self._done.add(name)
        self.observer.done(name, time.monotonic() - started_at)

    def _look_after(self, watched: Watched) -> None:
        now = time.monotonic()
        if watched.health == "restarting":
            if now >= watched.again_at:
                watched.spawn()
        elif watched.ended:
            watched.count_death(now)
            self.observer.died(watched.part.name, watched.restarts)
        else:
            watched.check(now)

    def _failure(self, watched: Watched, what: str) -> ExchangeError:
        part = watched.part
        watched.health = "failed"
        return ExchangeError(what, said("part_last_lines", log=part.log) + f"\n{last_lines(part.log)}")

    def _write(self) -> None:
        state = StackState(
            self._self, self._phase, tuple(watched.state for watched in self._watched.values())
        )
        if state != self._written:
            write_state(self.home, state)
            self._written = state


def _readable(step: StartStep, problem: BaseException) -> ExchangeError:
    """Return the problem as people may read it: a step handles no personal data."""
    if isinstance(problem, ExchangeError):
        return problem
    told = f"{type(problem).__name__}: {problem}"
    error = ExchangeError(said("step_failed", name=step.name, problem=told))
    error.__cause__ = problem
    return error
