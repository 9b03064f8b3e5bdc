"""How a case came about: what the log took, what that changed, whom it was told to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consumers.history.events import CaseEvent
from exchange.desk.past_rows import event_row
from exchange.domain.policy import load_policy
from tests.cases import given, next_of, record_id
from tests.consumers.history.past_world import WINDOW, PastWorld
from tests.people import LI_XIULAN, id_number

DEATH = given("death_certificate")
REVOKED = next_of(DEATH, "REVOKED", "revoked")
ANEW = given("death_certificate", "anew", death_time="2026-02-28T22:00:00+08:00")


def told(event: CaseEvent) -> set[tuple[str, int, str]]:
    """Who was told of an event, about which matter, and what."""
    return {(one["department"], one["matter"], one["transition"]) for one in event.told}


def changed(event: CaseEvent, what: str) -> list[tuple[object, object]]:
    """What an event changed."""
    return [(one["before"], one["after"]) for one in event.changes if one["what"] == what]


def test_a_late_original_is_no_correction_of_its_own_revocation() -> None:
    """Revised, revoked, and the first of it came last: that changes nothing, and replaces nothing."""
    revised = next_of(DEATH, "AMENDED", "revised")
    for sent in ((REVOKED, DEATH), (revised, next_of(revised, "REVOKED", "end"), DEATH)):
        world = PastWorld()
        for record in sent:
            world.publish(record)
        assert not any(event.corrects or event.corrected_by for event in world.history())


def test_every_record_is_one_event_with_the_answer_it_got() -> None:
    """Accepted, repeated, refused, held: nothing that the log took is left out."""
    world = PastWorld()
    world.publish(DEATH)
    world.publish(DEATH)
    world.publish(given("death_certificate", death_cause="肺炎"))
    world.publish(given("cremation", name="别人"))
    events = world.history()
    assert [event.receipt["status"] for event in events if event.receipt] == [
        "ACCEPTED",
        "DUPLICATE",
        "REJECTED",
        "HELD",
    ]
    assert [[reason["code"] for reason in event.receipt["reasons"]] for event in events if event.receipt] == [
        [],
        [],
        ["record_id_reused"],
        ["name_differs"],
    ]
    assert [event.about["type"] for event in events] == [*["death_certificate"] * 3, "cremation"]


def test_an_event_says_what_it_changed_and_whom_it_was_told_to() -> None:
    """The certificate establishes the death, and four departments hear of it."""
    world = PastWorld()
    world.publish(given("social_insurance"))
    world.publish(DEATH)
    first, second = world.history()
    assert not first.told
    assert changed(second, "death")[0] == (False, True)
    assert {("police", 3, "READY"), ("human_resources", 4, "READY")} <= told(second)
    assert len(second.told) == len(world.announcements)


def test_departments_were_told_what_was_published_in_whatever_order_the_join_read() -> None:
    """The log holds the insurance before the certificate; the join took it after: told is told."""
    world = PastWorld()
    world.publish(DEATH)
    world.now -= timedelta(seconds=10)
    world.publish(given("social_insurance"))
    first, second = world.history()
    assert [event.about["type"] for event in (first, second)] == ["social_insurance", "death_certificate"]
    assert len(first.told) + len(second.told) == len(world.announcements)
    assert ("human_resources", 4, "READY") in told(second)


def test_what_is_delivered_twice_was_told_once() -> None:
    """After a crash messages are written again, with the same ids and times."""
    world = PastWorld()
    for record in (DEATH, REVOKED):
        world.publish(record)
    before = world.history()
    world.written += [replace(message, at=message.at + 100) for message in world.written]
    assert world.history() == before


def test_a_record_that_was_put_on_the_wrong_partition_is_in_nobodys_history() -> None:
    """Asked for by number or by case id, it is the same story."""
    world = PastWorld()
    world.publish(DEATH)
    stray = replace(world.messages[0], place=(world.messages[0].place + 1) % 12)
    world.messages.insert(0, stray)
    case_id = world.case_id(LI_XIULAN)
    by_id = world.past.history(case_id, case_id, WINDOW)
    assert [event.receipt and event.receipt["status"] for event in by_id] == ["ACCEPTED"]
    assert by_id == world.history()


def test_a_revocation_and_a_new_issue_within_the_hour_are_a_correction() -> None:
    """Old systems correct so: neither a resurrection nor a second death."""
    world = PastWorld()
    for record in (DEATH, REVOKED, ANEW):
        world.publish(record)
    _, revoked, anew = world.history()
    assert (revoked.corrected_by, anew.corrects) == (
        record_id("death_certificate", "anew"),
        record_id("death_certificate", "revoked"),
    )
    assert all(one["correction"] for one in anew.told)
    assert ("police", 3, "SUSPENDED") in told(revoked)


@pytest.mark.parametrize(
    ("later", "record"),
    [
        (WINDOW + timedelta(seconds=1), ANEW),
        (timedelta(0), given("abnormal_death")),
        (timedelta(0), DEATH),
    ],
    ids=["after the hour", "another document", "the same record again"],
)
def test_what_does_not_replace_it_in_time_is_no_correction(
    later: timedelta, record: tuple[str, dict[str, object]]
) -> None:
    """Then the revocation meant what it said."""
    world = PastWorld()
    for one in (DEATH, REVOKED):
        world.publish(one)
    world.now += later
    world.publish(record)
    assert not any(event.corrects or event.corrected_by for event in world.history())


def test_what_is_owed_is_told_with_what_brought_it_about_and_with_its_end() -> None:
    """The withdrawal asks for a signature; the signature ends it; who has not signed is reminded."""
    world = PastWorld()
    for record in (DEATH, REVOKED):
        world.publish(record)
    withdrawn = next(one for one in world.told("justice") if one["transition"] == "SUSPENDED")
    world.publish(given("acknowledgement", announcement_id=withdrawn["id"]))
    world.tick(world.now + timedelta(hours=25))
    _, revoked, signed, late = world.history()
    assert {("justice", "OPEN"), ("police", "OPEN")} <= {(t["owed_by"], t["state"]) for t in revoked.tasks}
    assert [(task["owed_by"], task["state"]) for task in signed.tasks] == [("justice", "DONE")]
    assert late.kind == "time"
    assert ("police", "LATE") in {(task["owed_by"], task["state"]) for task in late.tasks}
    assert ("police", 3, "OVERDUE") in told(late)
    assert "justice" not in {department for department, *_ in told(late)}


def test_a_case_that_moved_is_told_through_both_numbers() -> None:
    """The family has the paper with the wrong number; the story goes on under the right one."""
    world, right = PastWorld(), id_number(sequence=33)
    world.publish(DEATH)
    world.publish(next_of(DEATH, "AMENDED", "right", id_number=right))
    events = world.history()
    assert {event.case_id for event in events} == {world.case_id(LI_XIULAN), world.case_id(right)}
    (left,) = (event for event in events if ("in_force", "moved") in changed(event, "record"))
    assert left.about == {"kind": "CLAIM", "from_case_id": world.case_id(right)}
    assert ("police", 3, "SUSPENDED") in told(left)


def test_an_event_as_json_names_no_person() -> None:
    """It says what a record is and does; what the record says of the person is in the changes, masked."""
    world = PastWorld()
    world.publish(DEATH)
    row = event_row(world.history()[0])
    assert row["about"]["record_id"] == record_id("death_certificate")
    assert row["receipt"] == {"status": "ACCEPTED", "reasons": [], "warnings": []}
    assert row["place"].startswith("records.death_certificate/")
    assert LI_XIULAN not in str(row["about"]) + str(row["told"])
    assert load_policy().periods.correction_minutes * 60 == WINDOW.total_seconds()
