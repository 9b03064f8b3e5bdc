"""`exchange quarantine discard`: an entry that needs nothing more, closed with a reason."""

import logging
from typing import Annotated

import typer

from consumers.labels.operations import QUARANTINE_STATES
from consumers.labels.words import words
from consumers.quarantine.actions import Action, note_actions
from consumers.quarantine.reader import QuarantineReader
from consumers.quarantine.states import STANDS_OPEN
from exchange.command.quarantine.choosing import EntryArgument, known
from exchange.command.quarantine.handing_over import ANSWERS_WITHIN_S, LOOK_S
from exchange.command.quarantine.view import quarantine_row
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, actor_of
from exchange.runtime.logs import configure_logs
from exchange.runtime.settings import load_settings
from exchange.runtime.waiting import wait_until


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
        raise typer.BadParameter("--reason: say why nothing more is needed")
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    reader = QuarantineReader(settings)
    (entry,) = known(reader, [entry_id])
    if entry["state"] not in STANDS_OPEN:
        say(f"It is closed already: {words(QUARANTINE_STATES, entry['state']).both('en')}.")
        raise typer.Exit(1)
    who = actor_of(actor)
    note_actions(settings, [Action(entry["entry_id"], "DISCARDED", who, reason.strip())])
    wait_until(lambda: reader.get([entry_id])[0]["state"] not in STANDS_OPEN, ANSWERS_WITHIN_S, LOOK_S)
    if json:
        print_json(quarantine_row(reader.get([entry_id])[0]))
    else:
        say(f"{entry_id} is closed by {who}; its bytes stay in the log.")
