"""一次性告知书: all that has to be put right, in one paper, to one applicant and of nobody else's."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
from pypdf import PdfReader

from consumers.printed_form.notice import CorrectionNotice, notice_of
from consumers.printed_form.notice_pdf import notice_pdf
from exchange.domain.policy import load_policy
from exchange.domain.policy_files.models import Text
from tests.cases import HEIR, Given, applied, document, examined, given, next_of, resulted
from tests.people import id_number

POLICY, DAY = load_policy(), date(2026, 3, 25)
DEATH = given("death_certificate")
ASKED = applied(2, 9, channel="WINDOW", window="综合受理3号窗口", applicant={**HEIR, "name": "王小明"})
EXAMINED = examined(ASKED, "户口簿缺第二页", "电话 13812345678 无法接通", handler="综窗03-王")
RETURNED = resulted(9, "RETURNED", to_correct=["缺遗嘱的年份"], recorded_at="2026-03-24T09:00:00+08:00")
SISTER = applied(9, label="sister", applicant={"name": "王小红", "id_number": id_number(sequence=82)})


def made(*records: Given, of: int = 0, **edit: Any) -> CorrectionNotice | None:
    """The notice for one of a case's applications."""
    found = document(*records)
    policy = replace(POLICY, window_rule=POLICY.window_rule.model_copy(update=edit)) if edit else POLICY
    return notice_of(found, found["applications"][of], policy, DAY)


def text_of(notice: CorrectionNotice) -> str:
    """All that the paper says, without the breaks that it makes."""
    with pypdfium2.PdfDocument(notice_pdf(notice, POLICY, DAY)) as pages:
        said = [page.get_textpage().get_text_range() for page in pages]
    return re.sub(r"[\s\u200b]", "", "".join(said))


def test_it_says_all_of_it_by_matter_and_material() -> None:
    """What the window asks, what a department sent back, and which papers are missing."""
    found = made(DEATH, ASKED, EXAMINED, RETURNED)
    assert found
    assert found["to_correct"] == ["户口簿缺第二页", "电话 1***8 无法接通"]
    by_number = {one["matter"]: one for one in found["matters"]}
    assert [(one["kind"], one["original"]) for one in by_number[2]["materials"]] == [
        (1, True),
        (2, True),
        (4, True),
    ]
    assert by_number[9]["to_correct"] == ["缺遗嘱的年份"]
    assert [one["kind"] for one in by_number[9]["materials"]] == [3]


def test_it_says_by_when_and_where_and_what_is_not_known_it_leaves_out() -> None:
    """The time is counted from when it was asked; the telephone is the city's to fill in."""
    found = made(DEATH, ASKED, EXAMINED)
    assert found
    assert (found["by"], found["where"]["zh"], found["telephone"]) == (
        date(2026, 4, 13),
        "综合受理3号窗口",
        None,
    )
    known = made(
        DEATH,
        ASKED,
        EXAMINED,
        correct_working_days=None,
        where=Text(zh="市政务服务大厅一楼", en="the service hall"),
        telephone="0938-8212345",
    )
    assert known
    assert (known["by"], known["where"]["zh"], known["telephone"]) == (
        None,
        "市政务服务大厅一楼综合受理3号窗口",
        "0938-8212345",
    )


def test_a_window_that_is_a_bare_number_is_said_as_a_window() -> None:
    """Nobody finds a place called 03."""
    numbered = applied(9, channel="WINDOW", window="03")
    found = made(DEATH, numbered)
    assert found
    assert found["where"] == {"zh": "综合受理03号窗口", "en": "window 03 of the service counter"}
    assert "综合受理03号窗口" in text_of(found)


def test_it_speaks_of_no_examination_where_nobody_has_examined() -> None:
    """Materials that are missing are told of before anybody has looked."""
    found = made(DEATH, ASKED)
    assert found
    assert (found["asked_at"], "审核" in text_of(found)) == (None, False)


def test_there_is_none_where_nothing_has_to_be_put_right() -> None:
    """All was seen at the counter, or the matters are done."""
    whole = applied(9, materials=[{"kind": 3}])
    assert made(DEATH, whole) is None
    assert made(DEATH, whole, examined(whole, "缺页"))
    assert made(DEATH, whole, examined(whole, "缺页"), resulted(9)) is None
    again = next_of(whole, "AMENDED", "again", recorded_at="2026-03-21T09:00:00+08:00")
    assert made(DEATH, whole, examined(whole, "缺页"), again) is None


def test_it_tells_of_nobody_elses_application() -> None:
    """Two heirs apply; each hears what was asked of the own application."""
    first, second = (made(DEATH, ASKED, SISTER, EXAMINED, of=of) for of in (0, 1))
    assert first
    assert second
    assert (first["applicant"], second["applicant"]) == ("王小明", "王小红")
    assert second["to_correct"] == []
    assert "王小明" not in text_of(second)


def test_the_paper_says_what_the_data_says() -> None:
    """One source for both, in the words of an office."""
    found = made(DEATH, ASKED, EXAMINED, RETURNED)
    assert found
    said = text_of(found)
    assert "一次性告知书" in said
    for line in ("王小明：", "户口簿缺第二页", "缺遗嘱的年份", "居民户口簿", "出示原件", "综窗03-王"):
        assert line in said
    assert "2026年4月13日前（含当日）" in said
    assert "13812345678" not in said


def test_it_is_a_paper_that_any_printer_prints_the_same() -> None:
    """A4, every font embedded, and the same bytes each time."""
    found = made(DEATH, ASKED, EXAMINED)
    assert found
    pdf = notice_pdf(found, POLICY, DAY)
    assert pdf == notice_pdf(found, POLICY, DAY)
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert [round(float(one) * 25.4 / 72) for one in page.mediabox[2:]] == [210, 297]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
