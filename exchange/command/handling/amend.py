"""`exchange amend`: the window changes an application that it has taken."""

from typing import Annotated

import typer

from exchange.command.handling.options import (
    CaseArgument,
    DeliveryOption,
    DrawOption,
    FileOption,
    OneApplicationOption,
    OriginalsOption,
    answered,
    papers,
)
from exchange.command.handling.run import FormOrder, run_form
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk.actions.drawn import FormSubject


def amend(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: CaseArgument = "",
    application: OneApplicationOption = "",
    delivery: DeliveryOption = "",
    materials: Annotated[
        list[int] | None,
        typer.Option(
            "--material",
            metavar="KIND",
            help="A material that is handed in now, by its number; once for each.",
        ),
    ] = None,
    originals: OriginalsOption = None,
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Change contact, delivery or materials of an application (变更申请); exit 1 where it was not published.

    For example: exchange amend 5d41402abc4b2a76b9719d911017c592 --delivery MAIL

    What is left open stays as it was, and what is handed in now comes on top. Telephone and addresses are
    asked for, or come from --file: they are nothing for a shell's history.
    """
    answers = answered(delivery=delivery, **papers(materials, originals))
    subject = FormSubject(application=application or None)
    run_form(FormOrder("amend", case, subject, answers, file, draw, json, actor, home))
