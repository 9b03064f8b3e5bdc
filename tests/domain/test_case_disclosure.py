"""按需共享, of a case: what a department's handler sees of it is what the department was told, and no more.

The table of who may see what is the one by which announcements are tried (`test_disclosure`).
"""

from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from avro_schemas.typed_documents import CaseDocument
from exchange.domain.case_disclosure import SeenPart
from exchange.domain.disclosure import Recipient, disclosed
from exchange.domain.policy import load_policy
from tests.cases import applied, given, next_of
from tests.cells import each_cell
from tests.domain.test_disclosure import DECIDING, everything, may_see, may_see_county, world_of
from tests.received import Marks, Reading, marks_in
from tests.world import World

POLICY = load_policy()
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
"""A history of forty records takes too long to be made smaller."""


def part(world: World, to: Recipient) -> SeenPart:
    """What somebody was told of the one person's case."""
    told = (disclosed(cast(Any, one), to, POLICY) for one in world.announcements)
    return SeenPart(tuple(one for one in told if one is not None), POLICY)


def seen(world: World, to: Recipient) -> CaseDocument | None:
    """The case as somebody sees it."""
    (document,) = world.cases.values()
    return part(world, to).of(cast(CaseDocument, document))


def beyond(world: Reading, department: str, marks: Marks) -> set[str]:
    """What is shown to a department's handler and is outside its grant."""
    allowed = may_see(department) | may_see_county(department)
    if department == "police":  # who decide matter 1 where the death was abnormal
        allowed |= {place for place in may_see("health") if place.startswith("application/")}
    # Its own results are its own words.
    own = f"result/{department} "
    allowed |= {f"application/{department}.county", *(p for p in marks.of.values() if p.startswith(own))}
    return {
        place for place in marks_in([("case", str(seen(world, Recipient(department))))], marks.of)
    } - allowed


@pytest.mark.complete
@settings(max_examples=5, phases=DRAWN, deadline=None, suppress_health_check=list(HealthCheck))
@hypothesis_given(data=st.data())
def test_no_handler_is_shown_anything_outside_the_departments_grant(data: st.DataObject) -> None:
    """In any order, and with some of it revoked: no field that disclosure denies."""
    marks = Marks()
    records = data.draw(st.permutations(everything(marks)))
    revoked = data.draw(
        st.lists(st.sampled_from(records), max_size=6, unique_by=lambda one: one[1]["record_id"])
    )
    again = [next_of(one, "REVOKED", f"back {one[1]['record_id']}") for one in revoked]
    world = world_of([*records, *again])
    for department in DECIDING:
        assert beyond(world, department, marks) == set(), department


def test_a_handler_sees_what_the_department_may() -> None:
    """So that the test above does not pass because nothing is shown."""
    marks = Marks()
    world = world_of(everything(marks))
    for department in DECIDING:
        shown = seen(world, Recipient(department))
        assert shown is not None
        assert {one["department"] for one in shown["matters"]} == {department}
        assert shown["form"]["deceased"]["id_number"]["value"]
        found = marks_in([("case", str(shown))], marks.of)
        assert f"application/{department}.applicant.phone" in found, department


@each_cell("department", [name for name in DECIDING if name != "health"])
def test_of_somebody_who_lives_a_department_sees_nothing(department: str) -> None:
    """Records of living people build the case; not even that it is there is told."""
    world = World()
    for name in ("social_insurance", "medical_insurance", "provident_fund", "driving_licence", "notary"):
        world.publish(given(name))
    assert seen(world, Recipient(department)) is None


def test_a_will_is_hidden_from_those_who_may_not_know_of_it() -> None:
    """Neither that the record is there, nor what it proves."""
    world = World()
    for name in ("death_certificate", "medical_insurance", "provident_fund", "notary"):
        world.publish(given(name))
    knows = {name for name in DECIDING if "notary" in str(seen(world, Recipient(name)))}
    assert knows == {"provident_fund"}


def test_what_was_taken_back_says_who_it_was_about_and_no_more() -> None:
    """Whoever was told has to find the case again, to acknowledge."""
    world = World()
    certificate = given("death_certificate")
    world.publish(certificate)
    world.publish(applied(3))
    world.publish(next_of(certificate, "REVOKED", "back"))
    shown = seen(world, Recipient("police"))
    assert shown is not None
    assert set(shown["form"]["deceased"]) == {"name", "id_number"}
    assert (shown["form"]["applicant"], shown["applications"], shown["requests"]) == ({}, [], [])
