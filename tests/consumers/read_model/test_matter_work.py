"""What a queue is told of each matter, from the case alone."""

import pytest

from consumers.read_model.matter_work import MatterWork, matter_work
from exchange.desk.actions.places import place_of_matter
from exchange.domain.policy import load_policy
from tests.cases import Given, applied, document, given, next_of, resulted, tell

QINZHOU, MAIJI, GANGU = "秦州区", "麦积区", "甘谷县"
DEATH = given("death_certificate", county=QINZHOU)
HUKOU = given("hukou_cancellation", county=MAIJI)
PENSION = given("social_insurance", county=GANGU)


def work(*records: Given) -> dict[int, MatterWork]:
    """Matter → what the queue has of it."""
    found = document(*records)
    numbers = [one["matter"] for one in found["matters"]]
    return dict(zip(numbers, matter_work(found, load_policy()), strict=True))


@pytest.mark.parametrize(
    "records",
    [
        (DEATH,),
        (HUKOU, PENSION, DEATH),
        (
            HUKOU,
            given("hukou_cancellation", "again", county=GANGU, recorded_at="2026-03-12T09:00:00+08:00"),
            DEATH,
        ),
        (given("hukou_cancellation"), DEATH),
        (HUKOU, DEATH, resulted(9, county=GANGU)),
        (HUKOU, next_of(HUKOU, "AMENDED", "moved", county=GANGU), DEATH),
    ],
    ids=["no hukou", "three counties", "two hukou", "no county", "decided by another", "moved"],
)
def test_a_matter_is_the_countys_that_announcements_name(records: tuple[Given, ...]) -> None:
    """Else a county would be told of what it does not find in its queue."""
    told = {one.matter: one.county for one in tell(records)[1]}
    found = work(*records)
    assert told
    assert {number: found[number].handled_in for number in told} == told
    policy, case = load_policy(), document(*records)
    acting = {one["matter"]: place_of_matter(case, one, policy).get("county", "") for one in case["matters"]}
    names = {number: policy.city.county_names.get(acting[number]) for number in told}
    assert names == told, "who may act is whom the announcement told"


def test_a_matter_has_waited_since_what_last_concerned_it() -> None:
    """Not since the death: who applied yesterday has waited for a day."""
    before, after = work(DEATH, HUKOU), work(DEATH, HUKOU, applied(7))
    assert before[7].since is not None
    assert after[7].since is not None
    assert after[7].since > before[7].since
    assert after[4].since == before[4].since
    decided = resulted(7, "ACCEPTED")
    assert work(DEATH, HUKOU, applied(7), decided)[7].since == document(decided)["records"][0]["recorded_at"]


def test_a_matter_has_its_last_day_or_what_is_left_and_how_the_family_applied() -> None:
    """So a handler sees what is due first, what stands still, and whether somebody came to a window."""
    papers = [{"kind": kind, "original_sighted": True} for kind in range(1, 10)]
    for materials, stands_still in (([], True), (papers, False)):
        records = (DEATH, HUKOU, PENSION, applied(4, channel="WINDOW", materials=materials))
        (asked,) = (one for one in document(*records)["matters"] if one["matter"] == 4)
        found = work(*records)[4]
        assert (found.due is None, found.days_left is not None) == (stands_still, stands_still)
        assert (found.due, found.days_left) == (asked["due"], asked["limit"]["days_left"])
        assert (found.channel, work(*records)[9].channel) == ("WINDOW", None)


def test_a_matter_that_nothing_concerns_has_waited_since_the_death_if_that_is_known() -> None:
    """No moment is made up."""
    assert work(PENSION)[9].since is None
    established = document(PENSION, DEATH)["established_at"]
    assert work(PENSION, DEATH)[9].since == established
