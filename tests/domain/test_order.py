"""Whatever the order in which records arrive, and however often: one case, and the same things told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from avro_schemas.catalogue import schema
from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.fold import consequences
from exchange.domain.policy import Policy, load_policy
from exchange.domain.values import CaseState, Told
from exchange.runtime.registry.serde import Encoder
from tests.cases import CASE_ID, Given, document, given, state_of, take, tell
from tests.histories import POOL, histories
from tests.policies import counting_from, examining_first
from tests.strategies import any_valid_record
from verification.times import instant_text

ENCODER = Encoder(schema("case"), 1)


POLICIES = st.sampled_from([load_policy(), counting_from("recorded"), examining_first()])
BEGUN = datetime(2026, 6, 20, tzinfo=UTC)
"""When the log took the first record, after they all were recorded."""


@dataclass(frozen=True)
class Logged:
    """A record with its place in the log and when the log took it."""

    offset: int
    taken_at: str
    record: Given


@st.composite
def logged(draw: st.DrawFn) -> list[Logged]:
    """A history as the log took it: at once, or over some weeks."""
    hours = draw(st.sampled_from([0, 5, 40]))
    moments = [BEGUN + timedelta(hours=hours * offset) for offset in range(40)]
    return [Logged(at, instant_text(moments[at]), record) for at, record in enumerate(draw(histories()))]


def encoded(state: CaseState, policy: Policy) -> bytes:
    """The case as it is published, byte for byte."""
    return ENCODER.encode(case_document(case_of(state, policy)))


def told(entries: Iterable[Logged], policy: Policy) -> CaseState:
    """The state after records that arrive in this order, each with its place and its time."""
    state = CaseState(CASE_ID)
    for one in entries:
        state = consequences(
            take(state, one.record, one.offset, one.taken_at).state, policy, one.taken_at
        ).state
    return state


def standing(state: CaseState) -> dict[tuple[int, str | None, str], Told]:
    """What the department was told last of each matter and still holds; when, and after what, may differ."""
    told = (
        replace(one, at="", announcement_id=one.base) for one in state.told if one.transition != "SUSPENDED"
    )
    return {(one.matter, one.instance, one.department): one for one in told}


@settings(deadline=None, max_examples=40)
@hypothesis_given(logged(), POLICIES, st.data())
def test_any_order_with_repetitions_gives_the_same_case_and_the_same_standing_announcements(
    entries: list[Logged], policy: Policy, data: st.DataObject
) -> None:
    """The log is read in turns, late and twice; nobody's case may depend on that, nor any limit."""
    again = data.draw(st.lists(st.sampled_from(entries), max_size=4))
    first = told(entries, policy)
    second = told(data.draw(st.permutations(entries + again)), policy)
    assert encoded(first, policy) == encoded(second, policy)
    assert standing(first) == standing(second)


@settings(deadline=None, max_examples=25)
@hypothesis_given(histories())
def test_what_stands_announced_is_what_the_case_says(records: list[Given]) -> None:
    """A department that reads its announcements knows each matter's state, pure history excepted."""
    state, _ = tell(records)
    views = {(v.matter, v.instance, v.department): v for v in case_of(state, load_policy()).matters}
    for key, told in standing(state).items():
        transition = "RECOVERY" if views[key].recovery else views[key].state
        assert (transition, views[key].proof_ids) == (told.transition, told.proofs)


@settings(deadline=None, max_examples=40)
@hypothesis_given(histories())
def test_replaying_the_same_places_of_the_log_changes_nothing_and_repeats_the_receipts(
    records: list[Given],
) -> None:
    """After a crash a batch is read again: same state, same answers, nothing told anew."""
    state = CaseState("0" * 32)
    before = []
    for offset, record in enumerate(records):
        folded = take(state, record, offset)
        state = folded.state
        before.append((folded.status, folded.reasons))
    after = [take(state, record, offset) for offset, record in enumerate(records)]
    assert all(folded.state is state for folded in after)
    assert [(folded.status, folded.reasons) for folded in after] == before


@hypothesis_given(st.sampled_from(POOL))
def test_the_same_id_and_content_from_elsewhere_is_a_duplicate(record: Given) -> None:
    """A retry after a time-out is acknowledged again and has no second effect."""
    state = state_of([record])
    folded = take(state, record, 99)
    assert (folded.status, folded.state) == ("DUPLICATE", state)


@hypothesis_given(st.sampled_from(POOL))
def test_the_same_id_with_other_content_is_refused(record: Given) -> None:
    """One id, one content: the first that the log took stands."""
    state = state_of([record])
    folded = take(state, (record[0], {**record[1], "county": "秦州区"}), 99)
    assert (folded.status, folded.state) == ("REJECTED", state)
    assert [reason.code for reason in folded.reasons] == ["record_id_reused"]


@settings(deadline=None, max_examples=25)
@hypothesis_given(st.lists(any_valid_record(), min_size=1, max_size=6))
def test_the_fold_is_total(drawn: list[tuple[str, dict[str, object]]]) -> None:
    """Whatever acceptance lets in makes a case that can be published."""
    person = {"id_number": given("cremation")[1]["id_number"], "name": "李秀兰"}
    records = []
    for record_type, record in drawn:
        told = {name: value for name, value in record.items() if name not in {"sex", "birth_date"}}
        owner = {"department": "justice"} if record_type in {"result", "acknowledgement"} else {}
        records.append((record_type, {**told, **person, **owner}))
    assert ENCODER.encode(document(*records))
