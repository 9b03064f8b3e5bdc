"""`exchange examine` and `hand-out`: the window examines an application, and hands the results out."""

from typing import Annotated

import typer

from exchange.command.handling.options import (
    CaseArgument,
    DrawOption,
    FileOption,
    answered,
)
from exchange.command.handling.run import FormOrder, run_form
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk.actions.applications import ORIGINALS
from exchange.desk.actions.drawn import FormSubject


def examine(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: CaseArgument = "",
    application: Annotated[
        str,
        typer.Option(
            "--application", metavar="RECORD_ID", help="Which application; needed where there are several."
        ),
    ] = "",
    materials: Annotated[
        list[int] | None,
        typer.Option("--material", metavar="KIND", help="A material that was seen; once for each."),
    ] = None,
    originals: Annotated[
        list[int] | None,
        typer.Option(
            "--original", metavar="KIND", help="A material whose original was sighted; once for each."
        ),
    ] = None,
    to_correct: Annotated[
        list[str] | None,
        typer.Option("--correct", metavar="TEXT", help="What has to be put right; once for each."),
    ] = None,
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Examine an application at the window (初审); exit 1 where that was not published.

    For example: exchange examine 5d41402abc4b2a76b9719d911017c592 --material 1 --original 3

    What has to be put right is asked once, all of it; without any, the departments go on.
    """
    seen, sighted = ([*map(str, kinds or ())] for kinds in (materials, originals))
    answers = answered(**{"materials": seen, ORIGINALS: sighted, "to_correct": to_correct})
    subject = FormSubject(application=application or None)
    run_form(FormOrder("examine", case, subject, answers, file, draw, json, actor, home))


def hand_out(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    results: Annotated[
        list[str] | None,
        typer.Option(
            "--result",
            metavar="RECORD_ID",
            help="A result that is handed out; once for each. By default all; a person is asked.",
        ),
    ] = None,
    delivery: Annotated[str, typer.Option("--delivery", metavar="HOW", help="WINDOW or MAIL.")] = "",
    recipient: Annotated[str, typer.Option("--recipient", metavar="NAME", help="Who takes them.")] = "",
    postal_no: Annotated[str, typer.Option("--postal-no", metavar="NO", help="Of what is mailed.")] = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Hand results out to the family, at the window or by mail (出件); exit 1 where that was not published.

    For example: exchange hand-out 5d41402abc4b2a76b9719d911017c592 --delivery MAIL --postal-no 1234567890123

    Which results are there to hand out, the case says: of what is left out, all are handed out.
    """
    answers = answered(results=results, delivery=delivery, postal_no=postal_no, recipient_name=recipient)
    run_form(FormOrder("hand_out", case, FormSubject(), answers, file, draw, json, actor, home))
