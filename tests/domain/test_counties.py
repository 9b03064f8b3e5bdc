"""Announcements and tasks say whose people they are about, so that a county can be told of its own alone."""

from dataclasses import replace

import pytest

from exchange.domain.fold import consequences
from exchange.domain.policy import load_policy
from exchange.domain.views import Announcement
from tests.cases import Given, applied, at, given, next_of, resulted, take, tell
from tests.received import Reading

QINZHOU, MAIJI, GANGU = "秦州区", "麦积区", "甘谷县"
CERTIFICATE = given("death_certificate", county=QINZHOU)
HUKOU = given("hukou_cancellation", county=MAIJI)
PENSION = given("social_insurance", county=GANGU)


def counties(*records: Given) -> dict[int, str | None]:
    """Matter → the county that the last announcement of it names."""
    return {one.matter: one.county for one in tell(records)[1]}


def told_of(number: int, *records: Given) -> list[Announcement]:
    """What was told of one matter, in order."""
    return [one for one in tell(records)[1] if one.matter == number]


def test_the_departments_own_record_says_whose_the_matter_is() -> None:
    """The hospital's county for the certificate, the pension's for the pension; else where the hukou is."""
    found = counties(HUKOU, PENSION, CERTIFICATE)
    assert (found[1], found[4], found[9]) == (QINZHOU, GANGU, MAIJI)


def test_another_departments_record_does_not_say_it() -> None:
    """Somebody dies in a hospital far from home: that county is no county of hers."""
    assert counties(CERTIFICATE)[9] is None
    assert counties(given("hukou_cancellation"), CERTIFICATE)[9] is None


def test_the_department_that_decided_says_it_last() -> None:
    """A county that has done the matter named itself in its result."""
    done = resulted(9, county=GANGU)
    assert [one.county for one in told_of(9, HUKOU, CERTIFICATE, done)] == [MAIJI, GANGU]


def test_what_is_taken_back_is_told_to_the_county_that_was_told() -> None:
    """Though by now another record says that it is another's."""
    back = next_of(CERTIFICATE, "REVOKED", "back")
    told = told_of(9, HUKOU, CERTIFICATE, next_of(HUKOU, "AMENDED", "moved", county=GANGU), back)
    assert [(one.transition, one.county) for one in told] == [("READY", MAIJI), ("SUSPENDED", MAIJI)]


def test_a_task_is_its_countys() -> None:
    """Of what was told; of the matter; of the person, where it is about no single matter."""
    state, _ = tell(
        [HUKOU, PENSION, CERTIFICATE, given("abnormal_death", death_time="2026-02-01"), applied(4)]
    )
    found = {(task.kind, task.matter): task.county for task in state.tasks}
    assert found["RESOLVE_CONFLICT", None] == MAIJI
    assert {found["ACKNOWLEDGE", number] for number in (4, 9)} == {GANGU, MAIJI}


def test_an_overdue_matter_is_its_countys_and_so_is_the_reminder() -> None:
    """What time alone brings about names the county as well."""
    state, _ = tell([HUKOU, given("driving_licence"), CERTIFICATE, applied(11)])
    found = consequences(state, load_policy(), "2027-06-01T00:00:00.000000Z")
    assert {(one.transition, one.county) for one in found.announcements if one.matter == 11} == {
        ("OVERDUE", MAIJI)
    }
    assert {task.county for task in found.tasks if task.kind == "DECIDE"} == {MAIJI}
    withdrawn, _ = tell([HUKOU, CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "back")])
    late = consequences(withdrawn, load_policy(), "2027-06-01T00:00:00.000000Z")
    assert {one.county for one in late.announcements if one.matter == 9 and one.reminds_of} == {MAIJI}


def test_a_bank_is_named_in_its_own_tasks() -> None:
    """As in its announcements."""
    bank = given("bank_deposit", bank_name="甘肃银行")
    state, _ = tell([bank, CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "back")])
    own = [task for task in state.tasks if task.owed_by == "financial_regulation"]
    assert [task.instance for task in own] == ["甘肃银行"]


def test_a_state_of_before_names_no_county_and_is_understood() -> None:
    """What it told is taken back from the city's department, as it was told."""
    state, _ = tell([HUKOU, CERTIFICATE])
    earlier = replace(state, told=tuple(replace(one, county=None) for one in state.told))
    back = take(earlier, next_of(CERTIFICATE, "REVOKED", "back"), 2).state
    taken_back = consequences(back, load_policy(), at(2)).announcements
    assert {one.county for one in taken_back if one.transition == "SUSPENDED"} == {None}


@pytest.mark.parametrize("county", [QINZHOU, MAIJI, GANGU])
def test_no_key_and_no_header_names_a_county(county: str) -> None:
    """They name nothing but the case."""
    world = Reading()
    for record in (HUKOU, PENSION, CERTIFICATE):
        world.publish(record)
    said = [b" ".join((one.key, *(value for _, value in one.headers))) for one in world.outputs]
    assert not [one for one in said if county.encode() in one]
    assert county in {one["county"] for one in world.announcements}


def test_a_policy_that_asks_no_record_knows_only_the_departments_own() -> None:
    """So does a city's file of an earlier version."""
    state, _ = tell([HUKOU, PENSION, CERTIFICATE])
    alone = replace(load_policy(), county_records=())
    told = consequences(replace(state, told=()), alone, at(3)).announcements
    assert {one.matter: one.county for one in told} | {4: GANGU, 9: None} == {
        one.matter: one.county for one in told
    }
