"""`exchange case --as-of` and `--history`: a person's case as it was known then, and how it came about."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from avro_schemas.typed_documents import CaseDocument
from consumers.history.changes import CaseChange, changed_fields, masked_changes
from consumers.history.events import CaseEvent
from consumers.history.live_past import new_past
from consumers.history.past import AsOf, CasePast
from consumers.labels.words import local_time
from consumers.log.source import Tell
from consumers.privacy.masking import masked_case
from consumers.read_model.rows import shown_fields
from consumers.read_model.task_reader import DONE
from exchange.command.look import CaseLook
from exchange.command.terminal.console import PEOPLE, paper, print_json, say
from exchange.command.views.case import CaseView
from exchange.command.views.changes import ChangeLines
from exchange.command.views.history import HistoryView, masked_event
from exchange.command.views.past_rows import as_of_row, event_row
from exchange.runtime.registry.client import Registry
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.labels import Labels
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
SHORT_S: Final = 1.0
"""Reading that takes no longer than this shows no progress."""
KNOWN_AT: Final = LABELS["known_at"]
SINCE: Final = LABELS["since"]
NO_CHANGE: Final = LABELS["no_change"]


def show_as_of(look: CaseLook, moment: datetime) -> None:
    """Show the case by what the log had taken by then, and what differs now; exit 1 if nothing was known."""
    with _past(look.settings) as past:
        found = past.as_of(look.asked, look.case_id, moment)
    changed, case = found.changed_since, found.case
    if case is None:
        look.note(None)
        say(_unknown(found))
        raise typer.Exit(1)
    look.note(case["case_id"], {*shown_fields(case), *changed_fields(changed)})
    if look.json:
        print_json(as_of_row(case, found, look.settings.city.policy, unmask=look.unmask))
    else:
        _print_as_of(look, case, found, changed)


def show_history(look: CaseLook) -> None:
    """Show everything that happened to the case; exit 1 where the log holds nothing of it."""
    policy, events = look.settings.city.policy, case_history(look)
    shown = events if look.unmask else [masked_event(event, policy) for event in events]
    if look.json:
        for event in shown:
            print_json(event_row(event))
        return
    console = paper()
    for part in HistoryView(policy, look.language).render(shown):
        console.print(part)


def case_history(look: CaseLook) -> list[CaseEvent]:
    """Return everything that happened to the case, after noting the access; exit 1 if nothing did."""
    with _past(look.settings) as past:
        window = timedelta(minutes=look.settings.city.policy.periods.correction_minutes)
        events = past.history(look.asked, look.case_id, window)
    if not events:
        look.note(None)
        say(said("no_such_case"))
        raise typer.Exit(1)
    for case_id in dict.fromkeys(event.case_id for event in events):
        changed = (event.changes for event in events if event.case_id == case_id)
        look.note(case_id, changed_fields(chain.from_iterable(changed)))
    return events


def _print_as_of(look: CaseLook, case: CaseDocument, found: AsOf, changed: list[CaseChange]) -> None:
    policy, console = look.settings.city.policy, paper()
    if not look.unmask:
        case, changed = masked_case(case, policy), masked_changes(changed, policy)
    console.print(Text(f"{KNOWN_AT.both(look.language)} {local_time(found.moment)}", style="bold"))
    owed = [task for task in found.tasks if task["state"] != DONE]
    for part in CaseView(policy, look.language, calendar_date(found.moment)).render(case, owed):
        console.print(part)
    console.print(Text((SINCE if changed else NO_CHANGE).both(look.language), style="bold"))
    for line in ChangeLines(policy, look.language).lines(changed):
        console.print(Text(f"  {line}"))


def _unknown(found: AsOf) -> str:
    if found.known_since is None:
        return said("no_such_case")
    first = local_time(found.known_since)
    return said("not_known_then", moment=local_time(found.moment), first=first)


@contextmanager
def _past(settings: Settings) -> Iterator[CasePast]:
    with Registry(settings.registry) as registry, reading_progress() as tell:
        yield new_past(settings, registry, tell)


@contextmanager
def reading_progress() -> Iterator[Tell]:
    """Show how much of the log is read and folded, if that takes long; without a terminal, show nothing."""
    columns = (TextColumn("Reading and folding"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=PEOPLE, transient=True, disable=not PEOPLE.is_terminal)
    task = progress.add_task("read", total=None)
    began = time.monotonic()

    def tell(read: int, total: int) -> None:
        if time.monotonic() - began > SHORT_S:
            progress.start()
        progress.update(task, completed=read, total=total)

    try:
        yield tell
    finally:
        progress.stop()
