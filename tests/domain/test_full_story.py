"""A family's way through all matters, day by day over the National Day holiday: who hears what, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from avro_schemas.catalogue import Document
from tests.full_story import DUE, EVENTS, IN_THE_END, MISSING_PAGE, NUMBER, SLOW
from tests.world import World
from verification.times import SHANGHAI, calendar_date

END = date(2026, 10, 30)


@pytest.fixture(scope="module")
def world() -> World:
    """The story told in its own time, with a tick at the beginning of each day."""
    world = World()
    day = date(2026, 9, 27)
    waiting = list(EVENTS)
    while day <= END:
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
        world.tick(midnight)
        while waiting and calendar_date(waiting[0].moment) <= day:
            event = waiting.pop(0)
            world.now = max(world.now, event.moment.astimezone(UTC))
            assert world.publish(event.record) == "ACCEPTED", event
        day += timedelta(days=1)
    return world


def told(world: World, matter: int) -> list[tuple[str, date]]:
    """What departments heard of a matter, and on which day in Tianshui."""
    return [
        (one["transition"], calendar_date(one["at"]))
        for one in world.announcements
        if one["matter"] == matter
    ]


def test_in_the_holiday_every_matter_under_way_has_its_last_day(world: World) -> None:
    """Counted over the seven free days, and with the Saturday that is worked."""
    then = world.replayed(datetime(2026, 10, 3, tzinfo=UTC))
    assert {one["matter"]: one["due"] for one in matters(then) if one["due"]} == dict(DUE)


def matters(world: World) -> list[Document]:
    """The matters in the end."""
    case = world.case(NUMBER)
    assert case is not None
    return list(case["matters"])


def test_in_the_end_all_twelve_matters_are_done(world: World) -> None:
    """Or do not apply: who drew an employee's pension drew no resident's."""
    assert {(one["matter"], one["instance"]): one["state"] for one in matters(world)} == dict(IN_THE_END)


@pytest.mark.parametrize("matter", SLOW)
def test_a_slow_department_is_reminded_before_its_last_day_ends_and_after(world: World, matter: int) -> None:
    """The week of the holiday does not count, the Saturday after it does."""
    heard = told(world, matter)
    late = [day for transition, day in heard if transition == "OVERDUE"]
    assert late == [SLOW[matter] + timedelta(days=1)]
    soon = [day for transition, day in heard if transition == "DUE_SOON"]
    assert len(soon) == 1
    assert soon[0] < SLOW[matter]
    assert [transition for transition, _ in heard][-1] == "COMPLETED"


@pytest.mark.parametrize("matter", sorted(DUE.keys() - SLOW.keys()))
def test_who_keeps_the_limit_hears_of_no_delay(world: World, matter: int) -> None:
    """A rejection within the limit keeps it, and the new application begins a new one."""
    assert "OVERDUE" not in [transition for transition, _ in told(world, matter)]


def test_what_was_rejected_says_why_and_goes_on_with_the_new_application(world: World) -> None:
    """The family brings the missing page, and does not begin again from nothing."""
    transitions = [transition for transition, _ in told(world, 12)]
    assert [t for t in transitions if t not in {"DUE_SOON", "READY"}] == [
        "APPLIED",
        "REJECTED",
        "APPLIED",
        "COMPLETED",
    ]
    (query,) = (one for one in matters(world) if one["matter"] == 12)
    assert [one["reason"] for one in query["results"]] == [MISSING_PAGE, None]


def test_nobody_owes_anything_in_the_end(world: World) -> None:
    """No task is left open, with the family, a department or the window."""
    assert [task for task in world.tasks.values() if task["state"] != "DONE"] == []
