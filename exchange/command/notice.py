"""`exchange notice`: 一次性告知书, all that an applicant has to put right, as data or on paper."""

import sys
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from consumers.printed_form.notice_pdf import notice_pdf
from consumers.read_model.rows import plain
from exchange.command.terminal.asked import asked_at_desk
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.output_file import STANDARD_OUTPUT, write_form
from exchange.desk.notice import make_notice
from exchange.runtime.sentences import said
from topics.labels import Labels
from verification.times import calendar_date

LABELS: Final = Labels(__file__)
PURPOSE: Final = "{0.zh} ({0.en})".format(LABELS["purpose"])


def notice(
    id_number_or_case_id: Annotated[str, typer.Argument(show_default=False)],
    pdf: Annotated[
        str, typer.Option("--pdf", metavar="FILE", help="Write it as a PDF; - is standard output.")
    ] = "",
    application: Annotated[
        str,
        typer.Option(
            "--application",
            metavar="RECORD_ID",
            help="The application, by its id or how that begins; exchange case lists them. "
            "Default: the latest in force.",
        ),
    ] = "",
    json: JsonOption = False,
    reason: Annotated[str, typer.Option("--reason", help="The reason; it goes into the access record.")] = "",
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Write the notice of all that an applicant has to put right: what, by when, and where to bring it.

    It tells of one application and of no other, and whoever makes it is on record before it is made. For
    example: exchange notice 620502194711020686 --pdf notice.pdf

    Exit 1 where there is no such case or application, and where nothing has to be put right.
    """
    _require_something(pdf, json=json)
    with asked_at_desk(id_number_or_case_id, actor, home) as (desk, asker, person):
        found = make_notice(desk, asker, person, application, reason.strip() or PURPOSE)
    if found is None:
        say(said("nothing_to_put_right"))
        raise typer.Exit(1)
    day, policy = calendar_date(datetime.now(UTC)), desk.policy
    if pdf:
        write_form(notice_pdf(found, policy, day), pdf)
    if json:
        print_json(plain(found))
    if pdf and pdf != STANDARD_OUTPUT:
        say(said("written", file=pdf))


def _require_something(pdf: str, *, json: bool) -> None:
    """Make sure that one thing at least is wanted, and one at most on standard output.

    Raises:
        typer.BadParameter: it is not so.
    """
    if not pdf and not json:
        raise typer.BadParameter(said("notice_what"))
    if pdf == STANDARD_OUTPUT and json:
        raise typer.BadParameter(said("form_one_to_output"))
    if pdf == STANDARD_OUTPUT and sys.stdout.isatty():
        raise typer.BadParameter(said("form_no_terminal"))
