"""What the command line says: JSON lines on standard output, words for people on standard error."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Final, NoReturn

import orjson
from rich.console import Console

from exchange.runtime.printed import printed

PIPE_WIDTH: Final = 140
"""The width of tables without a terminal."""


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Leave it to `app.main`, as for other writers; by default the process would end here."""
        raise BrokenPipeError


def _environment() -> dict[str, str]:
    """Return the environment without a size of zero, as some shells leave it: no character would fit."""
    sizes = {"COLUMNS", "LINES"}
    return {name: value for name, value in os.environ.items() if name not in sizes or value.strip("0 ")}


PEOPLE = _Console(stderr=True, highlight=False, soft_wrap=True, _environ=_environment())


def say(text: str, style: str | None = None) -> None:
    """Tell a person something: no markup, no wrapping, and nothing in it that controls the terminal."""
    PEOPLE.print(printed(text, kept="\n\t"), markup=False, style=style)


def paper() -> Console:
    """Return the console for tables for people: standard output, as wide as the terminal."""
    console = _Console(markup=False, highlight=False, emoji=False, _environ=_environment())
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    return console


def print_json(row: Mapping[str, object]) -> None:
    """Print one JSON line; a file's name that is not text is printed with replacement characters."""
    try:
        line = orjson.dumps(row)
    except orjson.JSONEncodeError:
        line = json.dumps(row, ensure_ascii=False).encode(errors="replace")
    sys.stdout.write(line.decode() + "\n")
