"""`exchange case`: one person's case, as JSON or for people; masked unless there is a reason."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from consumers.family.next_steps import next_steps
from consumers.read_model.rows import case_row
from consumers.read_model.task_reader import DONE
from exchange.command.terminal.as_of import UnfitMomentError, read_as_of
from exchange.command.terminal.asked import asked_at_desk, existing
from exchange.command.terminal.console import paper, print_json
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk.look import LookRequest, LookResult, look
from exchange.domain.policy import Policy
from exchange.runtime.sentences import said
from topics.labels import Language
from verification.times import calendar_date


def case(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    id_number_or_case_id: Annotated[str, typer.Argument(show_default=False)],
    json: JsonOption = False,
    unmask: Annotated[
        bool, typer.Option("--unmask", help="Show ID, card and telephone numbers in full.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="The reason; it goes into the access record.")] = "",
    actor: ActorOption = "",
    lang: LangOption = "",
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="INSTANT",
            help="As it was known then: 2026-03-02 (the end of that day) or 2026-03-02T09:30, Asia/Shanghai "
            "unless it has an offset.",
        ),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Show the history: every record, and what it changed.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Show a person's case: its matters, what they wait for, and the prefilled form.

    Numbers are masked unless --unmask --reason TEXT. Every look leaves an access record, before anything is
    shown. Exit 1 where there is no such case.

    --as-of and --history read the log: what it had taken by then, whenever that was recorded.
    """
    if unmask and not reason.strip():
        raise typer.BadParameter(said("unmask_needs_reason"))
    if as_of is not None and history:
        raise typer.BadParameter(said("one_moment_or_all"))
    moment = None if as_of is None else _moment(as_of)
    language = language_of(lang)
    request = LookRequest(unmask, reason)
    with asked_at_desk(id_number_or_case_id, actor, home) as (desk, asker, person):
        if moment is None and not history:
            _show(existing(look(desk, asker, person, request)), desk.policy, language, json=json)
            return
        from exchange.command import past  # noqa: PLC0415 - the rules are loaded only where they are needed

        asked = past.PastLook(desk, asker, person, request, language, json)
        if moment is not None:
            past.show_as_of(asked, moment)
        else:
            past.show_history(asked)


def _show(seen: LookResult, policy: Policy, language: Language, *, json: bool) -> None:
    day = calendar_date(datetime.now(UTC))
    if json:
        print_json(case_row(seen.case, next_steps(seen.case, policy, day), seen.tasks))
        return
    from exchange.command.views.case import CaseView  # noqa: PLC0415 - JSON needs no words for people

    owed = [task for task in seen.tasks if task["state"] != DONE]
    console = paper()
    for part in CaseView(policy, language, day).render(seen.case, owed):
        console.print(part)


def _moment(text: str) -> datetime:
    try:
        return read_as_of(text, datetime.now(UTC))
    except UnfitMomentError as problem:
        raise typer.BadParameter(f"--as-of: {problem}") from None
