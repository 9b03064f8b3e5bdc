"""The sample city: the same every time, complete, and as untidy as it is meant to be."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from avro_schemas.catalogue import record_types
from exchange.domain.policy import Policy, load_policy
from exchange.runtime.city import City
from producers.sample.city import MadeUpCity, sample_city
from producers.sample.clerk import SampleLine
from tests.policies import PROOF_OF_TITLE, THIRTEENTH, TRANSFER, edited
from topics.catalogue import load_catalogue
from verification.acceptance import Accepted, Refused, accept
from verification.identity import identify

FIRST_POSSIBLE_NOW = datetime(2026, 6, 1, tzinfo=UTC)
NO_SUCH_TYPE = "birth_certificate"


@pytest.fixture(scope="module")
def city() -> MadeUpCity:
    """The city as the demo shows it."""
    return made()


def made(**extent: int) -> MadeUpCity:
    """The shipped one, in this extent."""
    return sample_city(City().sample, City().policy, **extent)


@pytest.fixture(scope="module")
def verdicts(city: MadeUpCity) -> list[Accepted | Refused]:
    """What acceptance says of every line on the first day on which anyone may publish it."""
    catalogue, rules = load_catalogue(), load_policy().acceptance
    return [
        accept(
            line["type"],
            line["record"],
            owner=catalogue.owner_of(line["type"]) or line["record"]["department"],
            rules=rules,
            taken_at=FIRST_POSSIBLE_NOW,
        )
        for line in city.lines
        if line["type"] != NO_SUCH_TYPE
    ]


def test_the_same_seed_gives_the_same_city_and_another_seed_another(city: MadeUpCity) -> None:
    """Somebody who reports a fault in the demo can be sure that others see the same records."""
    assert made() == city
    assert made(seed=1) != city


def test_the_city_has_three_hundred_people_and_records_of_every_type(city: MadeUpCity) -> None:
    """Every department sees its own kind of record."""
    numbers = {line["record"].get("id_number") for line in city.lines}
    assert len(numbers) >= 300
    assert {line["type"] for line in city.lines} >= set(record_types())


def test_every_fault_that_files_have_is_there_and_nothing_else_is_refused(
    verdicts: list[Accepted | Refused],
) -> None:
    """The refusals that the demo shows are the ones that were planted."""
    refused = Counter(v.reasons[0].code for v in verdicts if isinstance(v, Refused))
    assert set(refused) == {
        "id_checksum_wrong", "id_length_wrong", "id_birth_date_wrong", "id_number_missing",
        "field_missing", "field_unknown", "not_an_integer", "money_negative", "in_the_future",
        "event_after_recording", "department_not_owner", "text_empty", "instant_without_offset",
        "supersedes_missing", "code_unknown", "uscc_wrong", "matter_not_decided_here",
    }  # fmt: skip
    assert set(refused.values()) == {2}


def test_records_are_held_where_the_person_is_in_doubt(verdicts: list[Accepted | Refused]) -> None:
    """Nobody without a number, or of another sex than the number says, is taken for somebody."""
    held = {reason.code for v in verdicts if isinstance(v, Accepted) for reason in v.held}
    assert held == {"person_without_number", "sex_differs"}


def test_the_showcase_has_every_entitlement(city: MadeUpCity) -> None:
    """The one case that is told as a story has something of everything."""
    types = {line["type"] for line in city.lines if line["record"].get("id_number") == city.showcase.number}
    assert types >= {
        "death_certificate",
        "social_insurance",
        "provident_fund",
        "notary",
        "application",
        "result",
    }


def test_people_with_old_and_new_numbers_are_the_same_people(city: MadeUpCity) -> None:
    """A 15-digit number in an old file leads to a person whose other records have 18 digits."""
    numbers = {line["record"].get("id_number") for line in city.lines}
    old = {number for number in numbers if number and len(number) == 15 and number.isdigit()}
    assert len(old) == 6
    assert {identify(number).number for number in old} <= numbers


def test_a_small_city_has_every_story_too() -> None:
    """A quick demo shows no less than a slow one."""
    small = made(people=8)
    assert {line["type"] for line in small.lines} >= set(record_types()) - {"acknowledgement"}


def records(policy: Policy, record_type: str) -> list[SampleLine]:
    """What a small city of this policy has of a type of record."""
    lines = sample_city(City().sample, policy, people=40).lines
    return [line["record"] for line in lines if line["type"] == record_type]


def test_a_matter_of_the_citys_own_is_applied_for_with_its_papers_and_answered(tmp_path: Path) -> None:
    """By ordinary families and the showcase, like what everybody may ask for; by who decides it."""
    policy = load_policy(edited(tmp_path, *THIRTEENTH))
    asking = [one for one in records(policy, "application") if TRANSFER in one["matters"]]
    assert len(asking) > 2
    assert all(PROOF_OF_TITLE in {paper["kind"] for paper in one["materials"]} for one in asking)
    answered = [one for one in records(policy, "result") if one["matter"] == TRANSFER]
    assert {one["outcome"] for one in answered} >= {"ACCEPTED", "COMPLETED"}
    assert {one["department"] for one in answered} == {"police"}


@pytest.mark.parametrize("number", [one.matter for one in load_policy().matters])
def test_nothing_names_a_matter_that_the_city_has_taken_out(number: int) -> None:
    """Neither an application nor a result nor a decision, and an application names something else."""
    shipped = load_policy()
    left = tuple(one for one in shipped.matters if one.matter != number)
    policy = replace(shipped, matters=left, money_matters=shipped.money_matters - {number})
    assert all(one["matters"] and number not in one["matters"] for one in records(policy, "application"))
    assert number not in {one["matter"] for one in records(policy, "result") + records(policy, "decision")}


def test_the_window_examines_what_is_handed_in_there_and_hands_out_what_was_completed() -> None:
    """Each application of the showcase and of ordinary families, so a city that examines first tells all."""
    by_type: dict[str, list[SampleLine]] = {}
    for line in made(people=40).lines:
        by_type.setdefault(line["type"], []).append(line["record"])
    in_order = {one["application"] for one in by_type["examination"] if not one.get("to_correct")}
    asked = {one["application"] for one in by_type["examination"] if one.get("to_correct")}
    examined = [one for one in by_type["application"] if one["record_id"] in in_order]
    assert examined
    assert {one["channel"] for one in examined} == {"WINDOW", "ASSISTED", "HOME_VISIT"}
    assert asked <= in_order
    completed = {one["record_id"] for one in by_type["result"] if one["outcome"] == "COMPLETED"}
    assert {name for one in by_type["handover"] for name in one["results"]} <= completed
    assert {one["delivery"] for one in by_type["handover"]} == {"WINDOW", "MAIL"}
    assert any("closed_at" in one for one in by_type["enquiry"])
