"""`exchange run`: one part of our own in the foreground, as the supervisor starts it. Not for people."""

import importlib
import re
from typing import Annotated

import typer

from exchange.command.terminal.options import HomeOption
from exchange.runtime.settings import load_settings

RUNNERS = {
    "joiner": "exchange.runtime.join.worker",
    "projector": "consumers.read_model.projector",
    "clock": "exchange.runtime.clock.worker",
    "reconciler": "consumers.ledger.reconciler",
    "notifier": "consumers.notifier.worker",
    "gateway": "exchange.gateway.worker",
    "console": "exchange.console.worker",
}
"""Each module has `run(settings)`, which writes the part's ready file once it is at work; the joiner's also
takes its name, since there may be several."""
_NAME = re.compile(r"joiner(-[1-9][0-9]?)?")


def run(
    part: Annotated[str, typer.Argument(help=", ".join(RUNNERS))],
    name: Annotated[str | None, typer.Option(help="Of a joiner among several: joiner-1, joiner-2 …")] = None,
    home: HomeOption = None,
) -> None:
    """Run one part in the foreground."""
    if part not in RUNNERS:
        raise typer.BadParameter(f"{part} is none of {', '.join(RUNNERS)}")
    if name is not None and not (part == "joiner" and _NAME.fullmatch(name)):
        raise typer.BadParameter(
            f"{name} is no name of a {part}: only joiners have names, joiner-1 and so on"
        )
    runner = importlib.import_module(RUNNERS[part]).run
    if part == "joiner":
        runner(load_settings(home, part), name or part)
    else:
        runner(load_settings(home, part))
