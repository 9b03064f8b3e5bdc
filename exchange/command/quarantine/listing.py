"""`exchange quarantine list`: what is open, and how much of what."""

import logging
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from consumers.quarantine.reader import EntryFilter, QuarantineReader
from exchange.command.quarantine.choosing import CodeOption
from exchange.command.quarantine.view import entry_table, quarantine_row, summary_table
from exchange.command.terminal.as_of import UnfitMomentError, read_as_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.words import read_word
from exchange.command.views.sheet import Sheet
from exchange.runtime.city import find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings

LIMIT: Final = 50


def list_entries(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    department: Annotated[
        str | None,
        typer.Option("--department", metavar="DEPARTMENT", parser=read_word, help="Only this department."),
    ] = None,
    code: CodeOption = None,
    since: Annotated[
        str, typer.Option("--since", metavar="INSTANT", help="Only entries since then: 2026-03-02T09:30.")
    ] = "",
    closed_too: Annotated[bool, typer.Option("--all", help="Also what is closed.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="At most so many entries, the oldest first.")
    ] = LIMIT,
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show what is in quarantine and still open, the oldest first, with a count by department and reason.

    For example: exchange quarantine list --code rule_failed

    exchange quarantine list --department police --since 2026-03-02T09:30 --limit 200

    Open is what was neither taken after a retry nor discarded. Nothing here is personal data, so no access
    record is left.
    """
    language = language_of(lang)
    _check_department(department)
    wanted = EntryFilter(department, code, _moment(since), closed_too)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    entries, total = reader.find(wanted, limit), reader.total(wanted)
    if json:
        for entry in entries:
            print_json(quarantine_row(entry))
    elif not entries:
        say(said("quarantine_empty" if closed_too else "quarantine_none_open"))
    else:
        console, sheet = paper(), Sheet(settings.city.policy, language)
        console.print(entry_table(sheet, entries))
        console.print(summary_table(sheet, reader.summary(wanted)))
    if total > len(entries):
        say(said("some_are_shown", shown=f"{len(entries):,}", total=f"{total:,}"))


def _check_department(department: str | None) -> None:
    known = find_city().catalogue.departments
    if department is not None and department not in known:
        raise typer.BadParameter(said("departments_are", department=department, known=", ".join(known)))


def _moment(text: str) -> datetime | None:
    try:
        return read_as_of(text, datetime.now(UTC)) if text else None
    except UnfitMomentError as problem:
        raise typer.BadParameter(f"--since: {problem}") from None
