"""With each record only that is worked out anew which it can change: always the same as from nothing."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from exchange.domain.case import case_of
from exchange.domain.fold import consequences
from exchange.domain.policy import Policy, load_policy
from exchange.domain.policy_files.models import Applies, DoneBy
from exchange.domain.values import CaseState
from exchange.domain.views import Case, WorkedOut
from tests.cases import CASE_ID, Given, applied, at, examined, given, next_of, record_id, resulted, take
from tests.full_story import EVENTS
from tests.histories import LATE, POOL, WHOLE, histories
from tests.policies import examining_first

POLICY = load_policy()
ASKED = applied(8, 9, label="plain")
DISAGREEING = {
    record_id("death_certificate", "other day"),
    record_id("cremation", "other day"),
    record_id("medical_insurance", "of a stranger"),
}
PLAIN = [
    *(
        one
        for one in POOL
        if one[0] not in {"decision", "abnormal_death", "death_declaration"}
        and one[1]["record_id"] not in DISAGREEING
    ),
    ASKED,
    next_of(ASKED, "AMENDED", "plain, another matter", matters=[11], recorded_at=LATE),
    next_of(given("driving_licence"), "AMENDED", "plain", status="CANCELLED", recorded_at=LATE),
    next_of(given("death_certificate"), "AMENDED", "plain", ethnicity="回族", recorded_at=LATE),
]
"""However they are put in order, nothing of these is held, in conflict or decided."""


def step_by_step(records: Iterable[Given], policy: Policy = POLICY) -> list[WorkedOut]:
    """Every case as it is worked out from the one before; each is compared with the same from nothing."""
    state, before, found = CaseState(CASE_ID), None, []
    for offset, record in enumerate(records):
        state = take(state, record, offset).state
        assert case_of(state, policy, before) == case_of(state, policy)
        after = consequences(state, policy, at(offset), before)
        state, before = after.state, WorkedOut(after.state, after.case)
        found.append(before)
    return found


@settings(deadline=None, max_examples=60)
@hypothesis_given(
    st.lists(st.sampled_from(PLAIN), unique_by=id, min_size=1, max_size=16),
    st.sampled_from([POLICY, examining_first()]),
)
def test_step_by_step_is_as_from_nothing(records: list[Given], policy: Policy) -> None:
    """Nobody's case may depend on what was spared."""
    step_by_step(records, policy)


def test_most_is_spared_there() -> None:
    """Else that test compares working out from nothing with itself."""
    found = [one.case for one in step_by_step(PLAIN)]
    assert all(case.facts.plain for case in found)
    made = sum(len(anew(before, after)) for before, after in pairwise(found))
    assert made < len(POLICY.matters) * len(PLAIN) / 2


@settings(deadline=None, max_examples=30)
@hypothesis_given(histories())
def test_so_it_is_where_records_disagree_fall_and_are_decided_on(records: list[Given]) -> None:
    """There anything may depend on anything, so all is worked out."""
    step_by_step(records)


def test_so_it_is_in_the_whole_story() -> None:
    """From the death to the last result of twelve matters."""
    assert len(step_by_step(event.record for event in EVENTS)) == len(EVENTS)


@pytest.mark.parametrize(
    ("number", "edit"),
    [
        (12, {"prerequisites": ("burial_or_cremation",)}),
        (11, {"done_by": DoneBy.model_construct(record=("result",), where={"outcome": "COMPLETED"})}),
        (9, {"applies": Applies.model_construct(record="application", where={"channel": "WINDOW"})}),
    ],
    ids=["prerequisite", "done_by", "applies"],
)
def test_so_it_is_where_a_city_has_a_matter_rest_on_what_was_said_of_others(
    number: int, edit: dict[str, Any]
) -> None:
    """Applications and results that do not name it."""
    matters = (one.model_copy(update=edit if one.matter == number else {}) for one in POLICY.matters)
    policy = replace(POLICY, matters=tuple(matters))
    step_by_step([given("death_certificate"), applied(7, channel="WINDOW"), resulted(7), applied(4)], policy)


@pytest.mark.parametrize(
    ("record", "redone"),
    [
        (given("driving_licence"), {11}),
        (given("medical_insurance"), {7}),
        (given("provident_fund"), {8}),
        (given("equity"), set()),
        (resulted(9), {8, 9}),
        (applied(11, label="late"), {8, 11}),
        (given("acknowledgement"), set()),
        (examined(WHOLE), {matter.matter for matter in POLICY.matters}),
        (given("handover", results=[WHOLE[1]["record_id"]]), set()),
        (given("appointment"), set()),
        (given("enquiry"), set()),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_a_record_has_worked_out_anew_what_depends_on_it(record: Given, redone: set[int]) -> None:
    """2 and 3 ask every record who the person was, 8 every application for what was handed in."""
    before = step_by_step([given("death_certificate"), applied(9)])[-1]
    state = take(before.state, record, 9).state
    after = case_of(state, POLICY, before)
    assert anew(before.case, after) == {2, 3} | redone


def anew(before: Case, after: Case) -> set[int]:
    """The matters whose view was made anew."""
    same = {id(view) for view in before.matters}
    return {view.matter for view in after.matters if id(view) not in same}
