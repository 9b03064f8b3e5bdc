"""The document for hand editing: it opens, says what the PDF says, and is the same every time."""

from io import BytesIO
from typing import Any

import docx
import pytest

from consumers.printed_form.word import docx_of
from exchange.runtime.city import City
from tests.cases import document, given
from tests.consumers.printed_form.test_layout import ANNEX_1
from tests.form_papers import HARD, LIVING, NO_TYPE, ORDINARY, TORN, paper


def written(case: dict[str, Any]) -> bytes:
    """The document of a case."""
    return docx_of(paper(case), City().layout)


@pytest.mark.parametrize("case", [ORDINARY, HARD, TORN, LIVING], ids=["ordinary", "hard", "torn", "living"])
def test_it_has_every_label_value_tick_and_source_of_the_form(case: dict[str, Any]) -> None:
    """Whoever puts a word right by hand begins with all the others."""
    _, table, below, *rest = docx.Document(BytesIO(written(case))).tables
    cells = {cell.text for row in table.rows for cell in row.cells}
    assert set(ANNEX_1) <= cells
    form = paper(case)
    for box in form.boxes:
        said = table.cell(box.row, box.column).text
        assert said == "\n".join(part for part in (box.text, box.remark) if part)
    ticked = [cell.text for row in below.rows for cell in row.cells if cell.text.startswith("☑")]
    assert len(ticked) == sum(tick.chosen for tick in form.ticks)
    shown = [tuple(cell.text for cell in row.cells) for part in rest for row in part.rows[1:]]
    assert shown == [*form.sources, *form.conflicts]


def test_a_rare_character_stays_as_it_is() -> None:
    """Word brings fonts of its own."""
    table = docx.Document(BytesIO(written(HARD))).tables[1]
    assert NO_TYPE in "".join(cell.text for row in table.rows for cell in row.cells)


def test_the_same_form_is_the_same_bytes() -> None:
    """No moment of packing in it."""
    once = written(ORDINARY)
    assert once == written(ORDINARY)
    assert b"2013-12-23" not in once


def test_it_is_a4_and_as_wide_as_the_plan_has_it() -> None:
    """It prints like the PDF."""
    document = docx.Document(BytesIO(written(ORDINARY)))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    widths = [cell.width.mm for cell in document.tables[1].rows[3].cells]
    assert round(widths[0]) == round(City().layout.columns_mm[0])


def test_what_has_no_shape_is_not_in_it_either() -> None:
    """It says what the PDF says."""
    case = document(
        given("death_certificate", name="\u200e王\ufe0f桂\u00ad芳\u200b", death_place="一楼\r\n二楼")
    )
    cells = {cell.text for row in docx.Document(BytesIO(written(case))).tables[1].rows for cell in row.cells}
    assert {"王桂芳", "一楼 二楼"} <= cells
