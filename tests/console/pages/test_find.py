"""Finding: one case is opened at once, several are told apart, nothing leads on."""

import pytest

from consumers.read_model.look_table import CaseLook
from exchange.console.pages.find import find_page
from exchange.console.pages.looks import looks_page
from exchange.desk.search import FoundCase
from tests.case_documents import ESTABLISHED_AT
from tests.console.pages.made_frames import frame
from tests.console.pages.read_page import faults, find, read_page
from tests.people import LI_XIULAN
from topics.labels import Language

CASE = "5d41402abc4b2a76b9719d911017c592"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_found_is_told_apart_without_numbers(language: Language) -> None:
    """Two people of one name are known by the year of their birth."""
    found = [FoundCase(CASE, "李秀兰", "1947", True), FoundCase("0" * 32, None, None, False)]
    page = read_page(find_page(frame(language=language), found))
    assert faults(page) == []
    assert [one["href"] for one in find(page, "a", **{"class": "whole"})] == [
        f"/console/cases/{CASE}",
        f"/console/cases/{'0' * 32}",
    ]
    assert "1947" in page.text


def test_of_an_unknown_number_an_application_can_be_taken_by_who_may() -> None:
    """A death at home begins at the window; the number is not typed again, and stands in no address."""
    window = read_page(find_page(frame(), [], CASE, LI_XIULAN))
    assert faults(window) == []
    (begin,) = find(window, "form", action=f"/console/cases/{CASE}/forms/apply")
    assert find(begin, "input", name="text.id_number")[0]["value"] == LI_XIULAN
    department = find_page(frame("department_handler", {"department": "police"}), [], CASE, LI_XIULAN)
    assert LI_XIULAN not in department
    assert not find(read_page(find_page(frame(), [])), "form", action=f"/console/cases/{CASE}/forms/apply")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_that_finds_nobody_is_told_whom_it_can_find(language: Language) -> None:
    """In the same words whether there is such a case or not; whoever has the whole city is not."""
    county = frame("county", {"department": "civil_affairs", "county": "620502"}, language=language)
    page = read_page(find_page(county, []))
    assert faults(page) == []
    assert page.text.count("秦州区") == 3, "where the account belongs, and twice in the sentence"
    told = {"zh": "记录写明属于", "en": "whose records name"}[language]
    assert told in page.text
    for other in (frame(language=language), frame("department_handler", {"department": "police"})):
        assert told not in find_page(other, [])


def test_before_anything_is_asked_the_box_is_there() -> None:
    """With the focus in it, for the scanner."""
    page = read_page(find_page(frame(), None))
    assert faults(page) == []
    assert "autofocus" in find(page, "input", id="find")[0].attributes


@pytest.mark.parametrize("language", ["zh", "en"])
def test_looks_say_who_what_and_why(language: Language) -> None:
    """Full numbers stand out, by a shape and a word."""
    full = CaseLook(
        "a1",
        ESTABLISHED_AT,
        "马晓燕",
        "department_handler",
        "human_resources",
        "console",
        "unmask",
        "case",
        ["deceased.name"],
        True,
        "与部门系统核对身份",
    )
    old = CaseLook("a2", ESTABLISHED_AT, "shell", None, None, None, None, "case", [], False, None)
    page = read_page(looks_page(frame("auditor", language=language), CASE, [full, old]))
    assert faults(page) == []
    rows = find(find(page, "tbody")[0], "tr")
    assert "与部门系统核对身份" in rows[0].text
    assert len(find(rows[0], "use", href="#m-original_to_sight")) == 1
    assert len(find(rows[1], "use", href="#m-original_to_sight")) == 0
