"""An access is noted even while leaders move; and nothing is shown if it cannot be."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from consumers.privacy import access_log as module
from consumers.privacy.access_log import Access, AccessLog
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.sender import NotTakenError

ACCESS = Access("window", "case")


class Senders:
    """Stands in for writing: this many times in a row it is not taken, for this reason."""

    def __init__(self, reason: str, times: int, monkeypatch: pytest.MonkeyPatch, *, answer: bool) -> None:
        self.keys: list[str] = []
        self._reason, self._times = reason, times
        monkeypatch.setattr(module, "Sender", lambda *_, **__: self)
        monkeypatch.setattr(module, "brokers_answer", lambda _: answer)
        monkeypatch.setattr(AccessLog, "_encode", lambda *_: b"")

    def send(self, _topic: str, _value: bytes, key: str, _headers: Any) -> None:
        """Take it, or not."""
        self.keys.append(key)

    def finish(self) -> None:
        """Say whether it was taken."""
        if len(self.keys) <= self._times:
            raise NotTakenError(self._reason)


def note() -> None:
    """Note an access."""
    AccessLog(cast(Any, SimpleNamespace(kafka=""))).note(ACCESS)


@pytest.mark.parametrize("reason", ["_MSG_TIMED_OUT", "timed out"])
def test_where_leaders_move_it_is_written_again_under_the_same_id(
    reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three brokers was killed: the others take over some seconds later."""
    senders = Senders(reason, 2, monkeypatch, answer=True)
    note()
    assert senders.keys == [ACCESS.access_id] * 3


@pytest.mark.parametrize(
    ("reason", "answer"), [("_MSG_TIMED_OUT", False), ("TOPIC_AUTHORIZATION_FAILED", True)]
)
def test_where_no_broker_is_or_it_is_refused_it_is_said_at_once(
    reason: str, answer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for what does not come."""
    senders = Senders(reason, 1, monkeypatch, answer=answer)
    with pytest.raises(ExchangeError, match="nothing is shown"):
        note()
    assert len(senders.keys) == 1


def test_it_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaders have moved by then."""
    Senders("_MSG_TIMED_OUT", 1_000_000, monkeypatch, answer=True)
    moments = iter([0.0, 5.0, 10.0, 15.0, 20.0, 25.0])
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    with pytest.raises(ExchangeError):
        note()
