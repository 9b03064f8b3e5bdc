"""A home of the first version, with one record of each kind and some that are refused or held today.

``first_home.json`` is what that version left on its topics, without the schemas' ids: its log, its cases, its
changelog. It was made once by that version and is never made again. Everybody in it is made up.
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from avro_schemas.catalogue import record_types, released_names, released_versions, schema
from consumers.replay.present_cases import PresentCases
from exchange.folding.case_ids import CaseIds
from exchange.folding.memory_states import MemoryStates
from exchange.folding.outputs import Outputs
from exchange.folding.step import Step
from exchange.runtime.registry.serde import Decoder, Encoder
from tests.cells import each_cell
from tests.made_log import CASE_PARTS, CATALOGUE, ENCODERS, IDS, SCHEMAS, Message, published, report
from tests.policies import counting_from, with_former_matters
from topics.catalogue import CASES, MOVES, RECORDS

HOME: Final[Mapping[str, Any]] = json.loads(
    Path(__file__).with_name("first_home.json").read_text(encoding="utf-8")
)
PEOPLE: Final[Mapping[str, str]] = HOME["people"]
FIRST: Final = 100
"""Added to a topic's id: the id of its first schema."""
FIRST_SCHEMAS: Final = {
    number + FIRST: versions[0]
    for name, number in IDS.items()
    if (versions := released_versions(str(CATALOGUE.by_name[name].schema)))
}
COUNTED = "home"
"""Whose limits count from when the exchange was told, no longer from when somebody applied."""
ASKED = {"nothing remarkable", COUNTED}
"""Where somebody applied: the applications now stand below their matters."""
CHANGED = {
    "damaged": {"name_damaged"},
    "recorded in 1970": {"time_unit_wrong"},
    "dead by a wrong unit": {"time_unit_wrong"},
    "no name": {"name_placeholder"},
    "gap beside a whole name": {"name_with_gaps"},
    "number for a name": {"name_is_number"},
    "dead on the first day": {"time_is_default"},
}


def _of_first(topic: str, body: str) -> bytes:
    return bytes(1) + (IDS[topic] + FIRST).to_bytes(4, "big") + b64decode(body)


@cache
def _decoder(topic: str) -> Decoder:
    return Decoder(SCHEMAS[IDS[topic]], (SCHEMAS | FIRST_SCHEMAS).get)


def step(count_from: str = "told", *, former: bool = False) -> Step:
    """The rules of today on topics that the first version has written; its matters, if a city keeps those."""
    policy = counting_from(count_from)
    return Step(
        with_former_matters(policy) if former else policy,
        CATALOGUE,
        CaseIds(b"k" * 32),
        lambda topic, value: _decoder(topic).decode(value or b""),
        Outputs(ENCODERS, CASE_PARTS),
        report,
    )


def log() -> list[Message]:
    """What the first version had taken, in order."""
    return [
        Message(topic, partition, offset, key and key.encode(), _of_first(topic, body), at_ms)
        for topic, partition, offset, key, at_ms, body in HOME["log"]
    ]


@cache
def rebuilt(count_from: str = "told", *, former: bool = False) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """Each case as the log gives it today, by case id; and the status of each receipt."""
    return _run(step(count_from, former=former), MemoryStates(), log())


def _run(
    rules: Step, states: MemoryStates, messages: list[Message]
) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    cases: dict[str, bytes] = {}
    statuses: list[str] = []
    for message in messages:
        batch = rules.run([message], states)
        states.apply(batch)
        for output in batch.outputs:
            if output.topic == CASES:
                cases[output.key.decode()] = output.value
            elif output.topic.startswith("receipts"):
                statuses.append(published(output.topic, output.value)["status"])
    return cases, tuple(statuses)


def kept() -> MemoryStates:
    """What today's version finds in the changelog of the first."""
    states = MemoryStates()
    for partition, found in HOME["states"].items():
        states.kept[int(partition)] |= {key: b64decode(value) for key, value in found.items()}
    return states


def differing(count_from: str = "told", *, former: bool = False) -> set[str]:
    """Whose case verification names: it compares in the present schema."""
    cases, _ = rebuilt(count_from, former=former)
    return {name for name, before in _present().items() if before != cases[PEOPLE[name]]}


def _present() -> dict[str, bytes]:
    """What the first version published of each person, in the present schema."""
    present = PresentCases(_decoder(CASES).decode, Encoder(schema("case"), IDS[CASES]).encode)
    listed = {name: case_id for name, case_id in PEOPLE.items() if case_id in HOME["cases"]}
    return {
        name: present.rewritten(_of_first(CASES, HOME["cases"][case_id])) for name, case_id in listed.items()
    }


def _codes(value: Any) -> Iterator[str]:
    """The codes of all warnings in a case, wherever they stand."""
    if isinstance(value, list):
        for inner in value:
            yield from _codes(inner)
    elif isinstance(value, dict):
        for one in value.get("warnings", ()):
            yield one if isinstance(one, str) else one["code"]
        for inner in value.values():
            yield from _codes(inner)


def test_the_home_has_a_record_of_each_kind() -> None:
    """Of those that its version knew; else it would show less than it says."""
    topics = {topic for topic, *_ in HOME["log"]}
    kinds = {CATALOGUE.type_of(topic) for topic in topics if CATALOGUE.by_name[topic].kind == RECORDS}
    assert kinds == set(record_types()) & set(released_names(1))


def test_what_the_log_has_taken_is_taken_again_and_nothing_else() -> None:
    """A record that would be refused or held today is not; one that was refused then still is."""
    _, statuses = rebuilt()
    assert len(statuses) == len(HOME["receipts"])
    taken = [
        (before == "REJECTED", after == "REJECTED")
        for before, after in zip(HOME["receipts"], statuses, strict=True)
    ]
    assert all(before == after for before, after in taken)
    assert "REJECTED" in statuses
    assert rebuilt()[0].keys() == HOME["cases"].keys()


def test_verification_names_exactly_the_cases_that_the_newer_rules_change() -> None:
    """If nothing is remarkable, the case is the same but for the applications below its matters."""
    assert set(PEOPLE) == ASKED | set(CHANGED) | {"people not listed"}
    assert differing(former=True) == {*CHANGED, *ASKED}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_where_somebody_applied_nothing_else_is_new(name: str) -> None:
    """Each application says how it stands; the matters stand as they did."""
    before, after = (
        _decoder(CASES).decode(body)
        for body in (_present()[name], rebuilt("recorded", former=True)[0][PEOPLE[name]])
    )
    assert any(matter["applications"] for matter in after["matters"])
    for matter in after["matters"]:
        matter["applications"] = []
    assert after == before


def test_what_has_become_of_matters_since_is_in_every_case() -> None:
    """Other matters than 7, 10 and 12 stand as they stood: the rest is for ``refold``."""
    assert differing() == {name for name, case_id in PEOPLE.items() if case_id in HOME["cases"]}
    for name in ASKED:
        before, after = (
            {one["matter"]: one["state"] for one in published(CASES, found[PEOPLE[name]])["matters"]}
            for found in (rebuilt(former=True)[0], rebuilt()[0])
        )
        assert {number for number in after if after[number] != before[number]} <= {10, 12}


def test_what_changes_of_limits_is_the_day_from_which_they_count() -> None:
    """The policy says which: all that its department was told, and the family, is as it was."""
    told, recorded = (
        published(CASES, rebuilt(count_from, former=True)[0][PEOPLE[COUNTED]])
        for count_from in ("told", "recorded")
    )
    days = [[matter["due"] for matter in case["matters"]] for case in (told, recorded)]
    assert all(later is None or later > day for later, day in zip(*days, strict=True))
    assert days[0] != days[1]
    for one in (*told["matters"], *recorded["matters"]):
        for counted in (one, *one["applications"]):
            counted["due"] = None
    assert told == recorded


@each_cell("name", CHANGED)
def test_what_changes_is_the_warning_that_says_why(name: str) -> None:
    """And where a damaged name held others' records, that they count again."""
    before = _decoder(CASES).decode(_of_first(CASES, HOME["cases"][PEOPLE[name]]))
    after = _decoder(CASES).decode(rebuilt(former=True)[0][PEOPLE[name]])
    assert set(_codes(after)) == CHANGED[name]
    held = [[entry["held"] for entry in case["records"]] for case in (before, after)]
    if name == "gap beside a whole name":
        assert [sum(one) for one in held] == [2, 1]
        assert (before["death_established"], after["death_established"]) == (False, True)
    else:
        assert held[0] == held[1]
        assert before["death_established"] == after["death_established"]
        assert [one["state"] for one in before["matters"]] == [one["state"] for one in after["matters"]]


def test_after_a_refold_all_is_as_a_rebuild_has_it() -> None:
    """The states that the first version left hold all that is needed."""
    rules, states = step(), kept()
    places = {key: partition for partition, found in states.kept.items() for key in found}
    asked = []
    for case_id in HOME["cases"]:
        move = {"kind": "REFOLD", "from_case_id": case_id, "to_case_id": case_id, "body": b""}
        value = ENCODERS[MOVES](move)
        asked.append(Message(MOVES, places[case_id], 1000 + len(asked), case_id.encode(), value))
    cases, _ = _run(rules, states, asked)
    assert cases == rebuilt()[0]
