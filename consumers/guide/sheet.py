"""The guide on paper, as a window posts it or hands it out: A4, one matter a page, fonts embedded.

PDF/UA-1, so that screen readers tell it in order; the same guide gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from consumers.guide.text import Guide, GuidePart, guide_parts
from consumers.labels.words import city_words
from consumers.printed_form.fonts import set_in_type
from consumers.printed_form.pdf import PdfStandard, printed
from exchange.domain.policy_files.models import CityWords
from topics.labels import Labels, Language

LABELS: Final = Labels(__file__)
TEMPLATE: Final = Path(__file__).with_name("sheet.typ")
STANDARD: Final[PdfStandard] = "ua-1"


def sheet_of(guides: Sequence[Guide], city: CityWords, language: Language) -> bytes:
    """Return the guides of these matters as a PDF, each on a page of its own."""
    inputs = {"sheet": orjson.dumps(_sheet(guides, city, language)).decode()}
    return printed(TEMPLATE, inputs, STANDARD)


def _sheet(guides: Sequence[Guide], city: CityWords, language: Language) -> Mapping[str, Any]:
    name = city_words(city.name)
    return {
        "language": language,
        "title": LABELS["title"].first(language),
        "city": name.first(language),
        "page": LABELS["page"].first(language),
        "by": LABELS["by"].filled(plan=city.plan).first(language),
        "matters": [
            {
                "number": guide.matter,
                "name": set_in_type(guide.name.first(language)),
                "parts": [_part(part, language) for part in guide_parts(guide)],
            }
            for guide in guides
        ],
    }


def _part(part: GuidePart, language: Language) -> Mapping[str, Any]:
    return {
        "label": part.label.first(language),
        "lines": [set_in_type(line.first(language)) for line in part.lines],
    }
