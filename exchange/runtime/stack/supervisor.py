"""Starts the parts in order, watches them, starts again what dies, and stops them in reverse."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.stack.identity import command
from exchange.runtime.stack.parts import Part, Plan, Step, depth, parts_of
from exchange.runtime.stack.state import (
    PartState,
    Process,
    State,
    clear,
    kill_and_wait,
    session_of,
    write_state,
)
from exchange.runtime.waiting import wait_until

TICK_S = 0.05
CHECK_EVERY_S = 2.0
STOP_LIMIT_S = 15.0
BACK_OFF_S = (0.2, 1.0, 2.0, 5.0, 10.0)
CALM_S = 60.0
"""A part that ran so long begins the back-off anew."""
SHOWN_LINES = 15
LOG_LIMIT_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Observer:
    """Who is told how it goes; `seconds` count from that item's own start."""

    started: Callable[[str], None] = lambda _name: None
    done: Callable[[str, float], None] = lambda _name, _seconds: None
    died: Callable[[str, int], None] = lambda _name, _restarts: None


@dataclass
class _Running:
    """What changes about one part while it is supervised."""

    part: Part
    health: str = "stopped"
    restarts: int = 0
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    started_at: float = 0.0
    checked_at: float = 0.0
    again_at: float = 0.0
    quick_deaths: int = 0

    @property
    def state(self) -> PartState:
        pid = self.process.pid if self.process is not None else None
        return PartState(self.part.name, pid, self.began, self.health, self.restarts)


@dataclass
class _Doing:
    """A step under way in its thread."""

    step: Step
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
    """Runs one plan in one home. All of it happens in the calling thread, but for the steps.

    The kernel sends a part its death signal when the *thread* that started it ends: so only that one thread,
    which lives as long as the supervisor, ever starts parts.
    """

    def __init__(self, home: Home, plan: Plan, observer: Observer | None = None) -> None:
        self.home = home
        self.plan = plan
        self.observer = observer or Observer()
        self._running = {part.name: _Running(part) for part in parts_of(plan)}
        self._steps: dict[str, _Doing] = {}
        self._done: set[str] = set()
        self._phase = "starting"
        self._stop = threading.Event()
        self._self = Process.of(os.getpid()) or Process(os.getpid(), 0.0)
        self._written: State | None = None

    def ask_to_stop(self) -> None:
        """Let `start` or `watch` come to its end soon; safe in a signal handler and from any thread."""
        self._stop.set()

    def start(self) -> bool:
        """Bring everything up; what does not depend on one another starts at once.

        Returns:
            True when all is healthy, False when it was asked to stop before.

        Raises:
            ExchangeError: a part died or did not come up, or a step failed; whoever calls then calls `stop`.
        """
        while not self._stop.is_set():
            for item in self.plan:
                self._advance(item)
            if len(self._done) == len(self.plan):
                self._phase = "running"
                self._write()
                return True
            self._write()
            self._stop.wait(TICK_S)
        return False

    def watch(self) -> None:
        """Start again whatever dies, until asked to stop."""
        while not self._stop.is_set():
            for running in self._running.values():
                self._look_after(running)
            self._write()
            self._stop.wait(TICK_S * 2)

    def stop(self) -> None:
        """Stop all, the last started first, and leave no process and no state behind."""
        self._phase = "stopping"
        self._write()
        for wave in self._waves():
            for running in wave:
                _signal(running, running.part.stop_signal)
            end = time.monotonic() + STOP_LIMIT_S
            for running in wave:
                _bury(running, max(0.1, end - time.monotonic()))
                running.health = "stopped"
            self._write()
        clear(self.home)

    def _waves(self) -> Iterator[list[_Running]]:
        alive = [running for running in self._running.values() if running.process is not None]
        depths = {running.part.name: depth(self.plan, running.part.name) for running in alive}
        for level in sorted(set(depths.values()), reverse=True):
            yield [running for running in alive if depths[running.part.name] == level]

    def _advance(self, item: Part | Step) -> None:
        if item.name in self._done or not self._done.issuperset(item.after):
            return
        if isinstance(item, Step):
            self._advance_step(item)
        else:
            self._advance_part(self._running[item.name])

    def _advance_step(self, step: Step) -> None:
        doing = self._steps.get(step.name)
        if doing is None:
            self.observer.started(step.name)
            self._steps[step.name] = _Doing(step)
        elif not doing.thread.is_alive():
            if doing.problem is not None:
                raise doing.problem
            self._finish(step.name, doing.started_at)

    def _advance_part(self, running: _Running) -> None:
        if running.process is None:
            self.observer.started(running.part.name)
            self._spawn(running)
        elif running.process.poll() is not None:
            raise self._failure(running, f"ended with {running.process.returncode} before it was ready")
        elif running.part.ready(running.process.pid):
            running.health = "healthy"
            self._finish(running.part.name, running.started_at)
        elif time.monotonic() - running.started_at > running.part.start_limit_s:
            raise self._failure(running, f"was not ready within {running.part.start_limit_s:.0f} s")

    def _finish(self, name: str, started_at: float) -> None:
        self._done.add(name)
        self.observer.done(name, time.monotonic() - started_at)

    def _spawn(self, running: _Running) -> None:
        part = running.part
        if part.ready_file is not None:
            part.ready_file.unlink(missing_ok=True)
        with _open_log(part.log) as log:
            running.process = subprocess.Popen(
                command(part.identity, os.getpid(), part.death_signal, part.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(part.env),
                cwd=part.cwd or self.home.root,
                start_new_session=True,
            )
        found = Process.of(running.process.pid)
        running.began = found.began if found is not None else time.time()
        running.started_at = running.checked_at = time.monotonic()
        running.health = "starting"

    def _look_after(self, running: _Running) -> None:
        now = time.monotonic()
        if running.health == "restarting":
            if now >= running.again_at:
                self._spawn(running)
        elif running.process is None or running.process.poll() is not None:
            self._schedule(running, now)
        elif running.health == "starting" or now - running.checked_at >= CHECK_EVERY_S:
            self._check(running, now)

    def _schedule(self, running: _Running, now: float) -> None:
        """Count the death and set the time of the next start; what it left behind must not stand in its way."""
        if running.process is not None:
            kill_and_wait(session_of(running.process.pid, running.began))
        running.quick_deaths = 0 if now - running.started_at > CALM_S else running.quick_deaths + 1
        running.again_at = now + BACK_OFF_S[min(max(running.quick_deaths - 1, 0), len(BACK_OFF_S) - 1)]
        running.restarts += 1
        running.health = "restarting"
        running.process = None
        self.observer.died(running.part.name, running.restarts)

    def _check(self, running: _Running, now: float) -> None:
        running.checked_at = now
        if running.process is not None and running.part.ready(running.process.pid):
            running.health = "healthy"
        elif running.health == "healthy":
            running.health = "unhealthy"

    def _failure(self, running: _Running, what: str) -> ExchangeError:
        part = running.part
        running.health = "failed"
        return ExchangeError(
            f"{part.name} {what}.", f"Its last lines:\n{last_lines(part.log)}\nAll of it: {part.log}"
        )

    def _write(self) -> None:
        state = State(self._self, self._phase, tuple(running.state for running in self._running.values()))
        if state != self._written:
            write_state(self.home, state)
            self._written = state


def last_lines(log: Path, count: int = SHOWN_LINES) -> str:
    """Return the end of a log."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 64 * 1024))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])


def _open_log(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def _signal(running: _Running, what: signal.Signals) -> None:
    if running.process is not None and running.process.poll() is None:
        running.process.send_signal(what)


def _bury(running: _Running, limit_s: float) -> None:
    """Wait for its end, then end whatever its session still holds."""
    process = running.process
    if process is None:
        return
    wait_until(lambda: process.poll() is not None, limit_s)
    kill_and_wait(session_of(process.pid, running.began))
    process.wait()
    running.process = None
