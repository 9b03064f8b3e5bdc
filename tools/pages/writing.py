"""`make docs`: the reference pages that are made from schemas, catalogue, policy, engine and help."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

import tools.pages.commands
import tools.pages.matters
import tools.pages.metrics
import tools.pages.reasons
import tools.pages.records
import tools.pages.topics
import tools.pages.transitions.page
from exchange.command.terminal.console import say
from exchange.runtime.errors import ExchangeError

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "records.md": tools.pages.records.render,
    "topics.md": tools.pages.topics.render,
    "reasons.md": tools.pages.reasons.render,
    "matters.md": tools.pages.matters.render,
    "transitions.md": tools.pages.transitions.page.render,
    "metrics.md": tools.pages.metrics.render,
    "commands.md": tools.pages.commands.render,
}
MARKS: Final = ("pyproject.toml", "avro_schemas", "docs")
"""What stands together in the root of a checkout and nowhere else."""

CheckOption = Annotated[
    bool, typer.Option("--check", help="Write nothing; name the pages that are stale, and exit 1.")
]


def docs(check: CheckOption = False) -> None:
    """Write the generated pages of docs/reference, in the checkout of the current directory."""
    folder = find_checkout(Path.cwd()) / "docs" / "reference"
    stale = stale_pages(folder)
    for name, text in stale.items():
        say(f"{'stale' if check else 'written'}: docs/reference/{name}")
        if not check:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    if not stale:
        say(f"{len(PAGES)} generated pages, all as they should be.")
    elif check:
        say("`make docs` writes them anew.")
        raise typer.Exit(1)


def stale_pages(folder: Path) -> dict[str, str]:
    """Return the pages that are missing in the folder or say something else, with what they should say."""
    fresh = {name: render() for name, render in PAGES.items()}
    return {name: text for name, text in fresh.items() if _text(folder / name) != text}


def find_checkout(here: Path) -> Path:
    """Return the checkout's root: this folder or one above it.

    Raises:
        ExchangeError: there is none.
    """
    for folder in (here, *here.parents):
        if all((folder / mark).exists() for mark in MARKS):
            return folder
    raise ExchangeError("This is no checkout of the exchange.", "Change to the folder of its README.md.")


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
