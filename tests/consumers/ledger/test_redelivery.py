"""A record that is to be delivered again is read at its place; what cannot be read now is not given up."""

from typing import Any, cast
from unittest.mock import Mock

import pytest
from confluent_kafka import KafkaError, KafkaException

from consumers.ledger import redelivery as module
from consumers.ledger.redelivery import Redelivering
from exchange.domain.values import Position

PLACE = Position("records.cremation", 3, 17)


def gone(code: int, monkeypatch: pytest.MonkeyPatch) -> set[Position]:
    """What the log is said not to hold when the reader meets that error."""
    message = Mock(**{"error.return_value": KafkaError(code)})
    monkeypatch.setattr(module, "make_consumer", lambda *_: Mock(**{"poll.return_value": message}))
    monkeypatch.setattr(module, "open_redeliverer", lambda *_: Mock(deliver_again=list))
    return Redelivering(cast(Any, Mock()), cast(Any, None)).deliver_again([PLACE])


def test_what_the_log_holds_no_more_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was cut: nobody need ask again."""
    assert gone(KafkaError._AUTO_OFFSET_RESET, monkeypatch) == {PLACE}


def test_what_can_not_be_read_now_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A leader that moves, or a right that is missing for a moment, is no gap of the log."""
    with pytest.raises(KafkaException):
        gone(KafkaError.TOPIC_AUTHORIZATION_FAILED, monkeypatch)
