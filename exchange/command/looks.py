"""`exchange looks`: who looked at a case, at what, and why."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from consumers.family.looks import FamilyLook
from consumers.read_model.look_table import Look
from consumers.read_model.rows import plain
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.views.looks import family_table, looks_table
from exchange.command.views.sheet import Sheet
from exchange.desk.desk import open_desk
from exchange.desk.looks import looks as read_looks
from exchange.desk.looks import looks_for_family
from exchange.desk.persons import asked_person
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings


def looks(
    id_number_or_case_id: Annotated[str, typer.Argument(show_default=False)],
    family: Annotated[
        bool,
        typer.Option("--family", help="As the family is told it: the day, which department, and what for."),
    ] = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show who looked at a person's case, at what, and why, the last first.

    The family's form leaves out what would betray an inquiry, or that there is a will (situations.yaml). To
    ask is a look as well, and leaves an access record. Exit 1 where there is no such case.
    """
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    asker, sheet = asker_of(actor, settings), Sheet(settings.city.policy, language)
    with open_desk(settings) as desk:
        person = asked_person(desk.case_ids, id_number_or_case_id)
        if person is None:
            say(said("no_such_number"))
            raise typer.Exit(1)
        if family:
            told = looks_for_family(desk, asker, person)
            _show(told, told and family_table(sheet, told), json=json)
        else:
            found = read_looks(desk, asker, person)
            _show(found, found and looks_table(sheet, found), json=json)


def _show(found: Sequence[FamilyLook | Look] | None, table: object, *, json: bool) -> None:
    if found is None:
        say(said("no_such_case"))
        raise typer.Exit(1)
    if json:
        for one in found:
            print_json(plain(asdict(one)))
    elif found:
        paper().print(table)
    else:
        say(said("nobody_looked"))
