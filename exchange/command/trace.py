"""`exchange trace`: what became of a record, from its receipt to the departments that were told."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import typer
from rich.table import Table

from consumers.history.trace import Trace, TraceEvent, Tracer
from consumers.labels.words import STATES, TIMES, words
from consumers.log.scan import CaseLog
from consumers.read_model.spots import IndexSpots
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.views.sheet import Sheet
from exchange.runtime.logs import configure_logs
from exchange.runtime.registry.client import Registry
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from topics.labels import Labels, Words
from verification.times import SHANGHAI

LABELS: Final = Labels(__file__)
COLUMNS: Final = tuple(LABELS.table("columns").values())
TAKEN: Final = LABELS["taken"]
KINDS: Final[Mapping[str, Words]] = LABELS.table("kinds")


def trace(
    some_id: Annotated[
        str,
        typer.Argument(
            metavar="ID", show_default=False, help="The id of a receipt, a record or an announcement."
        ),
    ],
    lang: LangOption = "",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show what became of a record: its receipt, its case, who was told what, and when.

    For example: exchange trace records.cremation/3/17

    exchange trace 0f8fad5b-d9cb-469f-a165-70867728950e

    A receipt's id is the record's place in the log: topic/partition/offset; log lines and the header
    ce_correlationid name it too. Nothing of a person is shown, so no access record is left. A record's or an
    announcement's id is looked up in the read model's index. Exit 1 where there is
    nothing of that id.
    """
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    with Registry(settings.registry) as registry:
        tracer = Tracer(CaseLog(settings), registry, settings.city.catalogue, IndexSpots(settings))
        found = tracer.find(some_id.strip())
    for one in found:
        if json:
            print_json(trace_row(one))
        else:
            paper().print(_table(one, Sheet(settings.city.policy, language)))
    if not found:
        say(said("nothing_has_id", id=some_id))
        say(said("give_some_id"))
        raise typer.Exit(1)


def trace_row(found: Trace) -> dict[str, object]:
    """Return a trace as JSON; every time is in UTC."""
    events = [{"at": one.at, "topic": one.topic, **one.what} for one in found.events]
    return {"receipt_id": found.receipt_id, "taken_at": found.taken_at, "events": events}


def _table(found: Trace, sheet: Sheet) -> Table:
    table = sheet.table(LABELS["title"].filled(receipt_id=found.receipt_id), COLUMNS)
    table.title = sheet.say(LABELS["title"].filled(receipt_id=found.receipt_id))
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    if found.taken_at is not None:
        table.add_row(_clock(found.taken_at), "", found.receipt_id.partition("/")[0], sheet.both(TAKEN))
    for one in found.events:
        after = (
            "" if found.taken_at is None else f"{(one.at - found.taken_at).total_seconds() * 1000:,.0f} ms"
        )
        table.add_row(_clock(one.at), after, one.topic, f"{sheet.say(KINDS[one.kind])}  {_what(one, sheet)}")
    return table


def _what(event: TraceEvent, sheet: Sheet) -> str:
    said = dict(event.what)
    if event.kind == "matters":
        matter = said["matter"] if isinstance(said["matter"], int) else 0
        state = sheet.both(words(STATES, str(said["transition"])))
        return f"{sheet.matter(matter, None)}: {state}\n{said['id']}"
    if event.kind == "tasks":
        return f"{said['kind']} {said['state']}, {sheet.department(str(said['owed_by']))}"
    shown = [value for value in said.values() if value]
    return "  ".join(", ".join(one) if isinstance(one, list) else str(one) for one in shown)


def _clock(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
