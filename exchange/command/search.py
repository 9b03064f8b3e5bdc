"""`exchange search`: finds a case by what people know of it."""

import logging
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.views.search import found_table
from exchange.command.views.sheet import Sheet
from exchange.desk.desk import open_desk
from exchange.desk.search import search as search_cases
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings


def search(
    text: Annotated[
        str,
        typer.Argument(
            show_default=False,
            help="What to look for. Without it, it is asked for, or read from standard input: what stands on "
            "a command line, others on the machine can read.",
        ),
    ] = "",
    json: JsonOption = False,
    actor: ActorOption = "",
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Find a case by a number in 18 digits or 15, a name, a certificate's number, the applicant's number, a
    case id, or what the code on the printed form says.

    One access record names everybody who is shown, and never what was typed. Exit 1 where nobody is found.
    """  # noqa: D205 - the first sentence takes two lines
    wanted = text.strip() or _asked()
    if not wanted:
        raise typer.BadParameter(said("search_what"))
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    with open_desk(settings) as desk:
        found = search_cases(desk, asker_of(actor, settings), wanted)
    if not found:
        say(said("no_such_case"))
        raise typer.Exit(1)
    if json:
        for one in found:
            print_json(asdict(one))
    else:
        paper().print(found_table(Sheet(settings.city.policy, language), found))


def _asked() -> str:
    """Return what is typed, unseen by others, or what another program hands over."""
    if sys.stdin.isatty():
        typed: str = typer.prompt(said("search_prompt"), err=True, prompt_suffix="")
        return typed.strip()
    return sys.stdin.readline().strip()
