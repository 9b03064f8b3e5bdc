"""`make docs`: what is made from schemas, catalogue, policy, engine and help: reference pages, and types."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

import tools.pages.client_records
import tools.pages.commands
import tools.pages.matters
import tools.pages.metrics
import tools.pages.reasons
import tools.pages.records
import tools.pages.topics
import tools.pages.transitions.page
import tools.pages.typed_documents
from exchange.command.terminal.console import say
from exchange.runtime.city import City, find_city
from exchange.runtime.errors import ExchangeError

CITYS_OWN: Final[Mapping[str, Callable[[City], str]]] = {
    "records.md": tools.pages.records.render,
    "topics.md": tools.pages.topics.render,
    "matters.md": tools.pages.matters.render,
    "transitions.md": tools.pages.transitions.page.render,
}
"""The pages that say something else in every city."""
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    **{name: partial(render, City()) for name, render in CITYS_OWN.items()},
    "reasons.md": tools.pages.reasons.render,
    "metrics.md": tools.pages.metrics.render,
    "commands.md": tools.pages.commands.render,
}
"""What the folder of the reference pages holds, and nothing else."""
FILES: Final[Mapping[str, Callable[[], str]]] = {
    **{f"docs/reference/{name}": render for name, render in PAGES.items()},
    "avro_schemas/typed_documents.pyi": tools.pages.typed_documents.render,
    "producers/client/life_events_client/records.py": tools.pages.client_records.render,
}
"""All that is generated, by its path in the checkout."""
MARKS: Final = ("pyproject.toml", "avro_schemas", "docs")
"""What is found together in the root of a checkout and nowhere else."""

CheckOption = Annotated[
    bool, typer.Option("--check", help="Write nothing; name the files that are stale, and exit 1.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write the pages of the city in use there, and nothing else.")
]


def docs(check: CheckOption = False, out: OutOption = None) -> None:
    """Write what is generated, in the checkout of the current directory."""
    if out is not None:
        write_pages_of(find_city(), out)
        return
    root = find_checkout(Path.cwd())
    stale = stale_files(root)
    for name, text in stale.items():
        say(f"{'stale' if check else 'written'}: {name}")
        if not check:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    if not stale:
        say(f"{len(FILES)} generated files, all as they should be.")
    elif check:
        say("`make docs` writes them anew.")
        raise typer.Exit(1)


def write_pages_of(city: City, folder: Path) -> None:
    """Write the pages that are a city's own; others say the same everywhere."""
    pages = {name: render(city) for name, render in CITYS_OWN.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
        say(f"written: {folder / name}")


def stale_files(root: Path, files: Mapping[str, Callable[[], str]] = FILES) -> dict[str, str]:
    """Return what is missing in a checkout or says something else, with what it should say."""
    fresh = {name: render() for name, render in files.items()}
    return {name: text for name, text in fresh.items() if _text(root / name) != text}


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
