"""The statistics: numbers with their charts, each in its table as well, and nothing small of a county."""

import re

import pytest

from consumers.statistics.report import Statistics
from exchange.console.pages.city.charts import DRAWN_STATES, charts_of
from exchange.console.pages.city.statistics import FiguresAsked, statistics_page
from tests.console.pages.made_families import statistics
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from topics.labels import Language

SMALL = CITY.statistics.small_number


def page(
    language: Language = "zh",
    role: str = "leader",
    asked: FiguresAsked = FiguresAsked(),  # noqa: B008 - frozen
    found: Statistics | None = None,
) -> Element:
    """The page as somebody of a role sees it."""
    kept = {"department": "police"} if role == "supervisor" else {}
    shown = frame(role, kept, language, "/console/statistics", None)  # type: ignore[arg-type]
    return read_page(statistics_page(shown, asked, found or (None if asked.wrong() else statistics()), SMALL))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_table_has_its_chart_beside_it(language: Language) -> None:
    """The chart is for eyes; whoever hears the page hears the table."""
    shown = page(language)
    assert faults(shown) == []
    assert len(find(shown, "table")) == len(find(shown, "ul", **{"class": "chart"})) == 4
    assert all(one["aria-hidden"] == "true" for one in find(shown, "ul", **{"class": "chart"}))
    assert {"1,200", "960", "2,310", "745"} <= {one.text for one in find(shown, "dd")}


def test_a_chart_is_as_long_as_its_numbers_and_never_longer_than_its_place() -> None:
    """Ends of bars are what eyes compare."""
    charts = charts_of(statistics(), frame().naming)
    for chart in charts.values():
        for row in chart.rows:
            assert all(0 <= one.begin <= one.begin + one.length <= 100.01 for one in row.segments)
    first, second = (row.segments[0].length for row in charts["days"].rows)
    assert round(second / first, 1) == round(31 / 9, 1)
    assert [one.length for row in charts["on_time"].rows for one in row.segments] == [81.0, 100.0]
    whole = [sum(one.length for one in row.segments) for row in charts["states"].rows]
    assert all(abs(length - 100) < 0.1 for length in whole)
    assert charts["states"].states == tuple(one for one in DRAWN_STATES if one != "REJECTED")


def test_what_is_withheld_is_drawn_nowhere() -> None:
    """A bar without its withheld part would give that part away."""
    names = {row.name for chart in charts_of(statistics(), frame().naming).values() for row in chart.rows}
    assert "遗嘱继承公证信息核查" not in names
    assert "<5" in page().text


def test_a_filter_is_kept_and_what_is_wrong_in_it_says_what_to_do() -> None:
    """Nothing is counted until it is put right."""
    asked = FiguresAsked("2026-03-02", "2026-03-01", "police", "秦州区")
    shown = page(asked=asked)
    assert faults(shown) == []
    assert "起始日期晚于截止日期" in shown.text
    assert not find(shown, "table")
    assert find(shown, "input", id="from")[0]["value"] == "2026-03-02"
    chosen = {one["value"] for one in find(shown, "option") if "selected" in one.attributes}
    assert chosen >= {"police", "秦州区"}
    assert FiguresAsked("1.3.2026").wrong()
    assert not FiguresAsked("2026-03-01", "2026-03-01").wrong()


def test_a_supervisor_counts_the_own_department_alone() -> None:
    """Whatever the address says; and is not asked which."""
    policy = CITY.policy
    assert FiguresAsked(department="justice").filter({"department": "police"}, policy).department == "police"
    assert FiguresAsked(department="justice").filter({}, policy).department == "justice"
    assert FiguresAsked(department="nobody", county="nowhere").filter({}, policy).county is None
    assert FiguresAsked(county="麦积区").filter({"county": "620502"}, policy).county == "秦州区"
    assert not find(page(role="supervisor"), "select", name="department")
    assert find(page(), "select", name="department")


def test_no_number_of_anybody_is_on_the_page() -> None:
    """Numbers without persons."""
    assert not re.search(r"\d{15}", page().text)
