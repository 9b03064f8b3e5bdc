"""The family's page: what needs the family first, where, whom to call; nothing of anybody in its title."""

import re

import pytest

from consumers.family.progress import seen_fields
from consumers.family.telling import told_page
from exchange.console.pages.family.halves import halves
from exchange.console.pages.family.progress import counts_of, number_to_call, progress_page
from tests.cases import Given, applied, given, record_id
from tests.console.pages.made_families import CARD, told
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from tests.people import WANG_JIANGUO
from topics.labels import Language


def page(language: Language = "zh") -> Element:
    """The page of a family with something in most situations."""
    shown = frame("applicant", {"case": "a"}, language, "/console/family", None)
    return read_page(progress_page(shown, told(), CITY.family))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_what_to_bring_where_and_whom_to_call(language: Language) -> None:
    """In this order, before what others do."""
    shown = page(language)
    assert faults(shown) == []
    headings = [
        one["id"] for one in find(shown, "h2") if one.attributes.get("id", "").startswith(("s-", "p"))
    ]
    assert headings[:2] == ["s-bring", "places"]
    assert headings.index("s-may_apply") < headings.index("s-in_progress") < headings.index("s-done")
    (call,) = find(shown, "a", **{"class": "btn btn--go"})
    assert call["href"] == "tel:12345"
    assert {"zh": "居民户口簿", "en": "household register"}[language].lower() in shown.text.lower()


def test_the_counts_add_up_to_all_matters() -> None:
    """What a family is told at the head is what it finds below."""
    view = told().view
    assert sum(counts_of(view).values()) == view["matters_count"]
    split = halves(told_page(view, CITY.family, frame().naming), view)
    assert {one.situation for one in split.yours} >= {"bring", "may_apply", "rejected"}
    assert {one.situation for one in split.others} >= {"in_progress", "done"}


def test_the_applicant_hears_the_result_and_no_long_number() -> None:
    """An amount and a document's number are the family's own; a card's number in a reason is masked."""
    said = page().text
    assert "金额1,234.05元" in said
    assert "天医〔2026〕7号" in said
    assert CARD not in said


def test_neither_title_nor_address_names_anybody() -> None:
    """They stay in the browser's history; somebody with a code has no name to show in the frame."""
    shown = page()
    told_in = [find(shown, "title")[0].text, *(one["href"] for one in find(shown, "a"))]
    assert "李秀兰" in shown.text
    assert not any("李秀兰" in one or re.search(r"\d{15}", one) for one in told_in)
    assert "zhoumin" not in shown.text


def test_the_family_reads_who_looked_and_what_for() -> None:
    """By day and office; nobody's name."""
    said = page().text
    assert "谁查看过这件事" in said
    assert "3月20日，市司法局经办人，查看办件" in said


def test_where_nothing_is_known_nothing_is_made_up() -> None:
    """No number to call where the city has said none; no section that would be empty."""
    assert number_to_call(()) is None
    family = told(given("death_certificate"), applied(3))._replace(contacts=(), looks=())
    shown = read_page(progress_page(frame("applicant", {"case": "a"}), family, CITY.family))
    assert faults(shown) == []
    assert not find(shown, "section", **{"aria-labelledby": "looks"})
    assert not find(shown, "p", **{"class": "family large call"})


APPLICATION = applied(3, applicant={"name": "王建国", "id_number": WANG_JIANGUO, "relation": "子女"})
OWN_ID = APPLICATION[1]["record_id"]


def appointed(at: str, **more: str) -> Given:
    """An appointment with the window."""
    return given("appointment", at, scheduled_at=f"{at}+08:00", place="综合受理3号窗口", **more)


@pytest.mark.parametrize(
    ("appointment", "shown"),
    [
        (appointed("2026-03-25T09:30", channel="WINDOW"), "3月25日09:30，请到综合受理3号窗口办理"),
        (appointed("2026-04-01T14:00", channel="HOME_VISIT"), "工作人员上门"),
        (appointed("2026-04-01T14:00", application=OWN_ID), "4月1日14:00"),
        (appointed("2026-04-01T14:00", applicant_name="王建国"), "4月1日14:00"),
        (appointed("2026-03-24T09:30"), ""),
        (appointed("2026-04-01T14:00", application=record_id("application", "another")), ""),
        (appointed("2026-04-01T14:00", applicant_name="李小红"), ""),
    ],
    ids=["today", "at home", "own", "by name", "yesterday", "of another application", "another's"],
)
def test_a_family_reads_its_own_appointments(appointment: Given, shown: str) -> None:
    """Those that are still to come; nobody else's home, and the hotline reads of none."""
    family = told(given("death_certificate"), APPLICATION, appointment)
    assert ("appointments.place" in seen_fields(family.view)) is bool(shown)
    page = read_page(progress_page(frame("applicant", {"case": "a"}), family, CITY.family))
    assert faults(page) == []
    found = find(page, "section", **{"aria-labelledby": "appointments"})
    assert shown in found[0].text if shown else not found
    assert (
        told(given("death_certificate"), APPLICATION, appointment, audience="12345").view["appointments"]
        == []
    )


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "您的每一份申请"), ("en", "Each of your applications")]
)
def test_several_applications_stand_each_by_itself(language: Language, said: str) -> None:
    """With its own matters and how its results go out; one alone is what the page is about anyway."""
    first, second = applied(9, delivery="MAIL", label="first"), applied(9, 12, label="second")
    shown = read_page(
        progress_page(
            frame("applicant", {"case": "a"}, language),
            told(given("death_certificate"), first, second),
            CITY.family,
        )
    )
    assert faults(shown) == []
    (section,) = find(shown, "section", **{"aria-labelledby": "applications"})
    assert said in section.text
    assert [len(find(one, "li")) for one in find(section, "ul", **{"class": "told"})] == [1, 2]
    alone = read_page(
        progress_page(
            frame("applicant", {"case": "a"}, language), told(given("death_certificate"), first), CITY.family
        )
    )
    assert find(alone, "section", **{"aria-labelledby": "applications"}) == []
