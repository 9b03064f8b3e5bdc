"""What each part says about itself, asked over the loopback, and what the supervisor says about it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

import psutil

from exchange.runtime.home import Home
from exchange.runtime.loopback import read_page
from exchange.runtime.metrics import LAG
from exchange.runtime.monitor_address import find_monitor
from exchange.runtime.stack.state import PartState, StackState

ANSWER_LIMIT_S: Final = 1.0
HANGS: Final = "work_loop_hangs"
UNANSWERED: Final = "no_answer_in_time"
STOPPED: Final = "processes_stopped"
"""Somebody, or something, has stopped processes of a part without ending them: SIGSTOP, as Ctrl-Z sends."""
_LAG: Final = re.compile(rf"^{LAG.name} (\S+)$", re.MULTILINE)
"""The metric, which has no labels, as its page shows it: the library that reads such pages loads slowly."""


@dataclass(frozen=True, slots=True)
class PartView:
    """One part as it is now.

    Attributes:
        name: that of the part; parts that are not ours have no monitor.
        health: as the supervisor says, unless the process has died since or its work loop no longer moves.
        waits_for: why it is not ready, as a code; None if it is ready, or does not say.
        behind: messages that it still has to take; None if it has no such number. While messages are still
            to come, what transactions left among them is counted.
        stopped: those of its processes that were stopped without being ended.
    """

    name: str
    pid: int | None
    health: str
    restarts: int
    monitor: str | None = None
    waits_for: str | None = None
    behind: int | None = None
    stopped: tuple[int, ...] = ()


def part_views(home: Home, state: StackState | None) -> tuple[PartView, ...]:
    """Return every part of a running stack, in the order of its start; all are asked at once."""
    if state is None or not state.running or not state.parts:
        return ()
    with ThreadPoolExecutor(len(state.parts)) as pool:
        return tuple(pool.map(lambda part: _view(part, find_monitor(home, part.name, part.pid)), state.parts))


def _view(part: PartState, monitor: str | None) -> PartView:
    health, waits_for, behind = _health(part), None, None
    stopped = _stopped(part)
    if health not in {"restarting", "stopped"}:
        if stopped:
            waits_for = STOPPED
        elif monitor is not None:
            waits_for, behind = _asked(monitor)
        if waits_for in {HANGS, STOPPED}:
            health = "unhealthy"
    return PartView(part.name, part.pid, health, part.restarts, monitor, waits_for, behind, stopped)


def _health(part: PartState) -> str:
    """Return the health as written, unless the process has died since, not yet seen by the supervisor."""
    process = part.process
    if part.health == "healthy" and (process is None or not process.alive):
        return "restarting"
    return part.health


def _stopped(part: PartState) -> tuple[int, ...]:
    """Return those of its processes that were stopped without being ended; PostgreSQL has several."""
    if part.pid is None:
        return ()
    try:
        leader = psutil.Process(part.pid)
        found = (leader, *leader.children(recursive=True))
    except psutil.Error:
        return ()
    return tuple(process.pid for process in found if _is_stopped(process))


def _is_stopped(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.Error:
        return False


def _asked(monitor: str) -> tuple[str | None, int | None]:
    """Return why the part is not ready, if it is not, and how far it is behind, if it says so."""
    try:
        told: dict[str, Any] = json.loads(_page(f"{monitor}/readyz"))
        page = _page(f"{monitor}/metrics?name[]={LAG.name}")
    except TimeoutError:
        return UNANSWERED, None  # perhaps a busy machine: a single silence proves nothing
    except (OSError, HTTPException, ValueError):
        return None, None  # it is starting, or has just ended: the supervisor knows more
    behind = _LAG.search(page)
    return told.get("reason"), int(float(behind[1])) if behind else None


def _page(url: str) -> str:
    """Return what is served, whatever its status: `not ready` is also an answer."""
    _, text = read_page(url, ANSWER_LIMIT_S)
    return text.decode()
