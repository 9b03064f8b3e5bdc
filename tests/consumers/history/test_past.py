"""What was known on day D, by what the log had taken by then."""

from datetime import UTC, datetime, timedelta

from consumers.history.past import AsOf
from tests.cases import given, matter, next_of, record_id
from tests.consumers.history.past_world import PastWorld
from tests.people import LI_XIULAN, id_number
from tests.world import partition_of_key

DEATH = given("death_certificate")
RIGHT = id_number(sequence=33)


def as_of(world: PastWorld, moment: datetime, asked: str = LI_XIULAN) -> AsOf:
    """The person as known then."""
    return world.past.as_of(asked, world.case_id(asked), moment)


def neighbour(of: str) -> str:
    """Another person whose records meet on the same partition."""
    others = (id_number(sequence=n) for n in range(100, 900))
    return next(other for other in others if partition_of_key(other) == partition_of_key(of))


def test_what_came_later_was_not_known_whenever_it_was_recorded() -> None:
    """An office that reports late does not change what the others could know."""
    world = PastWorld()
    world.publish(DEATH)
    then, former = world.now, world.case(LI_XIULAN)
    world.publish(given("social_insurance", recorded_at="2020-01-01T09:00:00+08:00"))
    world.publish(next_of(DEATH, "REVOKED", "revoked"))
    found = as_of(world, then)
    assert found.case == former
    assert found.now == world.case(LI_XIULAN)
    assert {"what": "death", "field": "death_established", "before": True, "after": False} in (
        found.changed_since
    )


def test_what_was_taken_at_that_very_moment_was_known() -> None:
    """Known by then includes known then."""
    world = PastWorld()
    world.publish(DEATH)
    assert as_of(world, world.now).case == world.case(LI_XIULAN)
    assert as_of(world, world.now - timedelta(milliseconds=1)).case is None


def test_before_the_first_record_nothing_was_known_and_it_is_said_since_when() -> None:
    """Nobody is told that there is no such case when there is one now."""
    world = PastWorld()
    before = world.now
    world.publish(DEATH)
    found = as_of(world, before)
    assert (found.case, found.known_since) == (None, world.now)
    nobody = as_of(world, world.now, RIGHT)
    assert (nobody.case, nobody.now, nobody.known_since) == (None, None, None)


def test_a_refused_record_makes_nobody_known() -> None:
    """It is in the log and in no case."""
    world = PastWorld()
    message = world.log.message(DEATH, payload=b"rubbish")
    world.messages.append(message)
    assert as_of(world, datetime(2027, 1, 1, tzinfo=UTC)).known_since is None


def test_other_people_on_the_same_partition_make_no_difference() -> None:
    """A partition holds a twelfth of the city."""
    alone, together = PastWorld(), PastWorld()
    other = neighbour(LI_XIULAN)
    for record in (DEATH, next_of(DEATH, "AMENDED", "later", death_time="2026-02-28")):
        alone.publish(record)
        together.publish(given("death_certificate", "other", id_number=other))
        together.now = alone.now - timedelta(seconds=1)
        together.publish(record)
    assert as_of(together, together.now).case == as_of(alone, alone.now).case is not None


def test_the_clocks_ticks_change_no_case() -> None:
    """So a case's past is read without them."""
    world = PastWorld()
    world.publish(DEATH)
    world.publish(next_of(DEATH, "REVOKED", "revoked"))
    world.tick(world.now + timedelta(days=3))
    assert "LATE" in {task["state"] for task in world.tasks.values()}
    assert as_of(world, world.now).case == world.case(LI_XIULAN)


def moved() -> tuple[PastWorld, datetime]:
    """A person who died under a wrong number, and the moment before that was corrected."""
    world = PastWorld()
    world.publish(DEATH)
    before = world.now
    world.publish(next_of(DEATH, "AMENDED", "right", id_number=RIGHT))
    return world, before


def test_a_corrected_number_is_followed_to_where_the_case_had_moved_by_then() -> None:
    """Before the correction the old number had a case of its own."""
    world, before = moved()
    assert as_of(world, before).case["case_id"] == world.case_id(LI_XIULAN)
    assert as_of(world, world.now).case == world.case(RIGHT)
    assert as_of(world, before, RIGHT).case is None


def test_every_case_folded_again_is_the_one_that_was_published() -> None:
    """Moves between cases included: the past ends in the present."""
    world, _ = moved()
    unknown = given("cremation", id_number=None, id_type="NONE", name="无名氏")
    world.publish(unknown)
    world.publish(
        given("decision", kind="PERSON_LINKED", in_favour_of=record_id("cremation"), id_number=RIGHT)
    )
    for key in (LI_XIULAN, RIGHT, f"provisional:{record_id('cremation')}"):
        case_id = world.case_id(key)
        assert world.past.as_of(key, case_id, world.now).case == world.case(RIGHT)
    assert matter(world.case(RIGHT), 2)["state"] == "COMPLETED"


def test_a_case_is_found_on_any_partition_by_its_id_alone() -> None:
    """Where the read model is away, the whole log is read: the log is the truth."""
    world, _ = moved()
    case_id = world.case_id(RIGHT)
    assert world.past.as_of(case_id, case_id, world.now).case == world.case(RIGHT)


def test_a_case_that_has_nothing_but_what_was_linked_to_it_is_found() -> None:
    """No record was ever filed under its number."""
    world = PastWorld()
    world.publish(DEATH)
    linked = {"in_favour_of": record_id("death_certificate"), "linked_id_number": RIGHT}
    world.publish(given("decision", kind="PERSON_LINKED", **linked))
    case_id = world.case_id(RIGHT)
    for asked in (RIGHT, case_id):
        assert world.past.as_of(asked, case_id, world.now).case == world.case(RIGHT) is not None


def test_what_was_owed_then_is_told_as_it_stood_then() -> None:
    """Signed for since, but not on that day."""
    world = PastWorld()
    world.publish(DEATH)
    world.publish(next_of(DEATH, "REVOKED", "revoked"))
    then = world.now
    (withdrawn,) = (one for one in world.told("justice") if one["transition"] == "SUSPENDED")
    world.publish(given("acknowledgement", announcement_id=withdrawn["id"]))
    states = {
        moment: {task["state"] for task in as_of(world, moment).tasks if task["owed_by"] == "justice"}
        for moment in (then, world.now)
    }
    assert states == {then: {"OPEN"}, world.now: {"DONE"}}
