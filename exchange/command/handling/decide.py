"""`exchange decide`: a handler decides what records cannot (核定)."""

from typing import Annotated

import typer

from exchange.command.handling.options import (
    CaseArgument,
    DrawOption,
    FileOption,
    InstanceOption,
    MatterOption,
    answered,
)
from exchange.command.handling.run import FormOrder, run_form
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.words import read_word
from exchange.desk.actions.decisions import KINDS
from exchange.desk.actions.drawn import FormSubject
from exchange.runtime.sentences import said


def decide(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: CaseArgument = "",
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="KIND", parser=read_word, help="MATTER_HELD, CONFLICT_RESOLVED, PERSON_LINKED …"
        ),
    ] = "",
    matter: MatterOption = None,
    instance: InstanceOption = "",
    in_favour_of: Annotated[
        str, typer.Option("--in-favour-of", metavar="RECORD_ID", help="Which record is right, or is meant.")
    ] = "",
    overrules: Annotated[
        list[str] | None,
        typer.Option(
            "--overrules",
            metavar="RECORD_ID",
            help="A record that you saw and decide against, once for each; by default all.",
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why: it stays in the case.")] = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Decide in a case, by name and with a reason (核定); exit 1 where that was not published.

    For example: exchange decide 5d41402abc4b2a76b9719d911017c592 --kind MATTER_HELD --matter 2 --reason 土葬

    A matter does not arise, waits or goes on; of records that disagree one is right; a record is this
    person's or is not. The number of another person, to whom it belongs, is asked for or stands in --file.
    """
    if kind and kind not in KINDS:
        raise typer.BadParameter(said("decision_kind_unknown", known=", ".join(KINDS)))
    subject = FormSubject(matter, instance or None, kind=kind or None)
    answers = answered(in_favour_of=in_favour_of, overrules=overrules, reason=reason)
    run_form(FormOrder("decide", case, subject, answers, file, draw, json, actor, home))
