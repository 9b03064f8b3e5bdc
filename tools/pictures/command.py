"""`make pictures`: the pictures of the documentation; with --walk, every screen looked through."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from exchange.command.terminal.console import say
from tools.pictures.pictures import take_pictures
from tools.pictures.visitors import Visitors, chromium
from tools.pictures.walk import LOOKS, Screen, walk


def pictures(
    home: Annotated[Path, typer.Option(help="That of a demo that runs: exchange demo --keep --home DIR.")],
    every: Annotated[
        bool, typer.Option("--walk", help=f"Take none: look through every screen in {len(LOOKS)} ways.")
    ] = False,
    shots: Annotated[Path | None, typer.Option(help="With --walk: put pictures of all screens here.")] = None,
    department: Annotated[str, typer.Option(help="Where those work who work for one.")] = "human_resources",
) -> None:
    """Take the pictures in docs/pictures anew from a demo that runs: of people who are made up, all of them.

    It opens accounts and takes applications there, so the home is for nothing else.
    """
    with chromium() as browser:
        visitors = Visitors(browser, home, department)
        if not every:
            for line in take_pictures(visitors):
                say(line)
            return
        screens = walk(visitors, shots, say)
    Console(width=160).print(_table(screens))
    faults = [f"{one.role} {one.kind} {told}" for one in screens for told in one.faults]
    for told in faults:
        say(told)
    raise typer.Exit(1 if faults else 0)


def _table(screens: list[Screen]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("role", "screen", "rows", "faults"):
        table.add_column(column)
    for one in screens:
        table.add_row(one.role, one.kind, str(one.rows), str(len(one.faults)))
    return table
