"""`exchange form`: the application form of annex 1 on paper, filled in as far as the case allows."""

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Final

import typer

from avro_schemas.typed_documents import ApplicationEntryDocument, CaseDocument
from consumers.printed_form.application_choice import choose_application
from consumers.printed_form.filled import FilledForm, fill
from consumers.printed_form.fonts import code_points
from consumers.printed_form.pdf import lacking_in, pdf_of
from consumers.printed_form.word import docx_of
from consumers.read_model.case_reader import CaseReader, case_id_of
from consumers.read_model.rows import application_fields, shown_fields
from exchange.command.look import CaseLook
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.language import language_of
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption, actor_of
from exchange.command.terminal.output_file import STANDARD_OUTPUT, write_form
from exchange.domain.policy_files.form_layout import FormLayout
from exchange.folding.case_ids import CaseIds
from exchange.runtime.errors import ExchangeError
from exchange.runtime.logs import configure_logs
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from topics.labels import Labels

LABELS: Final = Labels(__file__)
PURPOSE: Final = "{0.zh} ({0.en})".format(LABELS["purpose"])

Render = Callable[[FilledForm, FormLayout], bytes]
RENDERS: Mapping[str, Render] = {"pdf": pdf_of, "docx": docx_of}


def form(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    id_number_or_case_id: Annotated[str, typer.Argument(show_default=False)],
    pdf: Annotated[
        str, typer.Option("--pdf", metavar="FILE", help="Write the form as a PDF; - is standard output.")
    ] = "",
    docx: Annotated[
        str,
        typer.Option("--docx", metavar="FILE", help="Write it for Word, to be edited by hand; - as above."),
    ] = "",
    application: Annotated[
        str,
        typer.Option(
            "--application",
            metavar="RECORD_ID",
            help="The application, by its id or how that begins; exchange case lists them. It holds that "
            "applicant alone. Default: the latest in force.",
        ),
    ] = "",
    json: JsonOption = False,
    reason: Annotated[str, typer.Option("--reason", help="The reason; it goes into the access record.")] = "",
    actor: ActorOption = "",
    home: HomeOption = None,
) -> None:
    """Write the application form (annex 1) of a person's case, with what the data says filled in.

    It is one application's form, and says which. It carries numbers in full, so whoever makes it is on record
    before it is made. What is in conflict is left open and marked; the last page names the source of every
    field. For example: exchange form 620502194711020686 --pdf - | lp

    Exit 1 where there is no such case or no such application.
    """
    wanted = _wanted({"pdf": pdf, "docx": docx}, json=json)
    configure_logs(logging.WARNING)
    settings = load_settings(home)
    case_id = case_id_of(id_number_or_case_id, CaseIds(settings.case_key))
    if case_id is None:
        say(said("no_such_number"))
        raise typer.Exit(1)
    purpose = reason.strip() or PURPOSE
    asked, language = id_number_or_case_id, language_of("")
    look = CaseLook(settings, asked, case_id, actor_of(actor), purpose, True, language, json, command="form")
    document = CaseReader(settings).find(case_id)
    if document is None:
        look.note(None)
        say(said("no_such_case"))
        raise typer.Exit(1)
    chosen = _chosen(look, document, application)
    look.note(document["case_id"], _shown(document, chosen))
    policy, layout = settings.city.policy, settings.city.layout
    filled = fill(document, chosen, layout, policy)
    for kind, file in wanted.items():
        write_form(RENDERS[kind](filled, layout), file)
    _tell(filled, chosen, wanted, json=json)


def _wanted(files: Mapping[str, str], *, json: bool) -> dict[str, str]:
    """Return kind → file for what is to be written.

    Raises:
        typer.BadParameter: nothing is wanted, or standard output is wanted for two things.
    """
    wanted = {kind: file for kind, file in files.items() if file}
    if not wanted:
        raise typer.BadParameter(said("form_what"))
    piped = [file for file in wanted.values() if file == STANDARD_OUTPUT]
    if len(piped) + json > 1 and piped:
        raise typer.BadParameter(said("form_one_to_output"))
    if piped and sys.stdout.isatty():
        raise typer.BadParameter(said("form_no_terminal"))
    return wanted


def _chosen(look: CaseLook, document: CaseDocument, wanted: str) -> ApplicationEntryDocument | None:
    """Return the application; asking for one that is not there also leaves an access record."""
    try:
        return choose_application(document, wanted)
    except ExchangeError:
        look.note(document["case_id"])
        raise


def _shown(document: CaseDocument, application: ApplicationEntryDocument | None) -> tuple[str, ...]:
    return (*shown_fields(document), *(application_fields(application) if application else ()))


def _tell(
    form: FilledForm, chosen: ApplicationEntryDocument | None, wanted: Mapping[str, str], *, json: bool
) -> None:
    lacking = lacking_in(form)
    if json:
        row = {"case_id": form.case_id, "application": chosen and chosen["record_id"], **wanted}
        print_json({**row, "lacking": [code_points((character,)) for character in lacking]})
    for file in wanted.values():
        if file != STANDARD_OUTPUT:
            say(f"Written: {file}")
    say("".join(form.about))
    if lacking and "pdf" in wanted:
        say(f"No font has {code_points(lacking)}: the PDF shows 〓 there. Write it by hand.")
