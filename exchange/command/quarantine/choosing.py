"""The entries that a command is about, as they are asked for."""

from collections.abc import Sequence
from typing import Annotated

import typer

from consumers.quarantine.reader import QuarantineReader, QuarantineRow
from exchange.command.terminal.console import say
from exchange.runtime.sentences import said

EntryArgument = Annotated[
    str, typer.Argument(metavar="ENTRY", show_default=False, help="Its id, from exchange quarantine list.")
]
CodeOption = Annotated[
    str | None, typer.Option("--code", metavar="CODE", help="Only entries with this reason.")
]


def known(reader: QuarantineReader, entry_ids: Sequence[str]) -> list[QuarantineRow]:
    """Return these entries; exit 1 if one is not there."""
    found = reader.get(entry_ids)
    for absent in sorted(set(entry_ids) - {entry["entry_id"] for entry in found}):
        say(said("no_such_entry", entry=absent))
        raise typer.Exit(1)
    return found
