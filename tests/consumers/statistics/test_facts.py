"""What the statistics keep of a case: dates, codes and counts, and nothing of the person."""

from dataclasses import asdict
from datetime import date
from typing import Any

from consumers.statistics.facts import ApplicationFact, MatterFact, application_facts, matter_facts
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.cases import HEIR, NAME, Given, applied, document, given, next_of, resulted
from tests.people import LI_XIULAN

CERTIFICATE = given("death_certificate", county="秦州区")


def fact(number: int, *records: Given) -> MatterFact:
    """The fact of one matter."""
    (found,) = (one for one in matter_facts(document(*records), load_policy()) if one.matter == number)
    return found


def applications(*records: Given) -> tuple[ApplicationFact, ...]:
    """The facts of a case's applications."""
    return application_facts(document(*records), City().statistics)


def test_days_run_from_the_death_to_the_record_that_completed_the_matter() -> None:
    """Days of the calendar in Tianshui, whatever the clock of a server says."""
    done = resulted(9, recorded_at="2026-04-01T00:30:00+08:00")
    found = fact(9, CERTIFICATE, applied(9), done)
    assert (found.died_on, found.done_on) == (date(2026, 3, 1), date(2026, 4, 1))
    assert fact(1, CERTIFICATE).done_on == date(2026, 3, 2)
    assert fact(9, CERTIFICATE, applied(9)).done_on is None


def test_what_was_completed_and_is_to_be_recovered_counts_as_done_no_more() -> None:
    """Nobody is praised for paying the wrong person quickly."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", recorded_at="2026-04-02T09:00:00+08:00")
    assert fact(9, CERTIFICATE, applied(9), resulted(9), revoked).done_on is None


def test_dates_of_death_that_disagree_count_for_no_length() -> None:
    """A wrong date would make a wrong median."""
    other = given("abnormal_death", death_time="2026-02-01T08:00:00+08:00")
    assert fact(9, CERTIFICATE, other).died_on is None


def test_the_county_is_that_of_the_last_record_of_the_matter() -> None:
    """The office that decided is measured, not the hospital; without one, where the death was recorded."""
    assert fact(9, CERTIFICATE, applied(9, county="甘谷县")).county == "甘谷县"
    assert fact(9, CERTIFICATE, applied(9, county="甘谷县"), resulted(9, county="秦安县")).county == "秦安县"
    assert fact(9, CERTIFICATE).county == "秦州区"


def test_a_material_is_saved_where_data_verifies_it_for_a_matter_applied_for() -> None:
    """② and ④ of matter 9 need not be brought; of what nobody asked for nothing is saved."""
    assert fact(9, CERTIFICATE, applied(9)).materials_saved == 2
    assert fact(9, CERTIFICATE).materials_saved == 0


def test_history_that_was_loaded_ran_against_no_limit_and_saved_no_visit() -> None:
    """Otherwise loading ten years of files would make every office punctual."""
    loaded = applied(9, backfill=True)
    assert not fact(9, CERTIFICATE, loaded).counted
    assert fact(9, CERTIFICATE, applied(9)).counted
    assert applications(CERTIFICATE, loaded) == ()


def test_visits_are_saved_by_the_departments_that_need_not_be_visited() -> None:
    """One visit to the window instead of one to each department; online, none at all."""
    asked = {"matters": [3, 9, 11], "county": "甘谷县"}
    (window,) = applications(CERTIFICATE, given("application", channel="WINDOW", **asked))
    (online,) = applications(CERTIFICATE, given("application", channel="ONLINE", **asked))
    assert window.departments == ("justice", "police")
    assert (window.visits_saved, online.visits_saved) == (1, 2)
    assert (online.channel, online.county) == ("ONLINE", "甘谷县")


def test_a_second_application_to_the_same_department_saves_no_second_visit() -> None:
    """Two heirs who both apply do not double what the exchange has done."""
    first, second = (
        applied(9, channel="ONLINE"),
        applied(9, label="2", channel="ONLINE", recorded_at="2026-03-22T09:00:00+08:00"),
    )
    assert [one.visits_saved for one in applications(CERTIFICATE, first, second)] == [1, 0]


def test_no_fact_holds_anything_of_a_person() -> None:
    """They are read by people who may not see any case."""
    records = (CERTIFICATE, given("bank_deposit"), applied(9, 10), resulted(9))
    found: list[Any] = [*matter_facts(document(*records), load_policy()), *applications(*records)]
    said = " ".join(str(asdict(one)) for one in found)
    for secret in (NAME, LI_XIULAN, HEIR["name"], HEIR["id_number"]):
        assert secret not in said
