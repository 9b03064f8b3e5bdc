"""The hotline's page: an answer at once, in the family's words, and nothing beyond what 12345 may say."""

import pytest

from exchange.console.pages.family.hotline import HotlineAnswer, hotline_page
from exchange.console.pages.family.progress import progress_page
from tests.cases import given, resulted
from tests.console.pages.made_families import CARD, told
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from topics.labels import Language


def page(language: Language = "zh", *records: object, unknown: bool = False) -> Element:
    """The page of the family of `made_families`, or of these records."""
    family = told(*records, audience="12345")  # type: ignore[arg-type]
    answer = None if unknown else HotlineAnswer(family.view, family.contacts)
    shown = frame("hotline", {}, language, "/console/hotline")
    return read_page(hotline_page(shown, CITY.family, answer, unknown=unknown))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_answer_to_read_aloud_stands_first(language: Language) -> None:
    """How far it is, and what the family has to do: each material once, with what it is for."""
    shown = page(language)
    assert faults(shown) == []
    (said,) = find(shown, "div", **{"class": "box__body say"})
    lines = [one.text for one in find(said, "p")]
    assert {"zh": "共11项，已办结2项。", "en": "2 of 11 matters done."}[language] in lines[0]
    assert {"zh": "请您补充材料：", "en": "We need something from you: "}[language] in lines[1]
    assert {"zh": "（用于户口注销）", "en": " (for "}[language] in lines[1]
    assert find(shown, "title")[0].text.startswith(
        {"zh": "办理进度查询", "en": "How a case stands"}[language]
    )


def test_the_hotline_says_no_amount_document_bank_reason_or_full_name() -> None:
    """Whoever calls may be anybody."""
    said = page().text
    assert "李**" in said
    for withheld in ("李秀兰", "1,234.05", "天医", "甘肃银行", "核对银行卡", CARD):
        assert withheld not in said, withheld


def test_the_hotline_and_the_family_read_the_same_words() -> None:
    """三统一: what each situation means, and what is to be done in it."""
    family = read_page(progress_page(frame("applicant", {"case": "a"}), told(), CITY.family)).text
    hotline = page().text
    for one in CITY.family.situations:
        if one.heading.zh in family:
            assert one.heading.zh in hotline, one.situation
            assert (one.next.zh in family) == (
                one.next.zh in hotline or one.situation in {"in_progress", "waiting", "done"}
            )


def test_where_the_family_need_not_do_anything_that_is_the_answer() -> None:
    """A caller is not left with silence."""
    closed = [resulted(number, "COMPLETED", label=str(number)) for number in (2, 3, 9, 12)]
    records = (given("death_certificate"), given("cremation"), *closed)
    asked = [one for one in told(*records, audience="12345").view["matters"] if one["next_steps"]]
    said = page("zh", *records).text
    assert ("目前不需要您做什么" in said) == (
        not any("family" in step["acts"] for one in asked for step in one["next_steps"])
    )


def test_what_is_not_found_says_what_to_do_and_names_nobody() -> None:
    """And keeps nothing of what was typed."""
    shown = page(unknown=True)
    assert faults(shown) == []
    assert "逐位核对" in shown.text
    assert "value" not in find(shown, "input", id="caller")[0].attributes
