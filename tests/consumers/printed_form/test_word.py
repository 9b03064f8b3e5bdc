"""The document for hand editing: it opens, says what the PDF says, and is the same every time."""

from functools import cache
from io import BytesIO

import docx
import pytest
from docx.document import Document

from consumers.printed_form.word import docx_of
from exchange.runtime.city import City
from tests.cases import document, given
from tests.consumers.printed_form.test_layout import ANNEX_1
from tests.examples import share
from tests.form_papers import HARD, LIVING, NO_TYPE, ORDINARY, TORN, paper

CASES = {"ordinary": ORDINARY, "hard": HARD, "torn": TORN, "living": LIVING}


@cache
def written(name: str) -> bytes:
    """The document of a case."""
    return docx_of(paper(CASES[name]), City().layout)


def opened(name: str) -> Document:
    """The document as Word has it."""
    return docx.Document(BytesIO(written(name)))


@pytest.mark.parametrize("name", share(CASES))
def test_it_has_every_label_value_tick_and_source_of_the_form(name: str) -> None:
    """Whoever puts a word right by hand begins with all the others."""
    _, table, below, *rest = opened(name).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert set(ANNEX_1) <= {text for row in rows for text in row}
    form = paper(CASES[name])
    for box in form.boxes:
        said = rows[box.row][box.column]
        assert said == "\n".join(part for part in (box.text, box.remark) if part)
    ticked = [cell.text for row in below.rows for cell in row.cells if cell.text.startswith("☑")]
    assert len(ticked) == sum(tick.chosen for tick in form.ticks)
    shown = [tuple(cell.text for cell in row.cells) for part in rest for row in part.rows[1:]]
    assert shown == [*form.sources, *form.conflicts]


def test_a_rare_character_stays_as_it_is() -> None:
    """Word brings fonts of its own."""
    table = opened("hard").tables[1]
    assert NO_TYPE in "".join(cell.text for row in table.rows for cell in row.cells)


def test_the_same_form_is_the_same_bytes() -> None:
    """No moment of packing in it."""
    once = written("ordinary")
    assert once == docx_of(paper(ORDINARY), City().layout)
    assert b"2013-12-23" not in once


def test_it_is_a4_and_as_wide_as_the_plan_has_it() -> None:
    """It prints like the PDF."""
    document = opened("ordinary")
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    widths = [cell.width.mm for cell in document.tables[1].rows[3].cells]
    assert round(widths[0]) == round(City().layout.columns_mm[0])


def test_what_has_no_shape_is_not_in_it_either() -> None:
    """It says what the PDF says."""
    case = document(
        given("death_certificate", name="\u200e王\ufe0f桂\u00ad芳\u200b", death_place="一楼\r\n二楼")
    )
    told = docx_of(paper(case), City().layout)
    cells = {cell.text for row in docx.Document(BytesIO(told)).tables[1].rows for cell in row.cells}
    assert {"王桂芳", "一楼 二楼"} <= cells
