"""A city with a matter more, or one fewer, than the plan: the policy's files say so and no code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from avro_schemas.catalogue import Document
from consumers.family.progress import progress_of
from consumers.labels.words import material_words, matter_words
from consumers.printed_form.filled import fill
from consumers.statistics.facts import matter_facts
from exchange.domain.policy import Policy, load_policy
from exchange.folding.case_ids import CaseIds
from exchange.runtime.city import City
from producers.admission import Admission, Admitted, TurnedAway
from producers.submissions import submission_of
from tests.cases import TAKEN_AT, applied, given, matter, next_of
from tests.made_log import CATALOGUE
from tests.people import LI_XIULAN
from tests.policies import PROOF_OF_TITLE, THIRTEENTH, TRANSFER, edited, numbers_since, without_matter
from tests.world import World

EQUITY = 12
CERTIFICATE = given("death_certificate")
PAPERS = [{"kind": PROOF_OF_TITLE, "sha256": "8" * 64}]
APPLIED = applied(3, TRANSFER)
WITH_PAPERS = next_of(
    APPLIED, "AMENDED", "with papers", materials=PAPERS, recorded_at="2026-03-24T09:00:00+08:00"
)
DONE = given(
    "result",
    "transferred",
    department="police",
    matter=TRANSFER,
    outcome="COMPLETED",
    recorded_at="2026-03-26T09:00:00+08:00",
)


@pytest.fixture
def larger(tmp_path: Path) -> Policy:
    """The plan's policy with a thirteenth matter."""
    return load_policy(edited(tmp_path, *THIRTEENTH))


def case_of(world: World) -> Document:
    """The person's case as last published."""
    case = world.case(LI_XIULAN)
    assert case is not None
    return case


def stands(world: World, number: int = TRANSFER) -> Document:
    """How a matter stands."""
    return matter(case_of(world), number)


def told_of(world: World, number: int) -> list[Document]:
    """What departments were told of a matter."""
    return [one for one in world.announcements if one["matter"] == number]


def test_a_thirteenth_matter_goes_from_waiting_to_completed(larger: Policy) -> None:
    """Each step is told with what the police may see; they take longer than the two days of its limit."""
    world, states = World(larger), []
    for record in (given("driving_licence"), CERTIFICATE, APPLIED, WITH_PAPERS, DONE):
        world.tick(world.now + timedelta(days=9 if record is DONE else 0))
        assert world.publish(record) == "ACCEPTED"
        states.append(stands(world)["state"])
    assert states == ["WAITING", "READY", "APPLIED", "APPLIED", "COMPLETED"]
    told = told_of(world, TRANSFER)
    assert [(one["department"], one["transition"]) for one in told] == [
        ("police", "READY"),
        ("police", "APPLIED"),
        ("police", "APPLIED"),
        ("police", "OVERDUE"),
        ("police", "COMPLETED"),
    ]
    draft = told[1]["draft"]
    assert draft["deceased.id_number"]["value"] == LI_XIULAN
    assert draft["applicant.name"]["value"] == APPLIED[1]["applicant"]["name"]


def test_its_materials_and_its_limit_are_those_of_its_section(larger: Policy) -> None:
    """The eighth kind is asked for until it is there, and until then no day counts."""
    world = World(larger)
    world.publish(CERTIFICATE)
    world.publish(APPLIED)
    owed = stands(world)
    assert {one["kind"]: one["state"] for one in owed["materials"]} == {
        1: "supplied",
        4: "verified_by_data",
        PROOF_OF_TITLE: "missing",
    }
    assert (owed["limit"]["state"], owed["limit"]["owed_materials"]) == ("PAUSED", [PROOF_OF_TITLE])
    assert PROOF_OF_TITLE in [one["kind"] for one in case_of(world)["requests"]]
    world.publish(WITH_PAPERS)
    running = stands(world)
    assert (running["limit"]["state"], running["limit"]["working_days"]) == ("RUNNING", 2)
    assert PROOF_OF_TITLE not in [one["kind"] for one in case_of(world)["requests"]]


def test_all_who_read_a_case_call_it_by_its_name(larger: Policy) -> None:
    """The family's page, the paper, the statistics and the words of views."""
    world = World(larger)
    for record in (CERTIFICATE, WITH_PAPERS, DONE):
        world.publish(record)
    case = case_of(world)
    assert matter_words(TRANSFER, larger).zh == "车辆过户"
    assert material_words(PROOF_OF_TITLE, larger).en == "Vehicle title"
    paper = fill(case, case["applications"][0], City().layout, larger)
    assert [tick.name for tick in paper.ticks if tick.number == TRANSFER] == ["车辆过户"]
    assert [tick.number for tick in paper.ticks if tick.chosen] == [3, TRANSFER]
    family = City().family
    audience = family.audience("applicant")
    assert audience is not None
    page = progress_of(case, case["applications"][0], audience, family, larger, TAKEN_AT.date())
    assert [one["situation"] for one in page["matters"] if one["matter"] == TRANSFER] == ["done"]
    counted = {one.matter: one for one in matter_facts(case, larger)}
    assert (counted[TRANSFER].state, counted[TRANSFER].department) == ("COMPLETED", "police")


def test_the_door_lets_in_what_the_folder_knows(larger: Policy) -> None:
    """The police publish results of the thirteenth matter, and nobody those of a fourteenth."""
    admission = Admission(CATALOGUE, larger, CaseIds(bytes(32)), lambda *_: b"avro")
    for record in (APPLIED, WITH_PAPERS, DONE):
        assert isinstance(
            admission.admit(submission_of({"type": record[0], "record": record[1]}, 1)), Admitted
        )
    beyond = {"type": "result", "record": {**DONE[1], "matter": TRANSFER + 1}}
    refused = admission.admit(submission_of(beyond, 1))
    assert isinstance(refused, TurnedAway)
    assert [one.code for one in refused.reasons] == ["matter_unknown"]


def test_a_removed_kind_of_material_leaves_what_was_handed_in(larger: Policy, tmp_path: Path) -> None:
    """The application stands with all it names; nobody is asked for that kind any more."""
    world = World(larger)
    for record in (CERTIFICATE, APPLIED, WITH_PAPERS):
        world.publish(record)
    since = (world.now + timedelta(seconds=1)).isoformat()
    rebuilt = world.replayed(policy=load_policy(edited(tmp_path / "shipped", numbers_since(since))))
    assert [one["status"] for one in rebuilt.receipts] == ["ACCEPTED"] * 3
    entry = next(one for one in case_of(rebuilt)["records"] if one["revision"] > 1)
    told = [(one["code"], one["field"]) for one in entry["warnings"]]
    assert told == [("matter_unknown", "matters[1]"), ("material_kind_unknown", "materials[0].kind")]
    assert stands(rebuilt, 3)["state"] == "APPLIED"


def test_handlers_are_those_of_the_window_whatever_it_is_called() -> None:
    """What rules cannot decide is owed by the department with that role."""
    world = World(replace(load_policy(), window="citizens_hall"))
    for record in (CERTIFICATE, given("abnormal_death", death_time="2026-02-11"), given("notary")):
        world.publish(record)
    held = given("decision", "hold", kind="MATTER_HELD", matter=9, recorded_at="2026-03-24T09:00:00+08:00")
    world.publish(held)
    assert {one["owed_by"] for one in world.tasks.values() if one["kind"] == "RESOLVE_CONFLICT"} == {
        "citizens_hall"
    }
    release = [one for one in stands(world, 9)["waiting_for"] if one["prerequisite"] == "release"]
    assert [one["owed_by"] for one in release] == [["citizens_hall"]]


def test_without_its_section_nobody_may_name_it() -> None:
    """The records of this file are no exception: it is the policy that lets them in."""
    world = World()
    world.log.policy = load_policy()
    with pytest.raises(AssertionError, match="matter_unknown"):
        world.publish(APPLIED)


@pytest.fixture
def history() -> World:
    """A person's death, an application for two matters, and the result of one of them."""
    world = World()
    for record in (
        CERTIFICATE,
        given("notary"),
        applied(3, EQUITY),
        given(
            "result",
            "queried",
            department="market_regulation",
            matter=EQUITY,
            outcome="COMPLETED",
            reason="已告知",
        ),
    ):
        assert world.publish(record) == "ACCEPTED"
    assert stands(world, EQUITY)["state"] == "COMPLETED"
    return world


@pytest.fixture
def smaller(tmp_path: Path, history: World) -> Policy:
    """The plan's policy without the query of equity, which was taken out after the history."""
    return without_matter(tmp_path, EQUITY, (history.now + timedelta(seconds=1)).isoformat())


def test_a_removed_matter_leaves_what_was_said_about_it(history: World, smaller: Policy) -> None:
    """A rebuild takes every record again and shows it; the matter itself stands no more."""
    rebuilt = history.replayed(policy=smaller)
    assert [one["status"] for one in rebuilt.receipts] == ["ACCEPTED"] * 4
    before, now = case_of(history), case_of(rebuilt)
    shown = {one["record_id"]: one for one in now["records"]}
    assert shown.keys() == {one["record_id"] for one in before["records"]}
    result = next(one for one in now["records"] if one["type"] == "result")
    assert result["in_force"]
    assert [one["code"] for one in result["warnings"]] == ["matter_unknown"]
    assert now["applications"][0]["matters"] == [3, EQUITY]
    assert {one["matter"] for one in before["matters"]} - {one["matter"] for one in now["matters"]} == {
        EQUITY
    }
    assert not rebuilt.quarantined


def test_what_was_told_of_a_removed_matter_stands_while_the_death_does(
    history: World, smaller: Policy
) -> None:
    """Nothing is taken back for a change of policy; but who is not dead is said to all who were told."""
    history.change_policy(smaller)
    history.publish(given("medical_insurance"))
    assert [one["transition"] for one in told_of(history, EQUITY)] == ["READY", "APPLIED", "COMPLETED"]
    assert EQUITY not in {one["matter"] for one in case_of(history)["matters"]}
    revoked = next_of(CERTIFICATE, "REVOKED", "not dead", recorded_at="2026-04-20T09:00:00+08:00")
    history.publish(revoked)
    (last,) = told_of(history, EQUITY)[3:]
    assert (last["department"], last["transition"]) == ("market_regulation", "SUSPENDED")
    owed = [one for one in history.tasks.values() if one["kind"] == "ACKNOWLEDGE" and one["matter"] == EQUITY]
    assert [one["owed_by"] for one in owed] == ["market_regulation"]
    history.tick(datetime(2026, 12, 1, tzinfo=UTC))
    assert told_of(history, EQUITY)[-1]["transition"] == "OVERDUE"


def test_from_then_on_a_removed_matter_is_refused(history: World, smaller: Policy) -> None:
    """Whoever applies for it is told which there are."""
    late = history.log.message(
        applied(EQUITY, label="late"), at_ms=int((history.now + timedelta(days=1)).timestamp() * 1000)
    )
    rebuilt = history.replayed(policy=smaller)
    rebuilt.take(late)
    (reason,) = rebuilt.receipts[-1]["reasons"]
    assert reason["code"] == "matter_unknown"
    assert "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11." in reason["message_en"]
