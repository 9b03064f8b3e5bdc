"""One supervised process: how it is started, checked, stopped and buried."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exchange.runtime.home import Home
from exchange.runtime.stack.identity import command
from exchange.runtime.stack.parts import Part
from exchange.runtime.stack.state import PartState, Process, kill_and_wait, session_of
from exchange.runtime.waiting import wait_until

CHECK_EVERY_S = 2.0
BACK_OFF_S = (0.2, 1.0, 2.0, 5.0, 10.0)
CALM_S = 60.0
"""After a run of this many seconds, a part's back-off begins anew."""
SHOWN_LINES = 15
LOG_LIMIT_BYTES = 50 * 1024 * 1024


@dataclass
class Watched:
    """A part and what changes about it while it is supervised."""

    part: Part
    home: Home
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
        """What is told about it in the state file."""
        pid = self.process.pid if self.process is not None else None
        return PartState(self.part.name, pid, self.began, self.health, self.restarts)

    @property
    def ended(self) -> bool:
        """Say whether it has no living process."""
        return self.process is None or self.process.poll() is not None

    @property
    def ready(self) -> bool:
        """Say whether it is at work."""
        return self.process is not None and self.part.ready(self.process.pid)

    def spawn(self) -> None:
        """Start it, only ever from the one thread of the supervisor that outlives it (see `Supervisor`)."""
        part = self.part
        if part.ready_file is not None:
            part.ready_file.unlink(missing_ok=True)
        with _open_log(part.log) as log:
            self.process = subprocess.Popen(
                command(part.identity, os.getpid(), part.death_signal, part.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(part.env),
                cwd=part.cwd or self.home.root,
                start_new_session=True,
            )
        found = Process.of(self.process.pid)
        self.began = found.began if found is not None else time.time()
        self.started_at = self.checked_at = time.monotonic()
        self.health = "starting"

    def check(self, now: float) -> None:
        """Ask whether it is at work, often while it starts and now and then afterwards."""
        if self.health != "starting" and now - self.checked_at < CHECK_EVERY_S:
            return
        self.checked_at = now
        if self.ready:
            self.health = "healthy"
        elif self.health == "healthy":
            self.health = "unhealthy"

    def count_death(self, now: float) -> None:
        """Note that it died and when it is to start again; nothing that it left may stand in its way."""
        if self.process is not None:
            kill_and_wait(session_of(self.process.pid, self.began))
        self.quick_deaths = 1 if now - self.started_at > CALM_S else self.quick_deaths + 1
        self.again_at = now + BACK_OFF_S[min(self.quick_deaths, len(BACK_OFF_S)) - 1]
        self.restarts += 1
        self.health = "restarting"
        self.process = None

    def signal(self, what: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.process is not None and not self.ended:
            self.process.send_signal(what)

    def bury(self, limit_s: float) -> None:
        """Wait for its end, then end it and whatever its session still holds."""
        if self.process is None:
            return
        wait_until(lambda: self.ended, limit_s)
        kill_and_wait(session_of(self.process.pid, self.began))
        self.process.wait()
        self.process = None
        self.health = "stopped"


def last_lines(log: Path, count: int = SHOWN_LINES) -> str:
    """Return the end of a log, without Java's stack frames, which would push the reason out of it."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 64 * 1024))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return "\n".join([line for line in lines if not line.startswith("\tat ")][-count:])


def _open_log(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")
