"""`exchange run`: one part of our own in the foreground, as the supervisor starts it. Not for people."""

import importlib
from typing import Annotated

import typer

from exchange.command.options import HomeOption
from exchange.runtime.settings import load_settings

RUNNERS = {
    "joiner": "exchange.runtime.join.worker",
    "projector": "consumers.read_model",
    "clock": "exchange.runtime.clock",
}
"""Each module has `run(settings)`, which writes the part's ready file once it is at work."""


def run(
    part: Annotated[str, typer.Argument(help="joiner, projector or clock")], home: HomeOption = None
) -> None:
    """Run one part in the foreground."""
    if part not in RUNNERS:
        raise typer.BadParameter(f"{part} is none of {', '.join(RUNNERS)}")
    importlib.import_module(RUNNERS[part]).run(load_settings(home))
