"""`exchange case`: one person's case, as JSON or for people; masked unless there is a reason."""

import getpass
import logging
import os
from typing import Annotated

import typer
from rich.console import Console

from consumers.access_log import Access, AccessLog
from consumers.case_reader import CaseReader, case_id_of
from consumers.case_view import CaseView
from consumers.masking import masked_case
from consumers.rows import case_row, shown_fields
from consumers.words import Language
from exchange.command.console import print_json, say
from exchange.command.options import HomeOption, JsonOption
from exchange.domain.documents import Document
from exchange.domain.policy import load_policy
from exchange.runtime.case_ids import CaseIds
from exchange.runtime.logs import configure_logs
from exchange.runtime.settings import load_settings

PIPE_WIDTH = 140

ActorOption = Annotated[
    str, typer.Option("--actor", help="Who asks; goes into the access record. Default: the system's user.")
]
LangOption = Annotated[
    str, typer.Option("--lang", help="zh or en, which comes first. Default: zh, or en where LANG says so.")
]


def case(
    id_number_or_case_id: Annotated[str, typer.Argument(show_default=False)],
    json: JsonOption = False,
    unmask: Annotated[
        bool, typer.Option("--unmask", help="Show ID, card and telephone numbers in full.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; goes into the access record.")] = "",
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show a person's case: the twelve matters, what they wait for, and the prefilled form.

    Numbers are masked unless --unmask --reason TEXT. Every look leaves an access record, before anything is
    shown. Exit 1 where there is no such case.
    """
    if unmask and not reason.strip():
        raise typer.BadParameter("numbers are shown in full only for a reason: --unmask --reason TEXT")
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    case_id = case_id_of(id_number_or_case_id, CaseIds(settings.case_key))
    document = None if case_id is None else CaseReader(settings).find(case_id)
    if case_id is not None:
        # Who is asked for and found to be unknown has been looked up all the same.
        access = Access(
            actor=actor_of(actor),
            command="case",
            case_id=document["case_id"] if document else case_id,
            fields=shown_fields(document) if document else (),
            unmasked=unmask and document is not None,
            reason=reason.strip() or None,
        )
        AccessLog(settings).note(access)
    if document is None:
        say(
            "There is no such case."
            if case_id
            else "This is neither a case id nor a valid ID number: no such case."
        )
        raise typer.Exit(1)
    policy = load_policy()
    _show(document if unmask else masked_case(document, policy), language, json=json)


def _show(document: Document, language: Language, *, json: bool) -> None:
    if json:
        print_json(case_row(document))
        return
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    for part in CaseView(load_policy(), language).render(document):
        console.print(part)


def actor_of(given: str) -> str:
    """Return who asks: the name given, else the system's user, who may have a number only."""
    if given.strip():
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"


def language_of(given: str) -> Language:
    """Return the language asked for; else English where LANG says so, and Chinese.

    Raises:
        typer.BadParameter: another language was asked for.
    """
    if given not in {"", "zh", "en"}:
        raise typer.BadParameter("--lang is zh or en")
    wanted = given or os.environ.get("LANG", "")
    return "en" if wanted.startswith("en") else "zh"
