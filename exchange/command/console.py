"""What the command line says: JSON lines on standard output, words for people on standard error."""

import sys
from collections.abc import Mapping

import orjson
from rich.console import Console

PEOPLE = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Tell a person something, as it is: no markup, no wrapping."""
    PEOPLE.print(text, markup=False)


def print_json(row: Mapping[str, object]) -> None:
    """Print one JSON line."""
    sys.stdout.write(orjson.dumps(row).decode() + "\n")
