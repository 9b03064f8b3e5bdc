"""`exchange withdraw`: what was published in error is taken back by whoever published it."""

from exchange.command.handling.options import (
    CaseArgument,
    DrawOption,
    FileOption,
    MatterOption,
    RecordOption,
)
from exchange.command.handling.run import FormOrder, run_form
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.desk.actions.drawn import FormSubject


def withdraw(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    case: CaseArgument = "",
    matter: MatterOption = None,
    record: RecordOption = "",
    file: FileOption = "",
    draw: DrawOption = False,
    json: JsonOption = False,
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Withdraw what was published in error (撤销); exit 1 where that was not published.

    With --matter a department takes back what it said of that matter, which stands as it stood before. For
    example: exchange withdraw 5d41402abc4b2a76b9719d911017c592 --matter 4

    Without it the window takes back a record of its own: an application, an examination, a handover, an
    appointment, an enquiry, a decision. What was published stays in the log. A person is unlinked by exchange
    decide.
    """
    action = "withdraw" if matter is None else "withdraw_result"
    subject = FormSubject(matter, record=record or None)
    run_form(FormOrder(action, case, subject, {}, file, draw, json, actor, home))
