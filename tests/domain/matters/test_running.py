"""The running count of limits: carried on from record to record, it is what counting afresh makes of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from exchange.domain.case import case_of
from exchange.domain.identity.moves import hear_claim, hear_loan
from exchange.domain.matters.running import count_on, counts_from
from exchange.domain.matters.views import MattersStanding
from exchange.domain.policy import Policy
from exchange.domain.values import Address, CaseState, Claim, Loan
from tests.cases import Given, applied, at, given, next_of, record_id, state_of, tell
from tests.histories import histories
from tests.people import LI_XIULAN
from tests.policies import counting_from

POLICY = counting_from("recorded")
REGISTER = [{"kind": 3, "original_sighted": False}]
PROVED = given("death_certificate")
ASKED = applied(9, recorded_at="2026-03-20T09:00:00+08:00", materials=REGISTER)
ASHES = given("cremation", "later", recorded_at="2026-03-24T09:00:00+08:00")
OUT = next_of(ASKED, "AMENDED", "out", recorded_at="2026-03-23T09:00:00+08:00", materials=[])
OTHERS = Address("1" * 32, 0)


def counted_afresh(state: CaseState, policy: Policy = POLICY) -> CaseState:
    """The state with its limits counted from the first application on."""
    return replace(state, counted=case_of(replace(state, counted=()), policy).counted)


def counted_on(state: CaseState, policy: Policy = POLICY) -> CaseState:
    """The state with its limits counted on from where they were."""
    return replace(state, counted=case_of(state, policy).counted)


def never(at: str) -> NoReturn:
    """The past is worked out again."""
    raise AssertionError(at)


@settings(deadline=None, max_examples=40)
@hypothesis_given(histories(), st.data())
def test_carried_on_in_any_order_it_is_what_it_is_afresh(records: list[Given], data: st.DataObject) -> None:
    """However late a record comes, what was counted without it is not kept."""
    state, _ = tell(data.draw(st.permutations(records)), POLICY)
    assert case_of(state, POLICY) == case_of(counted_afresh(state), POLICY)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_a_record_that_comes_in_its_time_costs_no_look_at_the_past(number: int) -> None:
    """The cost of a record does not grow with how many there are."""
    notes = [
        given("cremation", str(at), recorded_at=f"2026-03-21T09:{at:02d}:00+08:00") for at in range(number)
    ]
    before, _ = tell([PROVED, ASKED, *notes], POLICY)
    after = replace(before, taken=state_of([PROVED, ASKED, *notes, ASHES]).taken)
    found = case_of(after, POLICY)
    standing = MattersStanding(found.matters, found.materials)
    assert count_on(after, standing, POLICY, never) == found.counted != before.counted


def test_so_do_records_of_one_moment() -> None:
    """A department sends in batches, and a batch has one moment."""
    twin = given("hukou_cancellation", "twin", recorded_at=ASHES[1]["recorded_at"])
    before, _ = tell([PROVED, ASKED, ASHES], POLICY)
    after = replace(before, taken=state_of([PROVED, ASKED, ASHES, twin]).taken)
    found = case_of(after, POLICY)
    standing = MattersStanding(found.matters, found.materials)
    assert count_on(after, standing, POLICY, never) == found.counted
    assert [one.until for one in found.counted] == [one.until for one in before.counted]


def test_a_record_that_comes_late_makes_it_begin_again() -> None:
    """A pause that is told after the fact was a pause all the same."""
    before, _ = tell([PROVED, ASKED, ASHES], POLICY)
    late = replace(before, taken=state_of([PROVED, ASKED, ASHES, OUT]).taken)
    assert counted_on(late) == counted_afresh(late) != replace(late, counted=before.counted)


def test_another_policy_makes_it_begin_again() -> None:
    """What stopped a count by the old rules may not by the new ones."""
    asks_nothing = tuple(matter.model_copy(update={"materials": ()}) for matter in POLICY.matters)
    other = replace(POLICY, matters=asks_nothing)
    state, _ = tell([PROVED, ASKED, OUT, ASHES], POLICY)
    assert counted_on(state, other) == counted_afresh(state, other) != counted_afresh(state)


def lent_to(state: CaseState) -> CaseState:
    """Another case lends it an amendment of the application."""
    amendment = next_of(ASKED, "AMENDED", "lent", recorded_at="2026-03-22T09:00:00+08:00")
    return hear_loan(state, Loan(OTHERS.case_id, state_of([amendment]).taken, id_number=LI_XIULAN))


def claimed_from(state: CaseState) -> CaseState:
    """Another case says that the certificate is its own."""
    moment, certificate = "2026-03-21T01:00:00.000000Z", state.taken[0].record.record_id
    return hear_claim(state, Claim(certificate, OTHERS, "linked", "decision", moment, stands=True))


@pytest.mark.parametrize("hear", [lent_to, claimed_from])
def test_what_other_cases_say_of_the_past_makes_it_begin_again(
    hear: Callable[[CaseState], CaseState],
) -> None:
    """A certificate that was another's all the time proved nothing."""
    state, _ = tell([PROVED, ASKED, ASHES], POLICY)
    after = hear(state)
    assert counted_on(after) == counted_afresh(after) != replace(after, counted=state.counted)


@pytest.mark.parametrize(
    "told",
    [
        given("decision", "link", kind="PERSON_LINKED", in_favour_of=record_id("cremation", "theirs")),
        next_of(given("cremation", "theirs"), "AMENDED", "here"),
    ],
    ids=["decision", "correction"],
)
def test_what_another_case_says_counts_from_when_the_exchange_was_told_of_it(told: Given) -> None:
    """A handler's decision on a record of another case stops no count before the log had it."""
    (claim,) = case_of(state_of([told]), POLICY).persons.claims
    assert counts_from(claim, counting_from("told")) == at(0)
    assert counts_from(claim, POLICY) == claim.made_at < at(0)


def test_nothing_is_counted_before_somebody_applies() -> None:
    """Most cases have no limit, and their states are as they were."""
    state, _ = tell([PROVED, ASHES], POLICY)
    assert state.counted == ()
