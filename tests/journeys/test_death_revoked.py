"""A person who was certified dead is alive: all who were told hear of it, and each has to say so."""

from datetime import UTC, datetime, timedelta

import pytest

from exchange.runtime.settings import Settings
from tests.journeys.live import Live
from tests.journeys.revoked_story import (
    ANEW,
    NUMBER,
    RECORDS,
    RECOVERED,
    REVOCATION,
    SILENT,
    STATES,
    UNTOLD,
    Seen,
    Story,
    about,
    addressed,
    signed,
    transitions,
)

pytestmark = pytest.mark.leaves("days")


@pytest.fixture(scope="module")
def story(stack: Settings) -> Story:
    """Her story, in an exchange to which days may pass."""
    return Story(Live(stack))


@pytest.fixture(scope="module")
def dead(story: Story) -> Seen:
    """Certified dead, with matters in every state."""
    return story.publish(*RECORDS)


@pytest.fixture(scope="module")
def alive(story: Story, dead: Seen) -> Seen:
    """The certificate is revoked."""
    return story.publish(REVOCATION)


@pytest.fixture(scope="module")
def acknowledged(story: Story, alive: Seen) -> Seen:
    """All but one have acknowledged."""
    return story.publish(*(signed(one) for one in alive.news if one["department"] != SILENT))


@pytest.fixture(scope="module")
def two_days_later(story: Story, acknowledged: Seen) -> Seen:
    """The clock has gone on."""
    story.live.tick(datetime.now(UTC) + timedelta(days=2))
    return story.look()


@pytest.fixture(scope="module")
def certified_anew(story: Story, two_days_later: Seen) -> Seen:
    """Within the hour by the log's own time, in which no days have passed."""
    return story.publish(ANEW)


def test_at_first_each_matter_is_where_its_records_have_brought_it(dead: Seen) -> None:
    """Whoever has something to do was told of it, and nobody else."""
    assert dead.states == STATES
    assert {about(one): one["transition"] for one in dead.news} == {
        matter: state for matter, state in STATES.items() if matter not in UNTOLD
    }


def test_every_department_that_was_told_and_no_other_hears_that_she_lives(dead: Seen, alive: Seen) -> None:
    """This holds for exactly the matters it was told of: work stops, and what was done is to be recovered."""
    assert transitions(alive.news) == {
        told: "RECOVERY" if told[1:] in RECOVERED else "SUSPENDED" for told in transitions(dead.news)
    }
    assert len(alive.news) == len(STATES) - len(UNTOLD)
    assert not any(one["correction"] for one in alive.news)


def test_who_is_told_that_she_lives_learns_name_and_number_and_no_more(alive: Seen) -> None:
    """The cause of a death that was none is nobody's business."""
    for one in alive.news:
        told = {name: field["value"] for name, field in one["draft"].items()}
        assert told == {"deceased.name": "李秀兰", "deceased.id_number": NUMBER}


def test_the_case_says_that_no_death_is_established(alive: Seen) -> None:
    """What waited waits on, what was done is marked, the rest stands still."""
    assert (alive.case["death_established"], alive.case["established_at"]) == (False, None)
    assert alive.states == {
        matter: state if matter in UNTOLD | RECOVERED else "SUSPENDED" for matter, state in STATES.items()
    }
    assert {about(one) for one in alive.case["matters"] if one["recovery"]} == RECOVERED


def test_each_withdrawal_has_to_be_acknowledged_and_what_was_paid_recovered(alive: Seen) -> None:
    """One task each, owed by who was told, within a day of the log's time."""
    told = {one["id"]: one for one in alive.news}
    owed = alive.owed("ACKNOWLEDGE")
    assert sorted(task["subject"] for task in owed) == sorted(told)
    for task in owed:
        withdrawal = told[task["subject"]]
        assert (task["owed_by"], *about(task)) == addressed(withdrawal)
        assert (task["state"], task["due"]) == ("OPEN", withdrawal["at"] + timedelta(days=1))
    assert {about(task): task["state"] for task in alive.owed("RECOVER")} == dict.fromkeys(RECOVERED, "OPEN")
    assert len(alive.tasks) == len(told) + len(RECOVERED)


def test_who_acknowledges_owes_nothing_more(acknowledged: Seen) -> None:
    """The others' tasks are done; nobody is told anything anew."""
    states = {(task["owed_by"] == SILENT, task["state"]) for task in acknowledged.owed("ACKNOWLEDGE")}
    assert states == {(True, "OPEN"), (False, "DONE")}
    assert {task["state"] for task in acknowledged.owed("RECOVER")} == {"OPEN"}
    assert acknowledged.news == []


def test_who_keeps_silent_for_a_day_is_reminded_and_the_task_is_late(
    alive: Seen, acknowledged: Seen, two_days_later: Seen
) -> None:
    """Once, and of what; nobody else is troubled, and the case is as it was."""
    (late,) = (task for task in two_days_later.tasks if task["state"] == "LATE")
    (reminder,) = two_days_later.news
    (unread,) = (one for one in alive.news if one["department"] == SILENT)
    assert (late["kind"], late["owed_by"], late["subject"]) == ("ACKNOWLEDGE", SILENT, unread["id"])
    assert (addressed(reminder), reminder["transition"]) == (addressed(unread), "OVERDUE")
    assert (reminder["reminds_of"], reminder["draft"]) == (unread["id"], unread["draft"])
    assert two_days_later.case == acknowledged.case


def test_a_certificate_within_the_hour_is_told_as_a_correction_under_new_ids(
    dead: Seen, certified_anew: Seen
) -> None:
    """The same as before, to the same departments, and none takes it for a second death."""
    assert certified_anew.case["death_established"]
    assert certified_anew.states == STATES
    assert transitions(certified_anew.news) == transitions(dead.news)
    assert len(certified_anew.news) == len(transitions(dead.news))
    assert {one["correction"] for one in certified_anew.news} == {True}
    assert {task["state"] for task in certified_anew.owed("RECOVER")} == {"DONE"}


def test_a_late_acknowledgement_is_an_acknowledgement(
    story: Story, alive: Seen, certified_anew: Seen
) -> None:
    """It stays owed though all is as before: what was told and unread is still unread."""
    assert {task["state"] for task in certified_anew.owed("ACKNOWLEDGE")} == {"DONE", "LATE"}
    after = story.publish(*(signed(one) for one in alive.news if one["department"] == SILENT))
    assert {task["state"] for task in after.tasks} == {"DONE"}
    assert after.news == []
