"""What the supervisor is told about each part and each step between them: plain values."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

JAVA_ENVIRONMENT: Final[Mapping[str, str]] = {"LANG": "C.UTF-8"}
"""All that a Java part gets of our environment: UTF-8 paths, and no JAVA_TOOL_OPTIONS with a proxy."""

CODE_FLAGS: Final = (
    "-XX:+UnlockDiagnosticVMOptions",
    # These kinds of prepared code (`code_cache`) are left out: JDK 25 takes some for others, and warns.
    "-XX:-AOTAdapterCaching",
    "-XX:-AOTStubCaching",
)
"""What each JVM that reads or writes prepared code is told."""

OUR_ENVIRONMENT: Final[Mapping[str, str]] = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}
"""What our own parts also get: their logs and paths are UTF-8, whatever terminal they are started from."""


@dataclass(frozen=True)
class LoadedCode:
    """A Java program's code as the JVM keeps it ready (see `code_cache`)."""

    path: Path
    recorded: bool = False
    """The JVM writes it when the program ends; else it reads it when the program starts."""

    @property
    def flags(self) -> tuple[str, ...]:
        """What the JVM is told of it."""
        return (f"-XX:AOTCacheOutput={self.path}" if self.recorded else f"-XX:AOTCache={self.path}",)


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
