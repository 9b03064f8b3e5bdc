"""`exchange apply`: the window takes a family's application, for all its matters at once."""

from typing import Annotated

import typer

from exchange.command.handling.options import (
    CaseArgument,
    DeliveryOption,
    DrawOption,
    FileOption,
    answered,
)
from exchange.command.handling.run import FormOrder, run_form
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk.actions.drawn import FormSubject


def apply(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: CaseArgument = "",
    matters: Annotated[
        list[int] | None,
        typer.Option("--matter", metavar="N", help="A matter that is applied for; once for each."),
    ] = None,
    channel: Annotated[
        str, typer.Option("--channel", metavar="CHANNEL", help="ONLINE, WINDOW, ASSISTED or HOME_VISIT.")
    ] = "",
    window: Annotated[str, typer.Option("--window", help="The window that takes it.")] = "",
    delivery: DeliveryOption = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Take an application, without asking what the case knows; exit 1 where that was not published.

    For example: exchange apply --matter 4 --matter 5 --channel WINDOW --window 03

    The number of the deceased is then asked for, and the applicant's data. A program gives them in --file:

    {"answers": {"applicant": {"name": "李国强", "id_number": "620503194704090535", "relation": "配偶"}}}

    There need be no case yet: who applies after a death at home begins it.
    """
    numbers = [*map(str, matters or ())]
    answers = answered(matters=numbers, channel=channel, window=window, delivery=delivery)
    run_form(FormOrder("apply", case, FormSubject(), answers, file, draw, json, actor, home))
