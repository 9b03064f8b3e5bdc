"""`exchange accept`, `return`, `result`: a department accepts a matter, returns it, says how it ended.

And `correct` and `withdraw-result`: what was said in error is said anew, or taken back.
"""

from typing import Annotated

import typer

from exchange.command.handling.options import (
    ApplicationOption,
    CaseArgument,
    DrawOption,
    FileOption,
    InstanceOption,
    MatterOption,
    RecordOption,
    answered,
)
from exchange.command.handling.run import FormOrder, run_form
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk.actions.amounts import UnreadableAnswerError, fen_of
from exchange.desk.actions.drawn import FormSubject
from exchange.runtime.sentences import said

RemarkOption = Annotated[str, typer.Option("--reason", help="Why, or a remark.")]


def accept(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: CaseArgument = "",
    matter: MatterOption = None,
    instance: InstanceOption = "",
    application: ApplicationOption = "",
    reason: RemarkOption = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Accept a matter that the family has applied for (受理); exit 1 where that was not published.

    For example: exchange accept 5d41402abc4b2a76b9719d911017c592 --matter 4 --actor "人社 王芳"

    What is left out and cannot be told from the case is asked for. It returns once the case shows it, or says
    that it is being processed. Where somebody else was faster, it says who, and publishes nothing.
    """
    subject = FormSubject(matter, instance or None, application or None)
    given = answered(reason=reason)
    run_form(FormOrder("accept", case, subject, given, file, draw, json, actor, home))


def return_matter(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    matter: MatterOption = None,
    instance: InstanceOption = "",
    application: ApplicationOption = "",
    to_correct: Annotated[
        list[str] | None,
        typer.Option("--correct", metavar="TEXT", help="What has to be put right; once for each."),
    ] = None,
    reason: RemarkOption = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Return a matter to be put right, everything at once (一次性补正); exit 1 where that was not published.

    For example: exchange return 5d41402abc4b2a76b9719d911017c592 --matter 8 --correct "缺继承公证书"

    It changes no state: the limit is paused until the application is amended.
    """
    subject = FormSubject(matter, instance or None, application or None)
    given = answered(to_correct=to_correct, reason=reason)
    run_form(FormOrder("return", case, subject, given, file, draw, json, actor, home))


def result(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    matter: MatterOption = None,
    instance: InstanceOption = "",
    application: ApplicationOption = "",
    outcome: Annotated[str, typer.Option("--outcome", metavar="OUTCOME", help="COMPLETED or REJECTED.")] = "",
    reason: RemarkOption = "",
    yuan: Annotated[
        str, typer.Option("--yuan", metavar="AMOUNT", help="What was paid, such as 1234.50.")
    ] = "",
    document_no: Annotated[
        str, typer.Option("--document-no", metavar="NO", help="The document that closes the matter.")
    ] = "",
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="TEXT", help="Of a query, what was found; once for each."),
    ] = None,
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Say how a matter ended: completed, or rejected with a reason (办理结果); exit 1 where not published.

    For example: exchange result 5d41402abc4b2a76b9719d911017c592 --matter 4 --outcome COMPLETED --yuan 120.50
    """
    subject = FormSubject(matter, instance or None, application or None)
    given = answered(
        outcome=outcome, reason=reason, amount_fen=_fen(yuan), document_no=document_no, answer=answer
    )
    run_form(FormOrder("result", case, subject, given, file, draw, json, actor, home))


def correct(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    matter: MatterOption = None,
    record: RecordOption = "",
    outcome: Annotated[str, typer.Option("--outcome", metavar="OUTCOME", help="COMPLETED or REJECTED.")] = "",
    reason: RemarkOption = "",
    yuan: Annotated[
        str, typer.Option("--yuan", metavar="AMOUNT", help="What was paid, such as 1234.50.")
    ] = "",
    document_no: Annotated[
        str, typer.Option("--document-no", metavar="NO", help="The document that closes the matter.")
    ] = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Correct how a matter ended, where that was said wrongly (更正); exit 1 where that was not published.

    For example: exchange correct 5d41402abc4b2a76b9719d911017c592 --matter 4 --outcome COMPLETED --yuan 120

    It replaces the former result whole: what still holds has to be said again. What should never have been
    said at all is withdrawn: exchange withdraw-result.
    """
    subject = FormSubject(matter, record=record or None)
    given = answered(outcome=outcome, reason=reason, amount_fen=_fen(yuan), document_no=document_no)
    run_form(FormOrder("correct", case, subject, given, file, draw, json, actor, home))


def withdraw_result(  # noqa: PLR0913, PLR0917 - as above
    case: CaseArgument = "",
    matter: MatterOption = None,
    record: RecordOption = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Withdraw what was said of a matter in error (撤销办理结果); exit 1 where that was not published.

    For example: exchange withdraw-result 620503194907150462 --matter 4

    The matter stands as it stood before. What was said stays in the log.
    """
    subject = FormSubject(matter, record=record or None)
    run_form(FormOrder("withdraw_result", case, subject, {}, file, draw, json, actor, home))


def _fen(yuan: str) -> int | None:
    try:
        return fen_of(yuan) if yuan else None
    except UnreadableAnswerError:
        raise typer.BadParameter(said("amount_unreadable")) from None
