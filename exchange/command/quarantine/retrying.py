"""`exchange quarantine retry`: refused records to the join once more."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Annotated

import typer

from consumers.labels.operations import QUARANTINE_STATES
from consumers.labels.words import words
from consumers.quarantine.reader import EntryFilter, QuarantineReader, QuarantineRow
from consumers.quarantine.states import STANDS_OPEN
from exchange.command.quarantine.choosing import CodeOption, known
from exchange.command.quarantine.handing_over import await_answers, hand_over, obstacle
from exchange.command.quarantine.view import quarantine_row
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, actor_of
from exchange.runtime.logs import configure_logs
from exchange.runtime.settings import load_settings


def retry(
    entry_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ENTRY]...", show_default=False, help="Only these entries.")
    ] = None,
    code: CodeOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that is open.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="The reason; it is kept with the action.")] = "",
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Hand refused records to the join again, as the log took them: when a rule was mended, or a schema came.

    For example: exchange quarantine retry --code rule_failed --reason "rule mended"

    The join answers each with a receipt of the same id; what is refused again is open again, with its new
    reasons. What never reached the log, since it was refused when it was published, is not retried: its
    department corrects it and publishes it again. Exit 1 if any entry asked for was not taken.
    """
    chosen = entry_ids or []
    if [bool(chosen), code is not None, everything].count(True) != 1:
        raise typer.BadParameter("say which: entries by their ids, or --code CODE, or --all")
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    entries = known(reader, chosen) if chosen else reader.find(EntryFilter(code=code))
    obstacles = {
        entry["entry_id"]: problem
        for entry in entries
        if (problem := obstacle(entry, settings.city.catalogue))
    }
    _tell_obstacles(obstacles, named=bool(chosen))
    good = [entry for entry in entries if entry["entry_id"] not in obstacles]
    if good:
        hand_over(settings, good, actor_of(actor), reason.strip() or None)
        await_answers(reader, good)
    after = reader.get([entry["entry_id"] for entry in good])
    _tell_outcomes(after, json=json)
    if (chosen and obstacles) or any(entry["state"] in STANDS_OPEN for entry in after):
        raise typer.Exit(1)


def _tell_obstacles(obstacles: Mapping[str, str], *, named: bool) -> None:
    if named:
        for entry_id, problem in obstacles.items():
            say(f"{entry_id}: {problem}")
        return
    for problem, count in Counter(obstacles.values()).items():
        say(f"{count:,} not retried: {problem}")


def _tell_outcomes(after: list[QuarantineRow], *, json: bool) -> None:
    if json:
        for entry in after:
            print_json(quarantine_row(entry))
        return
    for state, count in Counter(entry["state"] for entry in after).items():
        say(f"{count:,} {words(QUARANTINE_STATES, state).both('en')}")
    if not after:
        say("Nothing was retried.")
    elif any(entry["state"] in STANDS_OPEN for entry in after):
        say("`exchange quarantine list` shows what is open and why.")
