"""The form of the demo's case, as a file to open; its people are made up, so it may stay."""

import tempfile
from pathlib import Path
from typing import Final

from rich.text import Text

from avro_schemas.typed_documents import CaseDocument
from consumers.labels.words import city_words
from consumers.printed_form.application_choice import choose_application
from consumers.printed_form.filled import fill
from consumers.printed_form.pdf import pdf_of
from exchange.command.terminal.output_file import as_place, write_form
from exchange.domain.policy import Policy
from exchange.runtime.city import City
from exchange.runtime.printed import printed
from topics.labels import Labels

LABELS: Final = Labels(__file__)


def print_form(case: CaseDocument, city: City, given: Path | None) -> Path:
    """Return where the form is, as a PDF: the file given, or one that outlives the demo's own home.

    Raises:
        ExchangeError: it cannot be written there.
    """
    file = given or Path(tempfile.mkdtemp(prefix="exchange-form-")) / "form.pdf"
    place = as_place(file).absolute()
    layout = city.layout
    filled = fill(case, choose_application(case), layout, city.policy)
    write_form(pdf_of(filled, layout), str(place))
    return place


def form_line(place: Path, policy: Policy) -> Text:
    """Return the line that says where it is, ready to be copied."""
    form = LABELS["form"].filled(form=city_words(policy.city.form))
    return Text(f"\n{form.both('zh')}: {printed(str(place))}", style="bold")
