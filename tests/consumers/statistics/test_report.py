"""Small numbers of a county are withheld, and what would give them away; the tables say so, on any medium."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

from consumers.statistics.report import Statistics, StatisticsFilter, _shares
from consumers.statistics.tables import as_of_text, csv_of, statistics_tables
from exchange.command.statistics.command import html_of
from exchange.command.views.sheet import Sheet
from exchange.domain.policy import load_policy
from exchange.runtime.city import City

SMALL = City().statistics.small_number
SHEET = Sheet(load_policy(), "zh")
COUNTY = "<b>=1+1"


def shares(*counties: tuple[str, int, int, int], county: str | None = None) -> list[dict[str, Any]]:
    """A department's rows: the whole, then name, decided, on time and overdue of each county."""
    whole = tuple(sum(one[number] for one in counties) for number in (1, 2, 3))
    rows = [("justice", None, *whole), *(("justice", *one) for one in counties)]
    return list(_shares(rows, county, SMALL))


def report(on_time: list[dict[str, Any]]) -> Statistics:
    """Statistics with everything in them."""
    return Statistics(
        as_of=datetime(2026, 3, 31, 16, tzinfo=UTC),
        asked=StatisticsFilter(),
        totals={"cases": 1200, "applications": 9, "materials_saved": 20, "visits_saved": 7},
        states=({"matter": 9, "state": "COMPLETED", "count": 12},),
        days=({"matter": 9, "count": 12, "days_median": 31.0, "days_p90": 40.5},),
        on_time=tuple(on_time),
        channels=({"channel": "ONLINE", "count": 6},),
    )


def test_a_county_with_few_matters_is_withheld_and_the_city_is_not() -> None:
    """Three late pensions in a small county are three families that a neighbour knows."""
    whole, *counties = shares(("甘谷县", 20, 15, 9), ("秦安县", 4, 2, 9), ("清水县", 3, 3, 9))
    assert (whole["decided"], whole["share"]) == (27, 20 / 54)
    assert [one["decided"] for one in counties] == [20, None, None]
    assert [one["share"] for one in counties] == [15 / 29, None, None]
    assert [one["overdue"] for one in counties] == [9, 9, 9]


def test_who_decides_nothing_is_not_on_time() -> None:
    """What is overdue and undecided counts as what was decided too late."""
    all_late, none_late, nothing = (
        shares(("甘谷县", *counts))[0]["share"] for counts in ((0, 0, 6), (6, 6, 0), (0, 0, 0))
    )
    assert (all_late, none_late, nothing) == (0, 1, None)


def test_a_share_does_not_give_away_how_few_are_overdue() -> None:
    """From the share and what was decided the rest could be worked out."""
    _, *counties = shares(("甘谷县", 20, 15, 2), ("秦安县", 30, 30, 3), ("清水县", 10, 5, 9))
    assert [one["overdue"] for one in counties] == [None, None, 9]
    assert [one["decided"] for one in counties] == [20, 30, 10]
    assert [one["share"] for one in counties] == [None, None, 5 / 19]


def test_a_lone_small_county_takes_the_next_one_along() -> None:
    """Else the city's number less the others would be the withheld one."""
    _, *counties = shares(("甘谷县", 20, 15, 9), ("秦安县", 4, 2, 9), ("清水县", 8, 3, 9))
    assert [one["decided"] for one in counties] == [20, None, None]


def test_asked_for_one_county_its_whole_is_withheld_where_it_is_small() -> None:
    """A filter is also a breakdown."""
    whole, only = shares(("秦安县", 4, 2, 9), county="秦安县")
    assert (whole["decided"], only["decided"], whole["overdue"]) == (None, None, 9)


def test_the_tables_say_less_than_five_where_something_is_withheld() -> None:
    """A blank could be taken for nothing."""
    tables = statistics_tables(
        report(shares(("甘谷县", 20, 15, 9), ("秦安县", 4, 2, 9), ("清水县", 3, 3, 9))), SMALL, SHEET
    )
    on_time = next(one for one in tables if one.code == "on_time")
    assert on_time.rows[2] == ("市司法局", "秦安县", "<5", "<5", "9")
    assert on_time.rows[0][:4] == ("市司法局", "全市", "27", "37.0%")
    assert next(one for one in tables if one.code == "days").rows[0][1:] == ("12", "31.0", "40.5")


def test_the_csv_has_every_number_once_and_no_formula() -> None:
    """A spreadsheet must not compute what a department wrote as the name of a county."""
    tables = statistics_tables(report(shares(("=1+1", 20, 15, 9))), SMALL, SHEET)
    text = csv_of(tables, SHEET, as_of_text(report([]), SHEET))
    assert text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {"table": "totals", "row": "涉及办件（人）", "measure": "数量"}.items() <= lines[0].items()
    assert lines[0]["value"] == "1,200"
    assert lines[0]["as_of"] == "截至 2026-04-01 00:00:00（北京时间）"
    assert not [line for line in lines if line["row"].startswith("=")]


def test_the_page_asks_nobody_for_anything_and_escapes_what_departments_wrote() -> None:
    """It opens on a machine without network, and runs nothing."""
    tables = statistics_tables(report(shares((COUNTY, 20, 15, 9))), SMALL, SHEET)
    page = html_of(tables, SHEET, ["截至 …"])
    assert COUNTY not in page
    assert "&lt;b&gt;=1+1" in page
    assert not re.search(r"https?://|src=|<script|@import|url\(", page)
    assert page.count('class="bar"') == sum(bar is not None for one in tables for bar in one.bars)
