"""`exchange refold`: publish anew the cases that come out differently by the present rules."""

from typing import Annotated

import typer
from rich.progress import Progress

from consumers.replay import compared_content
from consumers.replay.verification import VerificationResult
from exchange.command.terminal.console import PEOPLE, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.verify import ProcessesOption, judge
from exchange.runtime.join.refold import ask_to_refold
from exchange.runtime.settings import Settings, load_settings


def refold(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say which cases would be published anew.")
    ] = False,
    processes: ProcessesOption = None,
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """After a change of rules or policy: work out and publish anew every case that is otherwise by them.

    For example: exchange refold --dry-run

    First the whole log is folded beside the live exchange, as `exchange verify` does; then the join is asked
    for each case that differs, and departments hear what is new of it; then all is verified once more. Exit 1
    where something still differs. Restart all joiners with the new rules before.
    """
    settings, language = load_settings(home), language_of(lang)
    case_ids = _differing(judge(settings, processes, json, language))
    say(f"{len(case_ids):,} cases differ from what the current rules give.")
    if dry_run or not case_ids:
        return
    _ask(settings, case_ids)
    if not judge(settings, processes, json, language).equal:
        raise typer.Exit(1)


def _differing(verdict: VerificationResult) -> list[str]:
    return sorted({one.case_id for one in verdict.differences if one.what == compared_content.CASE})


def _ask(settings: Settings, case_ids: list[str]) -> None:
    with Progress(console=PEOPLE, transient=True, disable=not PEOPLE.is_terminal) as progress:
        task = progress.add_task("refold", total=len(case_ids))
        ask_to_refold(settings, case_ids, lambda count: progress.update(task, completed=count))
