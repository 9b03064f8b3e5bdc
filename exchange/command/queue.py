"""`exchange queue`: what there is to do, the soonest due first."""

import logging
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

import typer

from consumers.read_model.queue_reader import IN_HAND, QueueQuery
from consumers.read_model.rows import plain
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.words import read_word
from exchange.command.views.queue import more_words, queue_table
from exchange.command.views.sheet import Sheet
from exchange.desk.desk import open_desk
from exchange.desk.queue import queue as read_queue
from exchange.runtime.city import find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from verification.times import calendar_date

Due = Literal["today", "overdue"]
_BEFORE: dict[Due, timedelta] = {"today": timedelta(0), "overdue": timedelta(days=1)}


def queue(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    department: Annotated[
        str | None,
        typer.Option("--department", metavar="DEPARTMENT", parser=read_word, help="Only its matters."),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", parser=read_word, help=f"One of {', '.join(IN_HAND)}."),
    ] = None,
    due: Annotated[
        str | None,
        typer.Option("--due", metavar="today|overdue", help="Whose last day has come, or has passed."),
    ] = None,
    assignee: Annotated[
        str | None, typer.Option("--assignee", metavar="ACCOUNT", help="Only what this person has in hand.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many at most.")] = 50,
    json: JsonOption = False,
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show what departments have to do: whose matter it is, since when, and how many working days are left.

    For example: exchange queue --department police --due today

    One access record names everybody on the page, before it is shown.
    """
    _check(department, state, due)
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    query = QueueQuery(
        departments=() if department is None else (department,),
        states=IN_HAND if state is None else (state,),
        assignee=assignee,
        due_by=_due_by(due),
    )
    with open_desk(settings) as desk:
        page = read_queue(desk, asker_of(actor, settings), query, limit=limit)
    if json:
        for line in page.lines:
            print_json(plain(asdict(line)))
        return
    if not page.lines:
        say(said("nothing_owed"))
        return
    sheet = Sheet(settings.city.policy, language)
    paper().print(queue_table(sheet, page.lines))
    if page.next is not None:
        say(more_words(sheet))


def _check(department: str | None, state: str | None, due: str | None) -> None:
    """Refuse words that are none of the lists'."""
    lists = (
        ("--department", department, find_city().catalogue.deciding),
        ("--state", state, IN_HAND),
        ("--due", due, tuple(_BEFORE)),
    )
    for option, given, known in lists:
        if given is not None and given not in known:
            raise typer.BadParameter(said("not_one_of", option=option, name=given, known=", ".join(known)))


def _due_by(due: str | None) -> date | None:
    today = calendar_date(datetime.now(UTC))
    return next((today - before for name, before in _BEFORE.items() if name == due), None)
