"""`make bench`: measure the exchange on this machine, print a table, write JSON."""

import os
import platform
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from exchange.command.terminal.console import say
from tools.bench.paired import compared
from tools.bench.parts import FULL, PARTS, QUICK, Size
from tools.bench.stack import bare_stack
from tools.bench.tables import figures_table, ratios_table


def bench(
    out: Annotated[Path | None, typer.Option(help="Write the figures here as JSON.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A tenth of the work: to try it, not to quote.")
    ] = False,
    only: Annotated[str, typer.Option(help=f"Some parts alone, of: {' '.join(PARTS)}.")] = "",
    base: Annotated[
        Path | None,
        typer.Option(help="Another checkout, installed: measured by turns with this one, as ratios."),
    ] = None,
) -> None:
    """Measure throughput, latency, memory, start and rest on the real stack, in homes of its own.

    Takes about half an hour on two cores, and four times as long beside another checkout.
    Figures are ratios or medians of runs in this one session.
    """
    names = only.split() or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        raise typer.BadParameter(f"{' '.join(unknown)}: the parts are {' '.join(PARTS)}.")
    if base is not None:
        figures = compared(base.resolve(), names, quick=quick)
        table = ratios_table(figures)
    else:
        figures = _measured(names, QUICK if quick else FULL)
        table = figures_table(figures)
    if out is not None:
        out.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    Console().print(table)


def _measured(names: Collection[str], size: Size) -> dict[str, Any]:
    chosen = {name: part for name, part in PARTS.items() if name in names}
    figures: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    }

    def measure(name: str, home: Path) -> None:
        say(chosen[name].said)
        figures[name] = chosen[name].measure(home, size)

    for name in (name for name, part in chosen.items() if part.alone):
        with _new_home() as home:
            measure(name, home)
    if together := [name for name, part in chosen.items() if not part.alone]:
        with _new_home() as home, bare_stack(home):
            for name in together:
                measure(name, home)
    return figures


@contextmanager
def _new_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        yield Path(folder)
