"""What runs in a home, as files that outlive a crash: `run/state.json`, its addresses, its policy folder."""

import json
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from exchange.runtime.home import Home, write_private
from exchange.runtime.waiting import wait_until

if TYPE_CHECKING:  # whether a process lives, each command asks; to find all of a session and end them, few do
    import psutil

POLICY: Final = "policy.json"


@dataclass(frozen=True)
class Process:
    """A process, told apart from a later one with the same number by the moment it began."""

    pid: int
    began: float
    """On Linux, seconds since the machine's start: setting the clock must not make it another process.
    Elsewhere, seconds since the epoch."""

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """Return the process that has this number now; None if there is none, or a dead one unburied."""
        began = _began_on_linux(pid) if sys.platform.startswith("linux") else _began_elsewhere(pid)
        return None if began is None else cls(pid, began)

    @property
    def alive(self) -> bool:
        """Say whether this very process still runs."""
        now = Process.of(self.pid)
        return now is not None and now.began == self.began


@dataclass(frozen=True)
class PartState:
    """What the supervisor knows of one part."""

    name: str
    pid: int | None
    began: float
    health: str
    """starting, healthy, unhealthy (runs, does not answer), restarting, or stopped."""
    restarts: int

    @property
    def process(self) -> Process | None:
        """The part's process, None where it has none."""
        return None if self.pid is None else Process(self.pid, self.began)


@dataclass(frozen=True)
class StackState:
    """The whole stack: who supervises, whether all is up, and the parts."""

    supervisor: Process
    phase: str
    """starting, running, or stopping."""
    parts: tuple[PartState, ...]

    @property
    def running(self) -> bool:
        """Say whether the supervisor itself is alive."""
        return self.supervisor.alive

    @property
    def healthy(self) -> bool:
        """Say whether everything is up."""
        return (
            self.running and self.phase == "running" and all(part.health == "healthy" for part in self.parts)
        )


def write_state(home: Home, state: StackState) -> None:
    """Replace the state file at once."""
    content = {
        "supervisor": vars(state.supervisor),
        "phase": state.phase,
        "parts": [vars(part) for part in state.parts],
    }
    write_private(home.run / "state.json", json.dumps(content, indent=2) + "\n")


def read_state(home: Home) -> StackState | None:
    """Return what was written last, which may be stale: ask `running`. None where nothing was written."""
    content = _read(home, "state.json")
    if not content:
        return None
    return StackState(
        supervisor=Process(**content["supervisor"]),
        phase=content["phase"],
        parts=tuple(PartState(**part) for part in content["parts"]),
    )


def write_addresses(home: Home, addresses: Mapping[str, str]) -> None:
    """Tell every other command where the parts are."""
    write_private(home.run / "addresses.json", json.dumps(dict(addresses), indent=2) + "\n")


def read_addresses(home: Home) -> dict[str, str]:
    """Return where the parts are; nothing if no supervisor runs, whatever a crash left behind."""
    state = read_state(home)
    return _read(home, "addresses.json") if state is not None and state.running else {}


def read_listen(home: Home) -> str | None:
    """Return the address of this machine at which running brokers are reached from others."""
    first, *_ = read_addresses(home).get("kafka_outside", "").split(",")
    address, _, _ = first.rpartition(":")
    return address or None


def write_policy_folder(home: Home, folder: Path | None) -> None:
    """Note which policy folder the parts are started with; None: what is shipped."""
    write_private(home.run / POLICY, json.dumps({"folder": folder and str(folder)}) + "\n")


def read_policy_folder(home: Home) -> Path | None:
    """Return which policy folder the parts were started with."""
    folder = _read(home, POLICY).get("folder")
    return Path(folder) if folder else None


def clear(home: Home) -> None:
    """Remove what says that something runs."""
    for name in ("addresses.json", "state.json", POLICY):
        (home.run / name).unlink(missing_ok=True)


def end_leftovers(state: StackState) -> list[str]:
    """End what a killed supervisor left running, and return the names of those parts.

    Every part leads its own session, by which its children are found even when the part itself is gone.
    """
    found: dict[str, list[psutil.Process]] = {}
    for part in state.parts:
        if part.pid is not None and (members := session_of(part.pid, part.began)):
            found[part.name] = members
    kill_and_wait(process for members in found.values() for process in members)
    return list(found)


def session_of(leader: int, began: float) -> "list[psutil.Process]":
    """Return the living processes of the session that a part leads, or led.

    The kernel gives no new process the number of a session that still exists. So if another process now has
    the leader's number, the session is gone, and what is found belongs to somebody else.
    """
    import psutil  # noqa: PLC0415 - as above

    now = Process.of(leader)
    if now is not None and not Process(leader, began).alive:
        return []
    return [
        process for process in psutil.process_iter() if _session(process.pid) == leader and _lives(process)
    ]


def kill_and_wait(processes: "Iterable[psutil.Process]", limit_s: float = 10.0) -> None:
    """Kill them and wait until they are gone."""
    import psutil  # noqa: PLC0415 - as above

    doomed = list(processes)
    for process in doomed:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    # Not psutil's own wait: an orphan that nobody buries, as in some containers, would keep it waiting.
    wait_until(lambda: not any(map(_lives, doomed)), limit_s)


def _began_on_linux(pid: int) -> float | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # Behind the program's name, which may hold spaces and brackets: field 3, the state; field 22 (proc(5)).
    state, *others = stat.rpartition(")")[2].split()
    return None if state == "Z" else int(others[18]) / os.sysconf("SC_CLK_TCK")


def _began_elsewhere(pid: int) -> float | None:
    import psutil  # noqa: PLC0415 - as above

    try:
        found = psutil.Process(pid)
        return None if found.status() == psutil.STATUS_ZOMBIE else float(found.create_time())
    except psutil.NoSuchProcess:
        return None


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _lives(process: "psutil.Process") -> bool:
    return Process.of(process.pid) is not None


def _read(home: Home, name: str) -> dict[str, Any]:
    path = home.run / name
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content
