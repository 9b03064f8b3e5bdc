"""`exchange case --as-of` and `--history`: a person's case as it was known then, and how it came about."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from avro_schemas.typed_documents import CaseDocument
from consumers.history.live_past import new_past
from consumers.history.past import CasePast
from consumers.labels.words import local_time
from consumers.log.source import Tell
from consumers.read_model.task_reader import DONE
from exchange.command.terminal.console import PEOPLE, paper, print_json, say
from exchange.command.views.case import CaseView
from exchange.command.views.changes import ChangeLines
from exchange.command.views.history import HistoryView
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.desk.look import LookRequest
from exchange.desk.past import PastCase, look_as_of, look_back
from exchange.desk.past_rows import as_of_row, event_row
from exchange.desk.persons import AskedPerson
from exchange.runtime.sentences import said
from topics.labels import Labels, Language
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
SHORT_S: Final = 1.0
"""Reading that takes no longer than this shows no progress."""
KNOWN_AT: Final = LABELS["known_at"]
SINCE: Final = LABELS["since"]
NO_CHANGE: Final = LABELS["no_change"]


@dataclass(frozen=True)
class PastLook:
    """A look into a case's past: who looks, at whom, and how it is shown."""

    desk: Desk
    asker: Asker
    person: AskedPerson
    request: LookRequest
    language: Language
    json: bool


def show_as_of(look: PastLook, moment: datetime) -> None:
    """Show the case by what the log had taken by then, and what differs now; exit 1 if nothing was known."""
    with past_of(look.desk) as past:
        found = look_as_of(look.desk, past, look.asker, look.person, moment, look.request)
    if found.case is None:
        say(_unknown(found))
        raise typer.Exit(1)
    if look.json:
        print_json(as_of_row(found.case, found.tasks, found.moment, found.changed, look.desk.policy))
    else:
        _print_as_of(look, found.case, found)


def show_history(look: PastLook) -> None:
    """Show everything that happened to the case; exit 1 where the log holds nothing of it."""
    with past_of(look.desk) as past:
        events = look_back(look.desk, past, look.asker, look.person, look.request)
    if not events:
        say(said("no_such_case"))
        raise typer.Exit(1)
    if look.json:
        for event in events:
            print_json(event_row(event))
        return
    console = paper()
    for part in HistoryView(look.desk.policy, look.language).render(events):
        console.print(part)


def _print_as_of(look: PastLook, case: CaseDocument, found: PastCase) -> None:
    policy, console = look.desk.policy, paper()
    console.print(Text(f"{KNOWN_AT.both(look.language)} {local_time(found.moment)}", style="bold"))
    owed = [task for task in found.tasks if task["state"] != DONE]
    for part in CaseView(policy, look.language, calendar_date(found.moment)).render(case, owed):
        console.print(part)
    console.print(Text((SINCE if found.changed else NO_CHANGE).both(look.language), style="bold"))
    for line in ChangeLines(policy, look.language).lines(found.changed):
        console.print(Text(f"  {line}"))


def _unknown(found: PastCase) -> str:
    if found.known_since is None:
        return said("no_such_case")
    first = local_time(found.known_since)
    return said("not_known_then", moment=local_time(found.moment), first=first)


@contextmanager
def past_of(desk: Desk) -> Iterator[CasePast]:
    """Read the pasts of cases, and show how far that is."""
    with reading_progress() as tell:
        yield new_past(desk.settings, desk.registry, tell)


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
