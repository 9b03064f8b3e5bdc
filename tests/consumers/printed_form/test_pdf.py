"""The PDF: a form that prints anywhere, can be searched, and never hides what it could not print."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from consumers.printed_form.fonts import lacking, set_in_type
from consumers.printed_form.pdf import lacking_in, pdf_of
from exchange.runtime.city import City
from tests.cases import HEIR, document, given
from tests.cells import each_cell
from tests.consumers.printed_form.test_layout import ANNEX_1
from tests.examples import share
from tests.form_papers import HARD, LIVING, LONG_ADDRESS, NO_TYPE, ORDINARY, RARE_NAME, TORN, paper
from tests.people import LI_XIULAN
from tests.unseen import BLANKS, GOOD_NAMES, SHAPELESS, TURNING

MM = 72 / 25.4
A4_MM = (210, 297)
MARGIN_MM = 12
LARGEST_BYTES = 300_000
CASES = {"ordinary": ORDINARY, "hard": HARD, "torn": TORN, "living": LIVING}


@cache
def printed(name: str) -> bytes:
    """The PDF of one of the cases."""
    return print_anew(CASES[name])


def print_anew(case: dict[str, Any]) -> bytes:
    """The PDF of a case."""
    return pdf_of(paper(case), City().layout)


def text_of(pdf: bytes) -> str:
    """All that it says, without the breaks that the paper makes."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return re.sub(r"[\s\u200b\ufffe\x02]", "", "".join(pages))


@pytest.fixture(scope="module", params=share(CASES))
def pdf(request: pytest.FixtureRequest) -> bytes:
    """Each of the cases, printed."""
    return printed(request.param)


def test_every_label_of_annex_1_is_there_in_its_order(pdf: bytes) -> None:
    """Whatever the case, it is the plan's form; what spans rows is drawn with the last of them."""
    text, at = text_of(pdf), 0
    spanning = {cell.words for cell in City().layout.cells if cell.rows > 1}
    for label in ("附件1", "个人身后“一件事”申请表", *ANNEX_1):
        found = text.find(re.sub(r"\s", "", label), 0 if label in spanning else at)
        assert found >= 0, label
        at = at if label in spanning else found + 1


def test_every_value_can_be_searched_and_copied() -> None:
    """An archive finds a person by what stands on the paper."""
    for name in ("ordinary", "hard"):
        text = text_of(printed(name))
        for box in paper(CASES[name]).boxes:
            assert re.sub(r"\s", "", set_in_type(box.text)) in text


def test_all_fonts_are_in_the_file_and_only_what_is_used_of_them(pdf: bytes) -> None:
    """It looks the same on a machine without Chinese fonts, and is small enough to send."""
    fonts = list(_fonts(pdf))
    assert {name.partition("+")[2].partition("-")[0] for name, _ in fonts} == {"NotoSerifSC", "NotoSansCJKsc"}
    assert all(embedded and re.match(r"[A-Z]{6}\+", name) for name, embedded in fonts)
    assert len(pdf) < LARGEST_BYTES


def test_the_code_is_the_case_id_and_nothing_else(pdf: bytes) -> None:
    """A scanner opens the case; who finds the paper learns no number from the code."""
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=3).to_pil()
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == ORDINARY["case_id"]


def test_nothing_reaches_beyond_the_margins(pdf: bytes) -> None:
    """Long names and addresses wrap, shrink or go on overleaf; the paper stays A4."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            assert [round(side / MM) for side in page.get_size()] == list(A4_MM)
            text = page.get_textpage()
            for at in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(at)
                assert left >= MARGIN_MM * MM
                assert right <= (A4_MM[0] - MARGIN_MM) * MM
                assert bottom >= MARGIN_MM / 2 * MM
                assert top <= (A4_MM[1] - MARGIN_MM) * MM


@pytest.mark.parametrize(
    ("number", "column"), [(LI_XIULAN, 3), (HEIR["id_number"], 5)], ids=["deceased", "applicant"]
)
def test_a_number_does_not_reach_out_of_its_cell(number: str, column: int) -> None:
    """Digits do not break: a number that is too wide is set smaller."""
    with pypdfium2.PdfDocument(printed("ordinary")) as document:
        page = document[0].get_textpage()
        at, count = page.search(number).get_next()
        boxes = [page.get_charbox(one) for one in range(at, at + count)]
    widths = City().layout.columns_mm
    left, right = 16 + sum(widths[:column]), 14 + sum(widths[: column + 1])
    assert min(box[0] for box in boxes) >= left * MM
    assert max(box[2] for box in boxes) <= right * MM


@pytest.mark.parametrize("name", ["ordinary", "torn", "living"])
def test_a_form_is_one_page_and_its_sources(name: str) -> None:
    """What a window hands out, blanks or not."""
    with pypdfium2.PdfDocument(printed(name)) as document:
        assert len(document) == 2


def test_rare_characters_are_printed_where_a_font_has_them() -> None:
    """Minority names with their dots, Extension A, and Extension B as far as there is type."""
    text = text_of(printed("hard"))
    assert RARE_NAME in text
    assert LONG_ADDRESS in text
    assert lacking(RARE_NAME) == ()


def test_a_character_without_type_is_named_never_an_empty_box() -> None:
    """〓 stands in its place, and the last page says by its number what it is, to be written by hand."""
    assert lacking_in(paper(HARD)) == (NO_TYPE,)
    text = text_of(printed("hard"))
    assert f"{RARE_NAME}〓" in text
    assert "U+2A6B3" in text
    assert "字库缺字，以〓代替" in text
    assert "字库缺字" not in text_of(printed("ordinary"))


@each_cell("unseen", [*SHAPELESS, *TURNING])
def test_nothing_is_printed_for_what_has_no_shape(unseen: str) -> None:
    """No hand can write it, so nobody is asked to."""
    for written in (f"{unseen}王桂芳", f"王{unseen}桂芳", f"王桂芳{unseen}"):
        assert (set_in_type(written), lacking(written)) == ("王桂芳", ())


def test_a_name_full_of_what_has_no_shape_is_printed_as_it_is_read() -> None:
    """The whole list at once, and every blank in the place of death."""
    name, place = f"王{''.join(SHAPELESS)}桂芳", "楼".join(["一", *BLANKS, "\r\n"])
    form = paper(document(given("death_certificate", name=name, death_place=place)))
    text = text_of(pdf_of(form, City().layout))
    assert "王桂芳" in text
    assert "〓" not in text
    assert lacking_in(form) == ()


def test_what_has_a_shape_and_no_type_still_has_its_stand_in() -> None:
    """Only what nobody sees is passed over."""
    for name in GOOD_NAMES:
        assert len(set_in_type(name)) == len(name)
    assert set_in_type("王\ufffd芳") == "王〓芳"


def test_the_same_form_is_the_same_bytes_again(pdf: bytes) -> None:
    """So that two prints of one state can be compared by their hash."""
    again = {print_anew(case) for case in CASES.values()}
    assert pdf in again
    assert len(again) == len(CASES)


def test_it_is_made_for_the_archive(pdf: bytes) -> None:
    """PDF/A-2u: what it needs is inside it, and every character has its number."""
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in pdf


def test_what_is_in_the_values_can_not_steer_the_typesetting() -> None:
    """A name is text, whatever it looks like."""
    name = '#panic("x") $a$ *b* \\ {c}'
    box = next(box for box in paper(ORDINARY).boxes if box.cell.field == "applicant.name")
    form = paper(ORDINARY)
    applicant = {**ORDINARY["applications"][0]["applicant"]}
    applicant["name"] = {**applicant["name"], "value": name}
    case = {**ORDINARY, "applications": [{**ORDINARY["applications"][0], "applicant": applicant}]}
    assert box in form.boxes
    assert re.sub(r"\s", "", name) in text_of(print_anew(case))


def _fonts(pdf: bytes) -> Iterator[tuple[str, bool]]:
    """Yield each font's name and whether its outlines are in the file."""
    for page in PdfReader(BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", DictionaryObject()).values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            yield (
                str(descriptor["/FontName"]).lstrip("/"),
                any(f"/FontFile{n}" in descriptor for n in ("", "2", "3")),
            )
