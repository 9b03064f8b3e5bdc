"""`exchange form`: the application form of annex 1 on paper, filled in as far as the case allows."""

import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Final

import typer

from consumers.printed_form.filled import FilledForm
from consumers.printed_form.fonts import code_points
from consumers.printed_form.pdf import lacking_in, pdf_of
from consumers.printed_form.word import docx_of
from exchange.command.terminal.asked import asked_at_desk, existing
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import ActorOption, HomeOption, JsonOption
from exchange.command.terminal.output_file import STANDARD_OUTPUT, write_form
from exchange.desk.form import CaseForm, fill_form
from exchange.domain.policy_files.form_layout import FormLayout
from exchange.runtime.sentences import said
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
    with asked_at_desk(id_number_or_case_id, actor, home) as (desk, asker, person):
        found = existing(fill_form(desk, asker, person, application, reason.strip() or PURPOSE))
    for kind, file in wanted.items():
        write_form(RENDERS[kind](found.filled, desk.settings.city.layout), file)
    _tell(found, wanted, json=json)


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


def _tell(found: CaseForm, wanted: Mapping[str, str], *, json: bool) -> None:
    form, lacking = found.filled, lacking_in(found.filled)
    if json:
        row = {"case_id": form.case_id, "application": found.application, **wanted}
        print_json({**row, "lacking": [code_points((character,)) for character in lacking]})
    for file in wanted.values():
        if file != STANDARD_OUTPUT:
            say(said("written", file=file))
    say("".join(form.about))
    if lacking and "pdf" in wanted:
        say(said("font_lacks", characters=code_points(lacking)))
