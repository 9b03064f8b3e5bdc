"""Asking where the log ends outlasts the moment in which a partition has no leader."""

from unittest.mock import Mock

import pytest
from confluent_kafka import KafkaError, KafkaException
from hypothesis import given
from hypothesis import strategies as st

from consumers.log import scan as case_log
from consumers.log.scan import NEAR, stretches
from consumers.log.source import PartitionSpots
from exchange.runtime.errors import ExchangeError

PLACE = ("records.cremation", 3)


def unanswered(times: int) -> object:
    """Brokers that are choosing a leader for this many questions."""
    left = [times]

    def asked(_admin: object, places: list[tuple[str, int]], *_how: object) -> dict[tuple[str, int], int]:
        left[0] -= 1
        if left[0] >= 0:
            raise KafkaException(KafkaError(KafkaError.UNKNOWN_LEADER_EPOCH))
        return dict.fromkeys(places, 7)

    return asked


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that has a connection."""
    monkeypatch.setattr(case_log, "make_admin", lambda _bootstrap: Mock())


def test_a_leader_that_is_being_chosen_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the restart of a broker an answer is a matter of moments."""
    monkeypatch.setattr(case_log, "READ_S", 0.0)
    monkeypatch.setattr(case_log, "_asked", unanswered(3))
    assert case_log.log_bounds("", [PLACE]) == ({PLACE: 7}, {PLACE: 7})


def test_brokers_that_stay_away_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words for people, with what to do; never as a trace of calls."""
    monkeypatch.setattr(case_log, "PATIENCE_S", 0.0)
    monkeypatch.setattr(case_log, "READ_S", 0.0)
    monkeypatch.setattr(case_log, "_asked", unanswered(1_000_000))
    with pytest.raises(ExchangeError, match="UNKNOWN_LEADER_EPOCH"), case_log.saying_that_the_log_is_away():
        case_log.log_bounds("", [PLACE])


@given(
    first=st.integers(0, 500),
    length=st.integers(0, 3000),
    reached=st.integers(0, 4000),
    spots=st.sets(st.integers(0, 4000), max_size=12),
)
def test_what_an_index_knows_and_what_it_has_not_read_yet_is_read_once(
    first: int, length: int, reached: int, spots: set[int]
) -> None:
    """Nothing of a person's history may be left out because an index is behind, or read twice."""
    end = first + length
    known = PartitionSpots(tuple(at for at in spots if at < reached), reached)
    found = stretches(first, end, known)
    read = [at for low, high in found for at in range(low, high)]
    assert read == sorted(set(read))
    assert set(read) <= set(range(first, end))
    if reached > end:
        assert len(read) == length, "an index of another log is not believed"
        return
    assert set(read) >= {at for at in known.offsets if at >= first} | set(range(max(first, reached), end))
    assert len(read) <= max(0, end - max(first, reached)) + (NEAR + 1) * (len(known.offsets) + 1)


def test_what_no_index_knows_is_read_whole() -> None:
    """As where the projector has never run."""
    assert stretches(3, 9, None) == [(3, 9)]
    assert stretches(9, 9, None) == []
