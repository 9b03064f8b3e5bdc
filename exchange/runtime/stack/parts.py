"""What the supervisor is told about each part and each step between them: plain values."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

JAVA_ENVIRONMENT: Final[Mapping[str, str]] = {"LANG": "C.UTF-8"}
"""The whole environment of a Java part: paths are UTF-8, and no JAVA_TOOL_OPTIONS names a proxy or worse."""

OUR_ENVIRONMENT: Final[Mapping[str, str]] = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}
"""What our own parts also get: their logs and paths are UTF-8, whatever terminal they are started from."""


@dataclass(frozen=True)
class Part:
    """A process that is to run as long as the stack does; it is started again when it dies."""

    name: str
    argv: tuple[str, ...]
    log: Path
    ready: Callable[[int], bool]
    """Given the process id, says without waiting long (0.5 s at most) whether the part is at work."""
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    after: tuple[str, ...] = ()
    """Names of the parts (healthy) and steps (done) that must come first."""
    identity: str = "same"
    """The user as whom it runs: see `launch`."""
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    """The signal that the kernel sends it if the supervisor dies first."""
    ready_file: Path | None = None
    """Removed before each start, so that an earlier life is not taken for this one."""
    start_limit_s: float = 180.0


@dataclass(frozen=True)
class StartStep:
    """Something to be done once on the way up; run in a thread of its own."""

    name: str
    run: Callable[[], None]
    after: tuple[str, ...] = ()


Plan = tuple[Part | StartStep, ...]


def parts_of(plan: Plan) -> tuple[Part, ...]:
    """Return the processes of a plan, in its order."""
    return tuple(item for item in plan if isinstance(item, Part))


def depth(plan: Plan, name: str) -> int:
    """Return how many items, at least, must come before it: parts are stopped from the deepest up."""
    item = next(item for item in plan if item.name == name)
    return 1 + max((depth(plan, earlier) for earlier in item.after), default=0)
