"""`exchange tasks`: who owes what, the oldest first."""

import logging
from typing import Annotated

import typer

from avro_schemas.typed_documents import TaskDocument
from consumers.read_model.rows import task_row
from exchange.command.terminal.asked import existing, person_at
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.words import read_word
from exchange.command.views.sheet import Sheet
from exchange.command.views.tasks import owed_table
from exchange.desk.desk import open_desk
from exchange.desk.owed import OwedRequest, owed
from exchange.runtime.city import City, find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from topics.labels import Language


def tasks(
    owed_by: Annotated[
        str | None,
        typer.Option("--owed-by", metavar="DEPARTMENT", parser=read_word, help="Only this department."),
    ] = None,
    of_case: Annotated[
        str | None,
        typer.Option("--case", metavar="ID_NUMBER_OR_CASE_ID", help="Only this person's case."),
    ] = None,
    done_too: Annotated[bool, typer.Option("--all", help="Also what is done.")] = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show who owes what: announcements to acknowledge, money to recover, conflicts and persons to decide on.

    For example: exchange tasks --owed-by service_centre

    exchange tasks --case 620503194907150462 --all

    Oldest first; what is over its time is marked late. A case's id says nothing of the person, so no access
    record is left; asking by an ID number is a look at that person, and leaves one.
    """
    departments = find_city().catalogue.departments
    if owed_by is not None and owed_by not in departments:
        known = ", ".join(departments)
        raise typer.BadParameter(said("owing_department_unknown", name=owed_by, known=known))
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    with open_desk(settings) as desk:
        person = None if of_case is None else person_at(desk, of_case)
        found = owed(desk, asker_of(actor, settings), OwedRequest(owed_by, person, done_too))
    _show(existing(found), settings.city, language, json=json)


def _show(found: list[TaskDocument], city: City, language: Language, *, json: bool) -> None:
    if json:
        for task in found:
            print_json(task_row(task))
    elif not found:
        say(said("nothing_owed"))
    else:
        paper().print(owed_table(Sheet(city.policy, language), found))
