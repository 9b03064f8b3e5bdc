"""What a family, the hotline and the leaders are told of one county's deaths, on the real parts."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from exchange.runtime.settings import Settings
from tests.cases import Given, applied, given, resulted
from tests.journeys.live import Live
from tests.journeys.log_tools import access_records
from tests.people import QINZHOU, id_number

Exchange = Callable[..., subprocess.CompletedProcess[str]]
COUNTY = "两当县"  # no other test's
NUMBERS = [id_number(QINZHOU, date(1933, 7, day), 917) for day in range(1, 7)]


def hers(number: str, record_type: str, **fields: object) -> Given:
    """A record about one of them."""
    return given(record_type, f"family {number}", id_number=number, county=COUNTY, **fields)


@pytest.fixture(scope="module")
def county(stack: Settings, exchange: Exchange) -> Settings:
    """An exchange in which six families of a county have applied, and five have their result."""
    records = [hers(number, "death_certificate") for number in NUMBERS]
    same = {"county": COUNTY, "channel": "ONLINE"}
    records += [applied(9, label=f"family {number}", id_number=number, **same) for number in NUMBERS]
    records += [
        resulted(9, label=f"family {number}", id_number=number, county=COUNTY, document_no="天司〔2026〕9号")
        for number in NUMBERS[:5]
    ]
    live = Live(stack)
    assert set(live.publish(*records)) == {"ACCEPTED"}
    live.until_visible()
    return stack


def test_statistics_hold_days_shares_and_what_was_saved(
    county: Settings, exchange: Exchange, tmp_path: Path
) -> None:
    """Five of six are done, 31 days after the death; the sixth alone would be somebody, so it is withheld."""
    files = ("--csv", str(tmp_path / "s.csv"), "--html", str(tmp_path / "s.html"))
    told = exchange("statistics", "--county", COUNTY, "--json", *files, "--home", str(county.home))
    row = json.loads(told.stdout)
    assert {"matter": 9, "count": 5, "days_median": 31.0, "days_p90": 31.0} in row["days"]
    assert {"matter": 9, "state": "APPLIED", "count": None} in row["states"]
    assert (row["cases"], row["visits_saved"], row["materials_saved"]) == (6, 6, 12)
    assert {"channel": "ONLINE", "count": 6} in row["channels"]
    (whole, _) = row["on_time"]
    assert (whole["department"], whole["decided"]) == ("justice", 5)
    assert "市司法局" in (tmp_path / "s.csv").read_text(encoding="utf-8")
    assert "<svg" in (tmp_path / "s.html").read_text(encoding="utf-8")


def test_deaths_before_or_after_the_time_asked_for_are_not_counted(
    county: Settings, exchange: Exchange
) -> None:
    """A quarter is that of the deaths, so that asking again later tells more of the same families."""
    told = exchange(
        *("statistics", "--county", COUNTY, "--from", "2026-03-02", "--json", "--home", str(county.home))
    )
    assert json.loads(told.stdout)["states"] == []


def test_the_hotline_tells_progress_and_leaves_an_access_record(county: Settings, exchange: Exchange) -> None:
    """Nobody is looked up unseen, by telephone neither."""
    asked = (NUMBERS[0], "--for", "12345", "--actor", "话务员 7", "--home", str(county.home))
    told = exchange("progress", *asked, "--json")
    view = json.loads(told.stdout)
    (nine,) = (one for one in view["matters"] if one["matter"] == 9)
    assert (nine["situation"], nine["document_no"], view["name"]) == ("done", None, "李**")
    (noted,) = [one for one in access_records(county) if one["actor"] == "话务员 7"]
    assert (noted["command"], noted["case_id"], noted["reason"]) == ("progress", view["case_id"], "12345")


def test_the_applicant_reads_the_number_of_the_document(county: Settings, exchange: Exchange) -> None:
    """In Chinese unless asked otherwise, on standard output."""
    told = exchange("progress", NUMBERS[0], "--lang", "zh", "--home", str(county.home))
    assert "天司〔2026〕9号" in told.stdout
    assert NUMBERS[0] not in told.stdout


def test_who_is_unknown_gets_no_page(county: Settings, exchange: Exchange) -> None:
    """Exit 1, and one line that says so."""
    nobody = id_number(QINZHOU, date(1933, 8, 1), 917)
    told = exchange("progress", nobody, "--home", str(county.home))
    assert (told.returncode, told.stdout) == (1, "")
