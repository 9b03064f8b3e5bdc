"""This checkout and another one, measured by turns: each figure as a ratio in one run.

The other one's code is measured by this one's benchmark, so both do the same work.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import mean
from typing import Any, Final

import orjson

import tools
from exchange.command.terminal.console import say
from exchange.runtime.errors import ExchangeError
from tools.bench.bulk import Figures

TURNS: Final = 2
_ERROR: Final = re.compile(r"[\w.]*(Error|Exception)\b")
"""How the last line of a traceback begins."""


def compared(base: Path, names: Iterable[str], *, quick: bool) -> Figures:
    """Measure the parts in both checkouts by turns.

    Returns:
        Part → figure → {``base``, ``here``, ``ratio``}: the means of the turns, and here ÷ base.

    Raises:
        ExchangeError: the other checkout is not installed, or this benchmark does not fit its code.
    """
    python = base / ".venv" / "bin" / "python"
    if not python.exists():
        raise ExchangeError(f"{base} is not installed: there is no {python}.", "Run `make install` there.")
    return {name: dict(_compared(name, str(python), quick=quick)) for name in names}


def _compared(name: str, base: str, *, quick: bool) -> Iterator[tuple[str, Mapping[str, float]]]:
    turns = []
    for turn in range(1, TURNS + 1):
        say(f"{name}: {turn}/{TURNS} …")
        turns.append([dict(_flat(_measured(python, name, quick=quick))) for python in (base, sys.executable)])
    for figure in (one for one in turns[0][0] if all(one in found for turn in turns for found in turn)):
        before, here = (mean(one[figure] for one in found) for found in zip(*turns, strict=True))
        yield figure, {"base": before, "here": here, "ratio": here / before if before else float("nan")}


def _measured(python: str, name: str, *, quick: bool) -> Any:
    """Run this benchmark's part with the code that belongs to that interpreter."""
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        # Of this tree the benchmark alone is found: all that it imports is that interpreter's own.
        (Path(folder) / "tools").symlink_to(Path(next(iter(tools.__path__))))
        out = Path(folder) / "figures.json"
        command = [python, "-m", "tools.bench", "--only", name, "--out", str(out)]
        done = subprocess.run(
            [*command, *(["--quick"] if quick else [])],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder, "TYPER_STANDARD_TRACEBACK": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ExchangeError(
                f"{name} cannot be measured with {python}: {fault(done.stderr)}",
                "An older checkout may lack what this benchmark stands on.",
            )
        return orjson.loads(out.read_bytes())[name]


def fault(said: str) -> str:
    """Return of what a process said the line that tells its fault: the last error's, else the last one."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if _ERROR.match(line)), lines[-1] if lines else "")


def _flat(figures: Any, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(figures, Mapping):
        for name, value in figures.items():
            yield from _flat(value, f"{path}.{name}" if path else str(name))
    elif isinstance(figures, int | float):
        yield path, float(figures)
