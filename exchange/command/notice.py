"""`exchange notice`: 一次性告知书, all that an applicant has to put right, as data or on paper."""

import logging
import sys
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from consumers.printed_form.application_choice import choose_application
from consumers.printed_form.notice import CorrectionNotice, notice_of
from consumers.printed_form.notice_pdf import notice_pdf
from consumers.read_model.case_reader import CaseReader, case_id_of
from consumers.read_model.rows import plain
from exchange.command.look import CaseLook
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, actor_of
from exchange.command.terminal.output_file import STANDARD_OUTPUT, write_form
from exchange.folding.case_ids import CaseIds
from exchange.runtime.errors import ExchangeError
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
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
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    case_id = case_id_of(id_number_or_case_id, CaseIds(settings.case_key))
    if case_id is None:
        say(said("no_such_number"))
        raise typer.Exit(1)
    purpose, language = reason.strip() or PURPOSE, language_of("")
    look = CaseLook(
        settings, id_number_or_case_id, case_id, actor_of(actor), purpose, False, language, json, "notice"
    )
    document = CaseReader(settings).find(case_id)
    if document is None:
        look.note(None)
        say(said("no_such_case"))
        raise typer.Exit(1)
    day, policy = calendar_date(datetime.now(UTC)), settings.city.policy
    chosen = _chosen(look, document, application)
    found = notice_of(document, chosen, policy, day) if chosen else None
    look.note(document["case_id"], _shown(found) if found else ())
    if found is None:
        say(said("nothing_to_put_right"))
        raise typer.Exit(1)
    if pdf:
        write_form(notice_pdf(found, policy, day), pdf)
    if json:
        print_json(plain(found))
    if pdf and pdf != STANDARD_OUTPUT:
        say(f"Written: {pdf}")


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


def _chosen(look: CaseLook, document: CaseDocument, wanted: str) -> ApplicationEntryDocument | None:
    """Return the application; asking for one that is not there also leaves an access record."""
    try:
        return choose_application(document, wanted)
    except ExchangeError:
        look.note(document["case_id"])
        raise


def _shown(found: CorrectionNotice) -> tuple[str, ...]:
    held = {
        "applicant.name": found["applicant"],
        "deceased.name": found["deceased"],
        "examinations.to_correct": found["to_correct"],
        "results.to_correct": [line for one in found["matters"] for line in one["to_correct"]],
    }
    return tuple(name for name, value in held.items() if value)
