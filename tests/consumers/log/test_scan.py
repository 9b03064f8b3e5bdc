"""Asking where the log ends outlasts the moment in which a partition has no leader."""

from unittest.mock import Mock

import pytest
from confluent_kafka import KafkaError, KafkaException

from consumers.log import scan as case_log
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
