"""限时办结: by which working day a department has to decide, and what stops the count."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from pydantic import ValidationError

from avro_schemas.catalogue import Document
from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.policy import load_policy
from exchange.domain.policy_files.models import WorkingDaysFile, Year
from exchange.domain.policy_files.working_days import working_days
from exchange.domain.values import CaseState
from tests.cases import Given, applied, given, matter, next_of, resulted, state_of, take
from tests.cells import each_cell
from tests.policies import counting_from
from verification.times import instant_text

REGISTER = {"kind": 3, "original_sighted": False}
PROVED = given(
    "death_certificate", death_time="2025-01-01T08:00:00+08:00", recorded_at="2025-01-02T09:00:00+08:00"
)
NOTARISED_WILLS = 9
"""Whose limit is 5 working days, and for which the family brings the household register."""


def asked_at(moment: str, label: str = "", *, register: bool = True) -> Given:
    """An application, with the household register or without it."""
    materials = [REGISTER] if register else []
    return applied(NOTARISED_WILLS, label=label, recorded_at=moment, materials=materials)


def held(kind: str, moment: str) -> Given:
    """A handler's word on the matter."""
    return given("decision", kind, kind=f"MATTER_{kind}", matter=NOTARISED_WILLS, recorded_at=moment)


def standing(*records: Given) -> dict[str, Any]:
    """The matter as readers get it."""
    return matter(recorded(PROVED, *records), NOTARISED_WILLS)


def recorded(*records: Given) -> Document:
    """The case by a policy that counts from when a source recorded: the days are those of the records."""
    return case_document(case_of(state_of(records), counting_from("recorded")))


def limit_of(*records: Given) -> tuple[str, date | None, int | None]:
    """Whether it runs, until when, and what is left of it while it does not."""
    found = standing(*records)
    return found["limit"]["state"], found["due"], found["limit"]["days_left"]


@each_cell(
    ("applied_at", "due"),
    [
        # 2025: 1 to 8 October are free; Sunday 28 September and Saturday 11 October are worked.
        ("2025-09-26T10:00:00+08:00", date(2025, 10, 10)),
        ("2025-09-29T10:00:00+08:00", date(2025, 10, 13)),
        # 2026: 1 to 7 October and 25 September are free; 20 September and 10 October are worked.
        ("2026-09-18T10:00:00+08:00", date(2026, 9, 24)),
        ("2026-09-28T10:00:00+08:00", date(2026, 10, 10)),
        # Spring Festival 2025: 28 January to 4 February; 26 January and 8 February are worked.
        ("2025-01-24T10:00:00+08:00", date(2025, 2, 7)),
        ("2025-02-05T10:00:00+08:00", date(2025, 2, 11)),
        # Spring Festival 2026: 15 to 23 February; Saturdays 14 and 28 February are worked.
        ("2026-02-12T10:00:00+08:00", date(2026, 2, 26)),
        # On a holiday, on a Sunday, and on a make-up day, which is no day 1 for what comes on it.
        ("2026-02-18T10:00:00+08:00", date(2026, 2, 28)),
        ("2026-03-22T10:00:00+08:00", date(2026, 3, 27)),
        ("2026-02-28T10:00:00+08:00", date(2026, 3, 6)),
    ],
)
def test_five_working_days_end_where_the_real_calendar_has_them_end(applied_at: str, due: date) -> None:
    """Holidays do not count, make-up Saturdays and Sundays do; day 1 is the first after the application."""
    assert limit_of(asked_at(applied_at)) == ("RUNNING", due, None)


def test_the_day_of_an_application_is_tianshuis_not_greenwichs() -> None:
    """A family that applies at eight in the evening has applied that day; after midnight it is the next."""
    assert limit_of(asked_at("2026-03-31T15:59:59Z"))[1] == date(2026, 4, 8)
    assert limit_of(asked_at("2026-03-31T16:00:00Z"))[1] == date(2026, 4, 9)


@hypothesis_given(st.dates(date(2004, 1, 1), date(2026, 12, 31)), st.integers(1, 40))
def test_counting_by_the_table_is_counting_day_by_day(day: date, number: int) -> None:
    """Whoever counts on a wall calendar comes to the same day."""
    found = load_policy().working_days.from_on(day, number)
    walked, left = day, number
    while left and walked.year < 2027:
        left -= chinese_calendar.is_workday(walked)
        walked += timedelta(days=1)
    assert found == (None if left else walked - timedelta(days=1))


def test_no_limit_is_counted_before_the_application_nor_once_it_is_decided() -> None:
    """Nothing is due from a department that was asked for nothing, or has answered."""
    before = standing()
    assert (before["state"], before["due"], before["limit"]) == ("READY", None, None)
    for outcome in ("COMPLETED", "REJECTED"):
        after = standing(asked_at("2026-03-20T09:00:00+08:00"), resulted(9, outcome))
        assert (after["state"], after["due"], after["limit"]) == (outcome, None, None)


def test_accepting_an_application_changes_nothing_about_its_limit() -> None:
    """The family counts from its application, not from when somebody looked at it."""
    accepted = resulted(9, "ACCEPTED", recorded_at="2026-03-24T09:00:00+08:00")
    asked = asked_at("2026-03-20T09:00:00+08:00")
    assert limit_of(asked, accepted) == limit_of(asked) == ("RUNNING", date(2026, 3, 27), None)


def test_a_department_that_accepts_before_all_data_are_in_counts_from_then_on() -> None:
    """It works without the fund's record; nothing ran before, as the matter waited. 6 April is Qingming."""
    heir = [{"kind": 7, "original_sighted": False}]
    asked = applied(8, recorded_at="2026-03-20T09:00:00+08:00", materials=heir)
    assert matter(recorded(PROVED, asked), 8)["limit"] is None
    accepted = resulted(8, "ACCEPTED", recorded_at="2026-04-01T09:00:00+08:00")
    assert matter(recorded(PROVED, asked, accepted), 8)["due"] == date(2026, 4, 7)


def test_a_limit_stands_still_while_the_family_owes_a_material() -> None:
    """Whoever waits for the family is not late; the case says which material it is."""
    found = standing(asked_at("2026-03-20T09:00:00+08:00", register=False))
    assert (found["due"], found["limit"]["state"], found["limit"]["days_left"]) == (None, "PAUSED", 5)
    assert found["limit"]["owed_materials"] == [3]


def test_an_original_that_the_window_has_not_sighted_stops_the_count_too() -> None:
    """Data or no data: the paper itself has to be seen before the police must act."""
    asked = {"recorded_at": "2026-03-20T09:00:00+08:00"}
    papers = [{"kind": kind, "original_sighted": kind != 2} for kind in (1, 2, 3, 4)]
    found = matter(recorded(PROVED, applied(3, materials=papers, **asked)), 3)
    assert (found["due"], found["limit"]["state"]) == (None, "PAUSED")
    assert found["limit"]["owed_materials"] == [2]
    sighted = [{**paper, "original_sighted": True} for paper in papers]
    assert matter(recorded(PROVED, applied(3, materials=sighted, **asked)), 3)["due"] == date(2026, 3, 23)


@pytest.mark.parametrize("by_amendment", [True, False])
def test_it_runs_from_the_working_day_after_the_last_material_came(by_amendment: bool) -> None:
    """Handed in on Wednesday, Thursday is day 1, whether the application was amended or made once more."""
    asked = asked_at("2026-03-20T09:00:00+08:00", register=False)
    supplied = {"recorded_at": "2026-03-25T16:00:00+08:00", "materials": [REGISTER]}
    later = (
        next_of(asked, "AMENDED", "with", **supplied)
        if by_amendment
        else asked_at(supplied["recorded_at"], "2")
    )
    assert limit_of(asked, later) == ("RUNNING", date(2026, 4, 1), None)


def test_what_was_used_before_a_pause_is_not_given_back() -> None:
    """Friday applied, Monday is day 1; held Tuesday to Monday, day 2 is Tuesday, and 6 April is Qingming."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    hold = held("HELD", "2026-03-24T10:00:00+08:00")
    release = held("RELEASED", "2026-03-30T10:00:00+08:00")
    assert limit_of(asked, hold) == ("PAUSED", None, 4)
    assert limit_of(asked, hold, release) == ("RUNNING", date(2026, 4, 3), None)
    assert limit_of(release, hold, asked) == ("RUNNING", date(2026, 4, 3), None)


def test_a_pause_for_a_material_within_the_limit_keeps_what_was_used() -> None:
    """The register is taken back out of the application on Tuesday and handed in again on Thursday."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    without = next_of(asked, "AMENDED", "out", recorded_at="2026-03-24T09:00:00+08:00", materials=[])
    again = next_of(without, "AMENDED", "in", recorded_at="2026-03-26T09:00:00+08:00", materials=[REGISTER])
    assert limit_of(asked, without) == ("PAUSED", None, 4)
    assert limit_of(asked, without, again) == ("RUNNING", date(2026, 4, 1), None)


def test_a_proof_revoked_and_issued_anew_stops_the_count_in_between() -> None:
    """No department has to decide while nobody is known to be dead."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    gone = next_of(PROVED, "REVOKED", "gone", recorded_at="2026-03-24T09:00:00+08:00")
    anew = given("death_certificate", "anew", recorded_at="2026-03-26T09:00:00+08:00")
    assert limit_of(asked, gone) == ("PAUSED", None, 4)
    assert limit_of(asked, gone, anew) == ("RUNNING", date(2026, 4, 1), None)


def test_a_limit_that_had_run_out_before_a_pause_stays_run_out() -> None:
    """A hold does not make good what was late already."""
    hold = held("HELD", "2026-04-20T10:00:00+08:00")
    assert limit_of(asked_at("2026-03-20T09:00:00+08:00"), hold) == ("PAUSED", date(2026, 3, 27), 0)


def test_a_new_application_after_a_rejection_counts_anew() -> None:
    """What the first attempt had used up is no debt of the second."""
    first = asked_at("2026-03-20T09:00:00+08:00")
    rejected = resulted(9, "REJECTED", recorded_at="2026-03-26T09:00:00+08:00", reason="公证书缺页")
    second = asked_at("2026-04-10T09:00:00+08:00", "again")
    assert limit_of(first, rejected, second) == ("RUNNING", date(2026, 4, 17), None)


BACK = resulted(
    9, "RETURNED", recorded_at="2026-03-24T09:00:00+08:00", to_correct=["遗嘱缺第二页", "申请表未签名"]
)
PUT_RIGHT = "2026-03-26T09:00:00+08:00"


@each_cell(
    ("since", "limit"),
    [
        pytest.param([], ("PAUSED", None, 4), id="nobody has answered"),
        pytest.param(
            [next_of(asked_at("2026-03-20T09:00:00+08:00"), "AMENDED", "b", recorded_at=PUT_RIGHT)],
            ("RUNNING", date(2026, 4, 1), None),
            id="amended",
        ),
        pytest.param([asked_at(PUT_RIGHT, "anew")], ("RUNNING", date(2026, 4, 1), None), id="applied anew"),
        pytest.param(
            [resulted(9, "ACCEPTED", recorded_at=PUT_RIGHT)],
            ("RUNNING", date(2026, 4, 1), None),
            id="accepted as it is",
        ),
        pytest.param(
            [next_of(BACK, "REVOKED", "back", recorded_at=PUT_RIGHT)],
            ("RUNNING", date(2026, 4, 1), None),
            id="taken back",
        ),
        pytest.param(
            [resulted(9, "RETURNED", "once more", recorded_at=PUT_RIGHT)],
            ("PAUSED", None, 4),
            id="returned once more",
        ),
        pytest.param(
            [
                next_of(
                    asked_at("2026-03-20T09:00:00+08:00"),
                    "AMENDED",
                    "a",
                    recorded_at="2026-03-23T09:00:00+08:00",
                )
            ],
            ("PAUSED", None, 4),
            id="amended before",
        ),
        pytest.param(
            [given("cremation", recorded_at=PUT_RIGHT)], ("PAUSED", None, 4), id="a record of another matter"
        ),
        pytest.param(
            [resulted(12, "ACCEPTED", recorded_at=PUT_RIGHT)], ("PAUSED", None, 4), id="another's result"
        ),
    ],
)
def test_what_has_to_be_put_right_stops_the_count_until_it_is(
    since: list[Given], limit: tuple[str, date | None, int | None]
) -> None:
    """Monday was day 1; the department waits for the family, or thinks better of it."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    assert limit_of(asked, BACK, *since) == limit_of(*since, BACK, asked) == limit
    found = standing(asked, BACK, *since)
    assert (found["limit"]["returned"] is None) == (limit[0] == "RUNNING")


@pytest.mark.parametrize("before", [[], [resulted(9, "ACCEPTED", recorded_at="2026-03-23T09:00:00+08:00")]])
def test_returning_an_application_changes_no_state(before: list[Given]) -> None:
    """It is the same application, and the same procedure, before and after."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    was, now = standing(asked, *before), standing(asked, *before, BACK)
    assert (now["state"], now["proofs"]) == (was["state"], was["proofs"])
    assert now["results"][-1]["to_correct"] == BACK[1]["to_correct"]


def test_what_is_returned_before_anybody_applied_is_of_no_limit() -> None:
    """A later application answers it."""
    assert standing(BACK)["limit"] is None
    assert limit_of(BACK, asked_at(PUT_RIGHT)) == ("RUNNING", date(2026, 4, 2), None)


def test_a_return_after_a_rejection_taken_back_leaves_the_first_application_under_way() -> None:
    """Rejected, accepted after all, returned: it is still that application which is to be decided."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    rejected = resulted(9, "REJECTED", recorded_at="2026-03-22T09:00:00+08:00", reason="误")
    accepted = resulted(9, "ACCEPTED", recorded_at="2026-03-23T09:00:00+08:00")
    found = standing(asked, rejected, accepted, BACK)
    assert (found["state"], found["limit"]["state"]) == ("ACCEPTED", "PAUSED")


def test_a_matter_that_a_record_ends_can_be_returned_too() -> None:
    """The police cancel licences without results, and may still ask for a better copy."""
    asked = applied(11, recorded_at="2026-03-20T09:00:00+08:00")
    back = resulted(11, "RETURNED", recorded_at="2026-03-20T10:00:00+08:00", to_correct=["复印件不清"])
    found = matter(recorded(PROVED, given("driving_licence"), asked, back), 11)
    assert (found["state"], found["limit"]["state"]) == ("APPLIED", "PAUSED")


def test_a_rejection_taken_back_stopped_the_count_while_it_stood() -> None:
    """Rejected Tuesday, accepted after all on Thursday: Monday was day 1, Friday is day 2."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    rejected = resulted(9, "REJECTED", recorded_at="2026-03-24T09:00:00+08:00", reason="误")
    back = next_of(rejected, "REVOKED", "back", recorded_at="2026-03-26T09:00:00+08:00")
    accepted = resulted(9, "ACCEPTED", recorded_at="2026-03-26T09:00:00+08:00")
    assert limit_of(asked, rejected, back) == ("RUNNING", date(2026, 4, 1), None)
    assert limit_of(asked, rejected, accepted) == ("RUNNING", date(2026, 4, 1), None)


def test_an_amendment_keeps_the_day_of_the_application() -> None:
    """A corrected telephone number does not cost the family a week."""
    asked = asked_at("2026-03-20T09:00:00+08:00")
    amended = next_of(asked, "AMENDED", "phone", recorded_at="2026-03-25T09:00:00+08:00", window="综窗05")
    assert limit_of(asked, amended) == ("RUNNING", date(2026, 3, 27), None)


def test_a_matter_that_an_amendment_adds_counts_from_the_amendment() -> None:
    """Nobody asked for it before."""
    asked = applied(12, recorded_at="2026-03-20T09:00:00+08:00", materials=[REGISTER])
    added = next_of(asked, "AMENDED", "and 9", recorded_at="2026-03-25T09:00:00+08:00", matters=[9, 12])
    assert limit_of(asked, added) == ("RUNNING", date(2026, 4, 1), None)


def test_beyond_the_years_that_are_arranged_nothing_is_guessed() -> None:
    """The State Council arranges a year in the autumn before; until then the case says that nobody knows."""
    asked = asked_at("2026-12-28T09:00:00+08:00")
    assert limit_of(asked) == ("NO_CALENDAR", None, None)
    assert limit_of(asked_at("2026-12-24T09:00:00+08:00", "in time"))[0] == "RUNNING"


def test_a_city_adds_a_year_that_the_library_does_not_know() -> None:
    """Two lines of a file, when the State Council's notice is out; no release of anything is waited for."""
    year = Year(days_off=(date(2027, 1, 1),), make_up_days=(date(2027, 1, 3),), source="made up")
    policy = replace(counting_from("recorded"), working_days=working_days({2027: year}))
    state = state_of([PROVED, asked_at("2026-12-28T09:00:00+08:00")])
    found = matter(case_document(case_of(state, policy)), NOTARISED_WILLS)
    assert (found["due"], found["limit"]["state"]) == (date(2027, 1, 4), "RUNNING")


def test_a_year_that_nobody_knows_may_not_lie_between_others() -> None:
    """A count over it would skip a year."""
    year = Year(days_off=(), make_up_days=(), source="made up")
    with pytest.raises(ValueError, match="2027 is known neither here nor to chinesecalendar"):
        working_days({2028: year})


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"days_off": [date(2027, 1, 2)], "make_up_days": []}, "days_off are weekdays"),
        ({"days_off": [], "make_up_days": [date(2027, 1, 4)]}, "make_up_days are Saturdays and Sundays"),
        ({"days_off": [date(2028, 1, 3)], "make_up_days": []}, "is no day of 2027"),
    ],
)
def test_a_slip_in_a_citys_year_is_told(days: dict[str, Any], said: str) -> None:
    """A make-up day written among the holidays would cost every family a day."""
    with pytest.raises(ValidationError, match=said):
        WorkingDaysFile(years={2027: {**days, "source": "made up"}}, source="made up")


def test_every_bank_has_a_limit_of_its_own() -> None:
    """One application asks them all; the one that has decided owes nothing more."""
    banks = [given("bank_deposit", name, bank_name=name) for name in ("甘肃银行", "兰州银行")]
    papers = [{"kind": kind, "original_sighted": False} for kind in (8, 9)]
    asked = applied(10, recorded_at="2026-03-20T09:00:00+08:00", materials=papers)
    done = resulted(10, issuer_name="甘肃银行", recorded_at="2026-03-24T09:00:00+08:00")
    found = recorded(PROVED, *banks, asked, done)
    assert matter(found, 10, "甘肃银行")["due"] is None
    assert matter(found, 10, "兰州银行")["due"] == date(2026, 3, 27)


ASKED = asked_at("2026-03-20T09:00:00+08:00")
AMENDED = next_of(ASKED, "AMENDED", "phone", recorded_at="2026-03-25T09:00:00+08:00", window="综窗05")
HELD, RELEASED = held("HELD", "2026-03-24T10:00:00+08:00"), held("RELEASED", "2026-03-30T10:00:00+08:00")
GONE = next_of(PROVED, "REVOKED", "gone", recorded_at="2026-03-24T09:00:00+08:00")
ANEW = given("death_certificate", "anew", recorded_at="2026-03-26T09:00:00+08:00")
Logged = tuple[Given, str | None]
"""A record and the day on which the log took it; None: as soon as it was recorded."""


def told(*logged: Logged) -> tuple[str, date | None, int | None]:
    """The limit by a policy that counts from when the exchange was told."""
    state = CaseState("0" * 32)
    for offset, (record, day) in enumerate([(PROVED, None), *logged]):
        at = record[1]["recorded_at"] if day is None else f"{day}T09:00:00+08:00"
        taken_at = instant_text(datetime.fromisoformat(at).astimezone(UTC))
        state = take(state, record, offset, taken_at).state
    found = matter(case_document(case_of(state, load_policy())), NOTARISED_WILLS)
    return found["limit"]["state"], found["due"], found["limit"]["days_left"]


@each_cell(
    ("logged", "limit"),
    [
        pytest.param([(ASKED, None)], ("RUNNING", date(2026, 3, 27), None), id="all in time"),
        pytest.param([(ASKED, "2026-04-08")], ("RUNNING", date(2026, 4, 15), None), id="application"),
        pytest.param(
            [(ASKED, "2026-03-10")], ("RUNNING", date(2026, 3, 27), None), id="recorded after the log"
        ),
        pytest.param(
            [(AMENDED, None), (ASKED, "2026-04-08")],
            ("RUNNING", date(2026, 4, 1), None),
            id="application after its amendment",
        ),
        pytest.param([(ASKED, None), (HELD, None)], ("PAUSED", None, 4), id="hold in time"),
        pytest.param(
            [(ASKED, None), (HELD, "2026-04-08")], ("PAUSED", date(2026, 3, 27), 0), id="hold after the end"
        ),
        pytest.param(
            [(ASKED, None), (HELD, None), (RELEASED, None)],
            ("RUNNING", date(2026, 4, 3), None),
            id="release in time",
        ),
        pytest.param(
            [(ASKED, None), (HELD, None), (RELEASED, "2026-04-08")],
            ("RUNNING", date(2026, 4, 14), None),
            id="release",
        ),
        pytest.param(
            [(ASKED, None), (GONE, None), (ANEW, None)],
            ("RUNNING", date(2026, 4, 1), None),
            id="proof issued anew in time",
        ),
        pytest.param(
            [(ASKED, None), (GONE, "2026-03-26"), (ANEW, None)],
            ("RUNNING", date(2026, 3, 27), None),
            id="proof revoked and issued anew at one moment",
        ),
    ],
)
def test_each_record_counts_from_when_the_exchange_was_told(
    logged: list[Logged], limit: tuple[str, date | None, int | None]
) -> None:
    """What nobody could know had no effect on anybody's work; in any order of arrival."""
    assert told(*logged) == told(*reversed(logged)) == limit
