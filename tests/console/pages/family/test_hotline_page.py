"""The hotline's page: an answer at once, in the family's words, and nothing beyond what 12345 may say."""

import pytest

from consumers.family.telling import told_page
from consumers.guide.text import contacts_of
from exchange.console.pages.family.halves import usual_papers
from exchange.console.pages.family.hotline import HotlineAnswer, aloud, hotline_page
from exchange.console.pages.family.progress import progress_page
from tests.console.pages.made_families import CARD, told
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from topics.labels import Language

PLACES = contacts_of([one.matter for one in CITY.policy.matters], CITY.guide, CITY.policy)


def page(language: Language = "zh", *, unknown: bool = False) -> Element:
    """The page of the family of `made_families`."""
    family = told(audience="12345")
    answer = None if unknown else HotlineAnswer(family.view, family.contacts)
    shown = frame("hotline", {}, language, "/console/hotline")
    return read_page(hotline_page(shown, CITY.family, answer, unknown=unknown, places=PLACES))


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
    """三统一: what each situation means, and what is to be done where something is."""
    family = read_page(progress_page(frame("applicant", {"case": "a"}), told(), CITY.family)).text
    hotline = page().text
    for one in CITY.family.situations:
        assert (one.heading.zh in family) == (one.heading.zh in hotline), one.situation
        if one.asks and one.heading.zh in family:
            assert one.next.zh in family, one.situation
            assert one.next.zh in hotline, one.situation


def test_where_the_family_need_not_do_anything_that_is_the_answer() -> None:
    """A caller is not left with silence."""
    naming = frame().naming
    said = told_page(told(audience="12345").view, CITY.family, naming)
    assert list(aloud(said, (), naming))[-1] == "目前不需要您做什么。"
    assert "目前不需要您做什么。" not in page().text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_a_case_that_is_not_known_the_caller_hears_what_to_do(language: Language) -> None:
    """Which papers, where, and whom to call, to be read aloud; nothing of it before anybody has asked."""
    shown = page(language, unknown=True)
    (said,) = find(shown, "div", **{"class": "box__body say"})
    wanted = {
        "zh": ("申请人居民身份证、已故人员居民身份证、死亡证明，到市、县区政务服务大厅", "12345"),
        "en": ("The deceased's ID card, Death certificate", "government service hall", "12345"),
    }
    assert all(part in said.text for part in wanted[language])
    assert find(shown, "section", **{"aria-labelledby": "places"})
    assert usual_papers(CITY.policy) == [1, 2, 4]
    before = read_page(hotline_page(frame("hotline", {}, language, "/console/hotline"), CITY.family))
    assert not find(before, "div", **{"class": "box__body say"})


def test_what_is_not_found_says_what_to_do_and_names_nobody() -> None:
    """And keeps nothing of what was typed."""
    shown = page(unknown=True)
    assert faults(shown) == []
    assert "逐位核对" in shown.text
    assert "value" not in find(shown, "input", id="caller")[0].attributes
