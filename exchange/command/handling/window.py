"""`exchange examine`, `hand-out`, `appoint`, `enquire` and `reply`: what the window does."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from exchange.command.handling.options import (
    CaseArgument,
    DeliveryOption,
    DrawOption,
    FileOption,
    MatterOption,
    OneApplicationOption,
    OriginalsOption,
    RecordOption,
    answered,
    papers,
)
from exchange.command.handling.run import FormOrder, run_form
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk.actions.drawn import FormSubject
from verification.times import SHANGHAI, calendar_date


def examine(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: CaseArgument = "",
    application: OneApplicationOption = "",
    materials: Annotated[
        list[int] | None,
        typer.Option(
            "--material",
            metavar="KIND",
            help="A material that was seen, by its number; exchange upload FILE --kind 0 says which each is. "
            "Once for each.",
        ),
    ] = None,
    originals: OriginalsOption = None,
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
    answers = answered(**papers(materials, originals), to_correct=to_correct)
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
    delivery: DeliveryOption = "",
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


def appoint(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="When: 2026-12-24T09:00, Asia/Shanghai if not said.")
    ] = "",
    place: Annotated[str, typer.Option("--place", help="Where: a window, or the family's home.")] = "",
    channel: Annotated[
        str, typer.Option("--channel", metavar="CHANNEL", help="WINDOW, ASSISTED or HOME_VISIT.")
    ] = "",
    application: Annotated[
        str, typer.Option("--application", metavar="RECORD_ID", help="Which application it is for.")
    ] = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Appoint a time for a family, at the window or at their home (预约、上门); exit 1 where not published.

    For example: exchange appoint 620503194907150462 --at 2026-12-24T09:00 --place 综合受理3号窗口

    Name and telephone of who is met are asked for, or stand in --file. exchange withdraw cancels it.
    """
    answers = answered(scheduled_at=_instant(at), place=place, channel=channel, application=application)
    run_form(FormOrder("appoint", case, FormSubject(), answers, file, draw, json, actor, home))


def enquire(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    text: Annotated[str, typer.Option("--text", help="What was asked, in their own words.")] = "",
    matter: MatterOption = None,
    reply: Annotated[str, typer.Option("--reply", help="What was answered at once.")] = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Take an enquiry of a family (诉求), which stays open until it is closed; exit 1 where not published.

    For example: exchange enquire 5d41402abc4b2a76b9719d911017c592 --text 何时办结？ --matter 4

    What is answered at once is closed with it; else exchange reply answers.
    """
    number = None if matter is None else str(matter)
    answers = answered(text=text, matter=number, reply=reply, closed_at=_today() if reply else "")
    run_form(FormOrder("enquire", case, FormSubject(), answers, file, draw, json, actor, home))


def reply(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    record: RecordOption = "",
    text: Annotated[str, typer.Option("--text", help="What is answered.")] = "",
    stays_open: Annotated[
        bool, typer.Option("--stays-open", help="There is more to come: do not close it.")
    ] = False,
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Reply to an enquiry and close it (答复); exit 1 where that was not published.

    For example: exchange reply 5d41402abc4b2a76b9719d911017c592 --text 已办结，请到窗口领取

    Which enquiry, the case tells; of several one is named with --record.
    """
    answers = answered(reply=text, closed_at="" if stays_open or not text else _today())
    order = FormOrder(
        "reply", case, FormSubject(record=record or None), answers, file, draw, json, actor, home
    )
    run_form(order)


def _today() -> str:
    return calendar_date(datetime.now(UTC)).isoformat()


def _instant(text: str) -> str:
    """Return a time as records have it; what is none is refused by name when it is sent."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).isoformat()
