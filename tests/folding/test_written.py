"""Whatever came before, a case of which parts were written already is byte for byte the one written whole."""

from collections.abc import Iterable, Iterator

from hypothesis import given as hypothesis_given

from exchange.domain.case import case_of
from exchange.domain.documents import case_document
from exchange.domain.policy import load_policy
from exchange.domain.values import CaseState
from exchange.folding.written import NO_PARTS, Parts, Writing
from tests.cases import CASE_ID, Given, take
from tests.full_story import EVENTS
from tests.histories import histories
from tests.made_log import CASE_PARTS, ENCODERS
from topics.catalogue import CASES

POLICY, ENCODE = load_policy(), ENCODERS[CASES]


def written(records: Iterable[Given]) -> Iterator[tuple[Parts, Parts]]:
    """The parts of the case before and after each record; the bytes of each case are compared."""
    state, before = CaseState(CASE_ID), NO_PARTS
    for offset, record in enumerate(records):
        state = take(state, record, offset).state
        case, writing = case_of(state, POLICY), Writing(CASE_PARTS, before)
        assert ENCODE(case_document(case, writing)) == ENCODE(case_document(case))
        yield before, writing.parts
        before = writing.parts


@hypothesis_given(histories())
def test_whatever_was_written_before(records: list[Given]) -> None:
    """Readers cannot tell a case from one that nothing was spared of."""
    assert len(list(written(records))) == len(records)


def test_so_it_is_in_the_whole_story_and_most_is_spared_there() -> None:
    """Else this compares what is written whole with itself."""
    steps = list(written(one.record for one in EVENTS))
    parts = sum(len(after) for _, after in steps)
    spared = sum(after[name] is before.get(name) for before, after in steps for name in after)
    assert spared > parts / 2
