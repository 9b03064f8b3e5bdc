"""`exchange acknowledge`: a department confirms that it has seen what was taken back."""

import logging
from typing import Annotated

import typer

from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.words import read_word
from exchange.command.views.forms import FormSheet
from exchange.desk import acknowledging
from exchange.desk.desk import open_desk
from exchange.desk.publishing.outcome import FormOutcome
from exchange.runtime.city import find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings


def acknowledge(
    announcement_id: Annotated[str, typer.Argument(show_default=False, help="Its id, from exchange follow.")],
    department: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="<str>",
            parser=read_word,
            show_default=False,
            help="The department that was told, by its code.",
        ),
    ],
    handler: Annotated[
        str,
        typer.Option(
            "--handler",
            show_default=False,
            help="Who has seen it, by name or staff number; whoever is signed in is it by the account.",
        ),
    ],
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Acknowledge an announcement for a department, and print the receipt; exit 1 where there is none.

    For example: exchange acknowledge 6f1d0f4f-2c3a-5c55-9a51-0d6c3f0e5b8e --as police --handler "民警 李明"

    What is taken back (SUSPENDED, RECOVERY) has to be acknowledged in time; until then it is a task of the
    department: exchange tasks --owed-by police shows which, with the ids. It is published as an
    acknowledgement record. Acknowledging twice does no harm: the second time is answered with DUPLICATE,
    whoever does it.
    """
    _check_usage(department, handler)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    with open_desk(settings) as desk:
        asker = asker_of(handler.strip(), settings)
        outcome = acknowledging.acknowledge(desk, asker, department, announcement_id.strip())
    if outcome is None:
        say(said("told_nothing", name=department, id=announcement_id))
        say(said("what_to_acknowledge", name=department))
        raise typer.Exit(1)
    _tell(outcome, FormSheet(settings.city.policy, language_of("")), json=json)
    if not outcome.is_in:
        raise typer.Exit(1)


def _check_usage(department: str, handler: str) -> None:
    known = find_city().catalogue.deciding
    if department not in known:
        raise typer.BadParameter(said("told_department_unknown", name=department, known=", ".join(known)))
    if not handler.strip():
        raise typer.BadParameter(said("handler_missing"))


def _tell(outcome: FormOutcome, sheet: FormSheet, *, json: bool) -> None:
    if json:
        print_json(outcome.receipt.as_json() if outcome.receipt else outcome.as_json())
        return
    for line in sheet.outcome(outcome):
        say(line)
