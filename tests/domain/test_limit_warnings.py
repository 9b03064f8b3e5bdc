"""A limit that is nearly over, and one that is over, reach the department that decides; the log says when."""

from datetime import date, datetime
from typing import Any

import pytest

from exchange.domain.policy import Policy
from exchange.folding.states import records_of
from tests.cases import Given, applied, given, next_of, resulted
from tests.people import LI_XIULAN, id_number
from tests.policies import counting_from
from tests.world import World

REGISTER = {"kind": 3, "original_sighted": False}
CERTIFICATE = given("death_certificate")
# Five working days over the National Day holiday of 2026: 29 and 30 September, 8, 9 and 10 October.
ASKED = applied(9, recorded_at="2026-09-28T10:00:00+08:00", materials=[REGISTER])
DUE = date(2026, 10, 10)


def at(local: str) -> datetime:
    """A moment in Tianshui."""
    return datetime.fromisoformat(f"{local}+08:00")


def world(*records: Given, opened: str = "2026-09-28T11:00", policy: Policy | None = None) -> World:
    """The exchange on the morning of the application, or when it is opened, after these records."""
    made = World(policy)
    made.tick(at(opened))
    for record in records:
        made.publish(record)
    return made


def heard(made: World) -> list[str]:
    """What justice heard of the matter, in order."""
    return [one["transition"] for one in made.told("justice") if one["matter"] == 9]


def tasks(made: World) -> list[tuple[str, str, date]]:
    """Who owes a decision, how it stands, and by when it is due."""
    return [
        (task["owed_by"], task["state"], date.fromisoformat(task["subject"]))
        for task in made.tasks.values()
        if task["kind"] == "DECIDE"
    ]


def test_a_department_hears_of_its_last_working_day_but_one_and_of_the_end() -> None:
    """They are told from midnight in Tianshui on, once each, though the clock goes on telling the time."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-10-08T23:59"))
    assert (heard(made), tasks(made)) == (["READY", "APPLIED"], [])
    for moment in ("2026-10-09T00:00", "2026-10-09T00:01", "2026-10-10T23:59"):
        made.tick(at(moment))
        assert heard(made) == ["READY", "APPLIED", "DUE_SOON"]
        assert tasks(made) == [("justice", "OPEN", DUE)]
    for moment in ("2026-10-11T00:00", "2026-10-12T09:00"):
        made.tick(at(moment))
        assert heard(made) == ["READY", "APPLIED", "DUE_SOON", "OVERDUE"]
        assert tasks(made) == [("justice", "LATE", DUE)]


def test_the_announcement_says_which_day_and_of_whom_and_reminds_of_no_other() -> None:
    """So a matter that is overdue is told from a withdrawal that nobody has acknowledged."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-10-09T00:00"))
    made.tick(at("2026-10-11T00:00"))
    for one in made.told("justice")[-2:]:
        assert (one["due"], one["reminds_of"]) == (DUE, None)
        assert {name: field["value"] for name, field in one["draft"].items()} == {
            "deceased.name": "李秀兰",
            "deceased.id_number": LI_XIULAN,
        }


def test_an_overdue_acknowledgement_bears_no_day_of_a_limit() -> None:
    """It reminds of an announcement, whatever the matter's limit."""
    made = world(CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "r", recorded_at="2026-09-01T09:00:00+08:00"))
    made.tick(at("2026-10-20T00:00"))
    (late,) = (one for one in made.told("justice") if one["transition"] == "OVERDUE")
    assert late["reminds_of"] is not None
    assert late["due"] is None


def test_after_a_downtime_the_end_alone_is_told() -> None:
    """A reminder that it will soon be due is of no use when it is over."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-10-20T09:00"))
    assert heard(made) == ["READY", "APPLIED", "OVERDUE"]
    assert tasks(made) == [("justice", "LATE", DUE)]


def test_nobody_is_late_with_what_came_to_the_log_late() -> None:
    """A window's system was down: the department counts from when it was told, and then as always."""
    made = world(CERTIFICATE, ASKED, opened="2026-10-20T09:00")
    assert heard(made) == ["READY", "APPLIED"]
    made.tick(at("2026-10-28T00:00"))
    assert heard(made) == ["READY", "APPLIED", "OVERDUE"]
    assert tasks(made) == [("justice", "LATE", date(2026, 10, 27))]


def test_a_city_may_count_from_when_the_family_applied_all_the_same() -> None:
    """Then what comes after its limit is overdue at once."""
    made = world(CERTIFICATE, ASKED, opened="2026-10-20T09:00", policy=counting_from("recorded"))
    assert heard(made) == ["READY", "APPLIED", "OVERDUE"]


def test_what_is_recorded_after_the_end_tells_it_before_the_clock_does() -> None:
    """Every message of the log has its time, not only the clock's."""
    made = world(CERTIFICATE, ASKED)
    made.now = at("2026-10-12T09:00")
    made.publish(given("cremation"))
    assert heard(made) == ["READY", "APPLIED", "OVERDUE"]


def test_nothing_is_told_twice_whatever_comes_in_between() -> None:
    """Neither a record of another matter nor a message whose time is a moment behind the clock's."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-10-09T00:00"))
    made.publish(given("cremation"))
    made.now = at("2026-10-08T23:59")
    made.publish(given("equity"))
    assert heard(made) == ["READY", "APPLIED", "DUE_SOON"]
    assert tasks(made) == [("justice", "OPEN", DUE)]


@pytest.mark.parametrize("outcome", ["COMPLETED", "REJECTED"])
def test_who_decides_owes_no_decision_any_more(outcome: str) -> None:
    """Late or not: the task is done, and time tells nothing more."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-10-11T00:00"))
    made.publish(resulted(9, outcome, recorded_at="2026-10-11T00:00:00+08:00", reason="缺页"))
    made.tick(at("2026-12-01T09:00"))
    assert heard(made) == ["READY", "APPLIED", "OVERDUE", outcome]
    assert tasks(made) == [("justice", "DONE", DUE)]


def test_a_limit_that_is_paused_and_resumed_is_due_on_another_day_and_is_told_again() -> None:
    """Held on its last day but one, two of five days are left; also overdue is the acknowledgement."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-10-09T00:00"))
    about = {"matter": 9, "recorded_at": "2026-10-09T09:00:00+08:00"}
    made.now = at("2026-10-09T10:00")
    made.publish(given("decision", "hold", kind="MATTER_HELD", **about))
    assert tasks(made) == [("justice", "DONE", DUE)]
    made.tick(at("2026-10-19T09:00"))
    assert heard(made)[-2:] == ["SUSPENDED", "OVERDUE"]
    assert made.told("justice")[-1]["reminds_of"] == made.told("justice")[-2]["id"]
    about["recorded_at"] = "2026-10-19T09:00:00+08:00"
    made.publish(given("decision", "release", kind="MATTER_RELEASED", **about))
    made.tick(at("2026-10-20T00:00"))
    assert heard(made)[-2:] == ["APPLIED", "DUE_SOON"]
    assert made.told("justice")[-1]["due"] == date(2026, 10, 21)
    assert len({one["id"] for one in made.announcements}) == len(made.announcements)
    assert tasks(made) == [("justice", "DONE", DUE), ("justice", "OPEN", date(2026, 10, 21))]


def test_what_has_to_be_put_right_is_a_task_of_the_window_until_it_is() -> None:
    """The family hears of it from who took the application; no department is told, and none is overdue."""
    made = world(CERTIFICATE, ASKED)
    made.now = at("2026-09-29T10:00")
    made.publish(resulted(9, "RETURNED", recorded_at="2026-09-29T10:00:00+08:00", to_correct=["缺第二页"]))
    made.tick(at("2026-10-20T00:00"))
    assert heard(made) == ["READY", "APPLIED"]
    assert [
        (task["kind"], task["owed_by"], task["state"], task["matter"]) for task in made.tasks.values()
    ] == [("CORRECT", "service_centre", "OPEN", 9)]
    made.publish(next_of(ASKED, "AMENDED", "whole", recorded_at="2026-10-19T10:00:00+08:00"))
    made.tick(at("2026-10-25T00:00"))
    assert [task["state"] for task in made.tasks.values()] == ["DONE"]
    made.tick(at("2026-10-28T00:00"))
    assert heard(made)[-1] == "OVERDUE"


def test_a_limit_of_one_day_is_due_soon_on_its_day_and_not_before_it_begins() -> None:
    """With the application itself nothing is pressing yet."""
    originals = [{"kind": kind, "original_sighted": True} for kind in (1, 2, 3, 4)]
    asked = applied(3, recorded_at="2026-09-28T10:00:00+08:00", materials=originals)
    made = world(CERTIFICATE, asked)
    told = [one["transition"] for one in made.told("police") if one["matter"] == 3]
    assert told == ["READY", "APPLIED"]
    made.tick(at("2026-09-29T00:00"))
    assert made.told("police")[-1]["transition"] == "DUE_SOON"


def test_history_that_is_loaded_is_never_overdue() -> None:
    """It builds the case and triggers nothing; the case has the day all the same."""
    made = world(*((kind, {**record, "backfill": True}) for kind, record in (CERTIFICATE, ASKED)))
    made.tick(at("2026-12-01T09:00"))
    assert (made.announcements, tasks(made)) == ([], [])
    found = made.case(LI_XIULAN)
    assert found is not None
    assert [one["due"] for one in found["matters"] if one["matter"] == 9] == [DUE]


def test_time_changes_no_case_and_a_replay_tells_the_same_at_the_same_times() -> None:
    """The clock is in the log: whoever reads it again comes to the same day and the same words."""
    made = world(CERTIFICATE, ASKED)
    before = dict(made.encoded)
    for moment in ("2026-10-09T00:00", "2026-10-11T00:00"):
        made.tick(at(moment))
    assert made.encoded == before
    again = made.replayed()
    assert (again.announcements, again.tasks) == (made.announcements, made.tasks)


def test_a_worker_that_was_given_the_case_anew_knows_when_to_look_at_it() -> None:
    """What is restored from the changelog is woken like the rest."""
    made = world(CERTIFICATE, ASKED)
    assert wake_of(made) == "2026-10-08T15:59:59.999999Z"
    made.tick(at("2026-10-09T00:00"))
    assert wake_of(made) == "2026-10-10T15:59:59.999999Z"
    made.tick(at("2026-10-11T00:00"))
    assert wake_of(made) is None


def wake_of(made: World) -> Any:
    """When the case has to be looked at again, as its state in the changelog has it."""
    partitions = made.states.kept.values()
    (state,) = (kept[made.case_id(LI_XIULAN)] for kept in partitions if made.case_id(LI_XIULAN) in kept)
    return records_of(state)[1]


SISTER = {"name": "王小红", "id_number": id_number(sequence=72)}
HERS_LATE = applied(
    9, label="late", applicant=SISTER, recorded_at="2026-10-12T10:00:00+08:00", materials=[REGISTER]
)
ANSWERED = resulted(9, recorded_at="2026-09-29T10:00:00+08:00")


def test_who_applies_after_the_matter_was_completed_has_a_limit_that_is_told() -> None:
    """Five working days from the twelfth of October: the department is reminded, and owes a decision."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-09-29T11:00"))
    made.publish(ANSWERED)
    made.tick(at("2026-10-12T11:00"))
    made.publish(HERS_LATE)
    assert heard(made) == ["READY", "APPLIED", "COMPLETED", "COMPLETED"]
    made.tick(at("2026-10-16T00:00"))
    assert heard(made)[4:] == ["DUE_SOON"]
    assert tasks(made) == [("justice", "OPEN", date(2026, 10, 19))]
    made.tick(at("2026-10-20T00:00"))
    assert heard(made)[4:] == ["DUE_SOON", "OVERDUE"]
    assert tasks(made) == [("justice", "LATE", date(2026, 10, 19))]
    answer = resulted(
        9, label="hers", application=HERS_LATE[1]["record_id"], recorded_at="2026-10-20T09:00:00+08:00"
    )
    made.tick(at("2026-10-20T10:00"))
    made.publish(answer)
    assert [state for _, state, _ in tasks(made)] == ["DONE"]


def test_each_of_two_open_applications_has_its_own_day() -> None:
    """Where two may ask, the second is not forgotten because the first was to be answered sooner."""
    made = world(CERTIFICATE, ASKED)
    made.tick(at("2026-10-08T11:00"))
    late = {**HERS_LATE[1], "recorded_at": "2026-10-08T10:00:00+08:00"}
    made.publish(("application", late))
    made.tick(at("2026-10-20T00:00"))
    assert sorted(tasks(made)) == [("justice", "LATE", DUE), ("justice", "LATE", date(2026, 10, 14))]
