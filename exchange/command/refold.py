"""`exchange refold`: publish anew the cases that come out differently by the present rules."""

import sys
from typing import Annotated

import typer

from consumers.replay.refold_effect import RefoldEffect
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.progress import counted_progress
from exchange.command.verify import ProcessesOption, judge
from exchange.runtime.join.refold import ask_to_refold
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings


def refold(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say which cases would be published anew.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask; without a terminal nobody is asked.")
    ] = False,
    processes: ProcessesOption = None,
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """After a change of rules or policy: work out and publish anew every case that is otherwise by them.

    For example: exchange refold --dry-run

    First the whole log is folded beside the live exchange, as `exchange verify` does. Then you are told how
    many cases and matters change, and how many departments would hear of it, and are asked. After that the
    join publishes each case that differs, and all is verified once more. Exit 1 where something still
    differs. Restart all joiners with the new rules before.
    """
    settings, language = load_settings(home), language_of(lang)
    effect = RefoldEffect(tuple(judge(settings, processes, json, language).differences))
    tell_effect(effect, json=json)
    if dry_run or not effect.case_ids:
        return
    if not (yes or _agreed()):
        say(said("refold_left"))
        return
    _ask(settings, effect.case_ids)
    if not judge(settings, processes, json, language).equal:
        raise typer.Exit(1)


def tell_effect(effect: RefoldEffect, *, json: bool) -> None:
    """Say what would change, before anybody is asked."""
    if json:
        print_json(effect.row())
    elif not effect.case_ids:
        say(said("refold_nothing"))
    else:
        told = {"departments": len(effect.departments), "announcements": f"{effect.announcements:,}"}
        changes = {"cases": f"{len(effect.case_ids):,}", "matters": f"{effect.matters:,}"}
        say(said("refold_changes", **changes, **told))
        if not effect.complete:
            say(said("refold_not_all"))


def _agreed() -> bool:
    """Ask whoever sits at the terminal; a script has decided before it called."""
    asked = sys.stdin is not None and sys.stdin.isatty()
    return not asked or typer.confirm(said("refold_question"), err=True)


def _ask(settings: Settings, case_ids: tuple[str, ...]) -> None:
    with counted_progress("refold", len(case_ids)) as tell:
        ask_to_refold(settings, case_ids, tell)
