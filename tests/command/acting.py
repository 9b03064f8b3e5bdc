"""Commands that do one thing each, for tests of what surrounds every command."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from exchange.command.terminal.console import PEOPLE, paper, print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.output_file import write_file
from exchange.runtime.errors import ExchangeError
from producers.reading.files import open_input

NAMES = "王桂芳 䶮 𠮷 ✖ é ㎡ 〓"


def tell(json: JsonOption = False) -> None:
    """Say names on every way that a command has of saying anything."""
    say(NAMES)
    table = Table(NAMES)
    table.add_row(NAMES)
    PEOPLE.print(table)
    typer.echo(NAMES, err=True)
    if json:
        print_json({"names": NAMES})
        return
    paper().print(table)
    typer.echo(NAMES)
    sys.stdout.write(NAMES + "\n")


def take(
    word: str,
    file: Annotated[str, typer.Argument()] = "",
    reason: Annotated[str, typer.Option("--reason")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE")] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Tell what it was given; copy a file."""
    if file:
        with open_input(file) as content:
            found = content.read()
        if out is not None:
            write_file(found, out)
            say(f"Written: {out}")
        print_json({"word": word, "reason": reason, "file": file, "read": found.decode(errors="replace")})
        return
    print_json({"word": word, "reason": reason, "home": str(home), "json": json})


def interrupt(how: str) -> None:
    """Be interrupted."""
    if how == "said":
        print_json({"half": "done"})
    with PEOPLE.status("Working …"):
        raise KeyboardInterrupt


def fail(how: str) -> None:
    """Meet what the system refuses."""
    if how == "expected":
        raise ExchangeError("It is so.", "Do this.")
    if how == "folder":
        Path.cwd()
    if how == "unexpected":
        raise AssertionError("a fault of our own")
    raise OSError(int(how), "refused by the system", *(["a-file"] if how == "13" else []))
