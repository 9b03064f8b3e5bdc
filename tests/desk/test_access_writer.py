"""An access is noted even while leaders move; and nothing is shown if it cannot be."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from exchange.desk import access_writer as module
from exchange.desk.access_records import Access, access_message, distinct
from exchange.desk.access_writer import AccessWriter
from exchange.desk.asker import Asker
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.sender import NotTakenError

CLERK = Asker("zhang", "department_handler", {"department": "police"}, "api", display_name="张敏")
ACCESS = Access(CLERK, "look", "case")


class Senders:
    """Stands in for writing: this many times in a row it is not taken, for this reason."""

    def __init__(self, reason: str, times: int, monkeypatch: pytest.MonkeyPatch, *, answer: bool) -> None:
        self.keys: list[str] = []
        self._reason, self._times = reason, times
        monkeypatch.setattr(module, "KeptSender", lambda *_: self)
        monkeypatch.setattr(module, "brokers_answer", lambda _: answer)

    def send(self, _topic: str, _value: bytes, key: str, _headers: Any) -> None:
        """Take it, or not."""
        self.keys.append(key)
        if len(self.keys) <= self._times:
            raise NotTakenError(self._reason)


def note() -> None:
    """Note an access."""
    kafka = SimpleNamespace(user="operator")
    AccessWriter(cast(Any, kafka), lambda *_: b"").note(ACCESS)


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


def test_a_record_says_who_looked_by_which_right_and_from_where() -> None:
    """An auditor reads in it what the account was, and by which line of access.yaml it was shown."""
    document = access_message(ACCESS, "gateway").document
    said = {
        name: document[name] for name in ("actor", "role", "system", "purpose", "department", "principal")
    }
    assert list(said.values()) == ["zhang", "department_handler", "api", "look", "police", "gateway"]


@pytest.mark.parametrize(
    ("shown", "case_id", "case_ids"),
    [((), None, []), (("a",), "a", ["a"]), (("a", "b"), None, ["a", "b"])],
)
def test_one_record_names_everybody_whom_an_answer_shows(
    shown: tuple[str, ...], case_id: str | None, case_ids: list[str]
) -> None:
    """One person alone as ever, by whose case id the topic is also keyed."""
    access = Access(CLERK, "look", "case", shown)
    key, document, _ = access_message(access, "operator")
    assert (document["case_id"], document["case_ids"]) == (case_id, case_ids)
    assert key == (case_id or access.access_id)


def test_nobody_is_named_twice() -> None:
    """Of two matters of one person, it is one person."""
    assert distinct(["b", "a", "b"]) == ("b", "a")
