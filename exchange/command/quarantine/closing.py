"""`exchange quarantine discard`: an entry that needs nothing more, closed with a reason."""

import logging
from typing import Annotated

import typer

from consumers.labels.operations import QUARANTINE_STATES
from consumers.labels.words import words
from consumers.quarantine.reader import QuarantineReader
from exchange.command.quarantine.choosing import EntryArgument, known
from exchange.command.quarantine.view import quarantine_row
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk import quarantined
from exchange.desk.desk import open_desk
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings


def discard(
    entry_id: EntryArgument,
    reason: Annotated[
        str, typer.Option("--reason", show_default=False, help="The reason; it is kept for ever.")
    ],
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Close an entry that needs nothing more; its bytes and all that was done with it stay.

    For example: exchange quarantine discard records.cremation/3/17 --reason "published again, corrected"
    """
    if not reason.strip():
        raise typer.BadParameter(said("say_why_closed"))
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    known(reader, [entry_id])
    asker = asker_of(actor, settings)
    with open_desk(settings) as desk:
        was_open = quarantined.discard(desk, asker, entry_id, reason.strip())
    (entry,) = reader.get([entry_id])
    if not was_open:
        say(said("entry_closed", state=words(QUARANTINE_STATES, entry["state"]).both("zh")))
        raise typer.Exit(1)
    if json:
        print_json(quarantine_row(entry))
    else:
        say(said("entry_closed_now", entry=entry_id, name=asker.name))
