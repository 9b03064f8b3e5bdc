"""按需共享, of a case: what a department's handler sees of it is what the department was told, and no more.

The table of who may see what is the one by which announcements are tried (`test_disclosure`).
"""

from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from avro_schemas.typed_documents import AnnouncementDocument, CaseDocument
from exchange.domain.access.may import WorkPlace
from exchange.domain.case_disclosure import shown_case
from exchange.domain.policy import load_policy
from tests.cases import applied, examined, given, handed_over, next_of, resulted
from tests.cells import each_cell
from tests.domain.test_disclosure import DECIDING, everything, may_see, may_see_county, world_of
from tests.received import Marks, Reading, marks_in
from tests.world import World

POLICY = load_policy()
BANK, OTHER_BANK = (bank.instance for bank in POLICY.banks.known[:2])
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
"""A history of forty records takes too long to be made smaller."""


def seen(world: World, **kept_within: str) -> CaseDocument | None:
    """The one person's case as somebody sees it who is kept within that."""
    (document,) = world.cases.values()
    kept, told = cast(WorkPlace, kept_within), cast(list[AnnouncementDocument], world.announcements)
    shown = shown_case(cast(CaseDocument, document), told, kept, POLICY)
    return shown and shown.case


def may_see_handed_out(department: str) -> set[str]:
    """What is said of how the department's own result went out."""
    return {f"handover/{department}.{name}" for name in ("postal_no", "recipient_name")}


def beyond(world: Reading, department: str, marks: Marks) -> set[str]:
    """What is shown to a department's handler and is outside its grant."""
    allowed = may_see(department) | may_see_county(department)
    if department == "police":  # who decide matter 1 where the death was abnormal
        allowed |= {place for place in may_see("health") if place.startswith("application/")}
    # Its own results are its own words.
    own = f"result/{department} "
    allowed |= {f"application/{department}.county", *(p for p in marks.of.values() if p.startswith(own))}
    allowed |= {f"examination/{department}.to_correct", *may_see_handed_out(department)}
    if department == "police":
        allowed |= {"examination/health.to_correct"}
    return {
        place for place in marks_in([("case", str(seen(world, department=department)))], marks.of)
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
        shown = seen(world, department=department)
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
    assert seen(world, department=department) is None


def test_a_will_is_hidden_from_those_who_may_not_know_of_it() -> None:
    """Neither that the record is there, nor what it proves."""
    world = World()
    for name in ("death_certificate", "medical_insurance", "provident_fund", "notary"):
        world.publish(given(name))
    knows = {name for name in DECIDING if "notary" in str(seen(world, department=name))}
    assert knows == {"provident_fund"}


def test_what_was_taken_back_says_who_it_was_about_and_no_more() -> None:
    """Whoever was told has to find the case again, to acknowledge."""
    world = World()
    certificate = given("death_certificate")
    world.publish(certificate)
    world.publish(applied(3))
    world.publish(next_of(certificate, "REVOKED", "back"))
    shown = seen(world, department="police")
    assert shown is not None
    assert set(shown["form"]["deceased"]) == {"name", "id_number"}
    assert (shown["form"]["applicant"], shown["applications"], shown["requests"]) == ({}, [], [])


@each_cell(("bank", "instance"), [(BANK, BANK), (OTHER_BANK, OTHER_BANK), ("9" * 18, None)])
def test_a_bank_sees_its_own_accounts_matter_alone(bank: str, instance: str | None) -> None:
    """And not that the person has anything in another bank."""
    world = World()
    for name in (BANK, OTHER_BANK):
        world.publish(given("bank_deposit", name, bank_name=name))
    world.publish(given("death_certificate"))
    shown = seen(world, department="financial_regulation", bank=bank)
    assert [one["instance"] for one in (shown["matters"] if shown else [])] == [instance][: bool(instance)]
    assert not shown or "deceased.death_time" not in str(shown["form"])


@each_cell(("county", "of_city", "of_window"), [("620502", True, True), ("620503", False, False)])
def test_a_county_sees_its_own_people(county: str, of_city: bool, of_window: bool) -> None:
    """As its city department does; and a window clerk of one county sees that county's whole cases alone."""
    world = World()
    world.publish(given("hukou_cancellation", county="秦州区"))
    world.publish(given("death_certificate"))
    assert (seen(world, department="justice", county=county) is not None) is of_city
    assert (seen(world, county=county) is not None) is of_window
    assert seen(world, department="justice") is not None


def test_whoever_is_kept_within_no_department_and_the_window_see_the_whole() -> None:
    """The form's fields are what they work with; numbers are masked where they are shown."""
    world = World()
    world.publish(given("death_certificate"))
    (whole,) = world.cases.values()
    assert seen(world) == seen(world, department="service_centre") == whole
    case_id = whole["case_id"]
    assert (seen(world, case=case_id), seen(world, case="another")) == (whole, None)


@each_cell(("department", "own"), [("justice", True), ("market_regulation", True), ("police", False)])
def test_of_the_windows_work_a_department_sees_what_concerns_its_matters(department: str, own: bool) -> None:
    """What was examined and handed out of its own; appointments and enquiries are the window's alone."""
    world = World()
    asked, answer, other = applied(9, 12), resulted(9), resulted(12)
    window = (examined(asked), handed_over(answer, other), given("appointment"), given("enquiry"))
    for record in (given("death_certificate"), asked, answer, other, *window):
        world.publish(record)
    shown, whole = seen(world, department=department), seen(world)
    assert shown is not None
    assert whole is not None
    assert all(len(one) == 1 for one in (whole["examinations"], whole["handovers"], whole["appointments"]))
    assert (len(shown["examinations"]), len(shown["handovers"])) == (own, own)
    assert all(len(one["results"]) == 1 for one in shown["handovers"])
    assert (shown["appointments"], shown["enquiries"]) == ([], [])
