"""`exchange looks`: who looked at a case, at what, and why."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from consumers.family.looks import FamilyLook
from consumers.read_model.look_table import CaseLook
from consumers.read_model.rows import plain
from exchange.command.terminal.asked import asked_at_desk, existing
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.views.looks import family_table, looks_table
from exchange.command.views.sheet import Sheet
from exchange.desk.looks import looks as read_looks
from exchange.desk.looks import looks_for_family
from exchange.runtime.sentences import said


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
    with asked_at_desk(id_number_or_case_id, actor, home) as (desk, asker, person):
        sheet = Sheet(desk.policy, language)
        if family:
            told = existing(looks_for_family(desk, asker, person))
            _show(told, family_table(sheet, told), json=json)
        else:
            found = existing(read_looks(desk, asker, person))
            _show(found, looks_table(sheet, found), json=json)


def _show(found: Sequence[FamilyLook | CaseLook], table: object, *, json: bool) -> None:
    if json:
        for one in found:
            print_json(plain(asdict(one)))
    elif found:
        paper().print(table)
    else:
        say(said("nobody_looked"))
