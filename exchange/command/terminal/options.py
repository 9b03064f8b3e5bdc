"""Options that several commands share, so that they are named and explained in the same way everywhere."""

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

from exchange.runtime.home_path import no_place
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said
from exchange.runtime.users_home import expanded


def read_home(text: str) -> Path:
    """Return the folder that is meant; a leading `~` is the user's own home, as in a shell.

    Raises:
        typer.BadParameter: it is empty, as an unset variable leaves it, or no folder can be there.
    """
    if not text:
        raise typer.BadParameter(said("home_empty"))
    # Completed while it is still as it was written: `./~` is a folder of that name.
    path = expanded(text) if text.startswith("~") else Path(text).absolute()
    if path is None:
        raise typer.BadParameter(said("home_of_nobody", folder=printed(text)))
    if trouble := no_place(path):
        raise typer.BadParameter(trouble)
    return path


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        envvar="EXCHANGE_HOME",
        help="The exchange to use; by default your own.",
        metavar="DIR",
        parser=read_home,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines on standard output, nothing else.")]


ActorOption = Annotated[
    str, typer.Option("--actor", help="Who asks; it goes into the access record. Default: the system's user.")
]
ReasonOption = Annotated[
    str, typer.Option("--reason", show_default=False, help="The reason; it is kept with it.")
]


def actor_of(given: str) -> str:
    """Return who asks: the name given, else the system's user, who may have only a number."""
    if given.strip():
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"
