"""The form as a PDF/A-2u: A4, fonts embedded, text that can be searched; the same form gives the same bytes.

PDF/A itself demands a glyph for every character: an empty box in its place cannot be printed.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import orjson
import typst

from consumers.labels.words import local_time
from consumers.printed_form.code import code_svg
from consumers.printed_form.filled import Box, FilledForm
from consumers.printed_form.fonts import code_points, lacking, set_in_type, typst_fonts
from consumers.printed_form.page_words import (
    CONFLICTS_HEAD,
    CONFLICTS_TITLE,
    LACKING_ABOUT,
    LACKING_TITLE,
    SOURCES_HEAD,
    SOURCES_TITLE,
    lacking_note,
)
from exchange.domain.policy_files.form_layout import FormLayout
from verification.times import SHANGHAI

TEMPLATE: Final = Path(__file__).with_name("annex1.typ")
PdfStandard = Literal["a-2u", "ua-1"]
STANDARD: Final[PdfStandard] = "a-2u"
UNBROKEN: Final = 24
"""The length of the longest number on the form; longer runs with no place to break are broken anywhere."""

_RUN = re.compile(r"[!-~]+")
_MAY_BREAK: Final = "\u200b"


def pdf_of(form: FilledForm, layout: FormLayout) -> bytes:
    """Return the form as a PDF; a character that no font has becomes 〓 and is named on the last page."""
    return printed(
        TEMPLATE, {"form": orjson.dumps(_page(form, layout)).decode(), "code": code_svg(form.case_id)}
    )


def printed(template: Path, inputs: dict[str, str], standard: PdfStandard = STANDARD) -> bytes:
    """Return what a template makes of its inputs, as a PDF of that standard."""
    compiler = typst.Compiler(template, font_paths=typst_fonts(), sys_inputs=inputs)
    made = compiler.compile(format="pdf", pdf_standards=[standard])
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


def lacking_in(form: FilledForm) -> tuple[str, ...]:
    """Return the characters of the form that cannot be printed."""
    rows = (*form.sources, *form.conflicts)
    texts = [box.text for box in form.boxes] + [tick.state for tick in form.ticks]
    return lacking("".join([*texts, *(word for row in rows for word in row)]))


def _page(form: FilledForm, layout: FormLayout) -> Mapping[str, Any]:
    moment = form.as_of.astimezone(SHANGHAI)
    missing = lacking_in(form)
    return {
        "title": layout.title,
        "annex": layout.annex,
        "case_id": form.case_id,
        "as_of": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        "as_of_text": local_time(form.as_of),
        "about": [*form.about, LACKING_ABOUT] if missing else form.about,
        "columns": layout.columns_mm,
        "heights": [row.height_mm for row in layout.table],
        "boxes": [_box(box) for box in form.boxes],
        "note": layout.below.note,
        "matters": layout.below.matters,
        "tick_rows": -(-len(form.ticks) // 2),
        "ticks": [
            {"number": one.number, "name": one.name, "chosen": one.chosen, "state": _typed(one.state)}
            for one in form.ticks
        ],
        "signatures": layout.below.signatures,
        "signed_by": layout.below.signed_by,
        "signed_height": layout.below.height_mm,
        "sources_title": SOURCES_TITLE,
        "sources_head": SOURCES_HEAD,
        "sources": [[_typed(word) for word in row] for row in form.sources],
        "conflicts_title": CONFLICTS_TITLE,
        "conflicts_head": CONFLICTS_HEAD,
        "conflicts": [[_typed(word) for word in row] for row in form.conflicts],
        "lacking_title": LACKING_TITLE,
        "lacking": lacking_note(code_points(missing)) if missing else "",
    }


def _box(box: Box) -> Mapping[str, Any]:
    cell = box.cell
    return {
        "row": box.row,
        "column": box.column,
        "rows": cell.rows,
        "columns": cell.columns,
        "label": cell.label,
        "heading": cell.heading,
        "small": cell.small,
        "text": "" if cell.label else _typed(box.text),
        "remark": box.remark,
        "conflict": box.conflict,
        "whole": len(box.text) <= UNBROKEN and _RUN.fullmatch(box.text) is not None,
    }


def _typed(text: str) -> str:
    return _breakable(set_in_type(text))


def _breakable(text: str) -> str:
    """Return the text with places to break inside runs that have none; Chinese breaks anywhere anyway."""
    return _RUN.sub(lambda run: _in_pieces(run[0]), text)


def _in_pieces(run: str) -> str:
    return run if len(run) <= UNBROKEN else _MAY_BREAK.join(run)
