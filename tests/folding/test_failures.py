"""A rule that fails puts that record aside; rules that fail on and on stop the worker."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from exchange.folding import step as step_module
from exchange.folding.memory_states import MemoryStates
from exchange.folding.work import Batch
from exchange.runtime.join.batches import Failures, TooManyFailuresError
from tests.cases import given, next_of
from tests.made_log import Log, new_step
from tests.world import World

GOOD, BAD = False, True


def counted(limit: int, *batches: list[tuple[str, bool]]) -> None:
    """Count how the messages of batches ended."""
    failures = Failures(limit)
    for ends in batches:
        failures.count(Batch(ends=ends))


def test_so_many_failures_of_one_topic_stop_the_worker() -> None:
    """Over as many batches as it takes, and whatever else goes well meanwhile."""
    with pytest.raises(TooManyFailuresError, match="equity"):
        counted(3, [("equity", BAD), ("notary", GOOD), ("equity", BAD)], [("notary", GOOD), ("equity", BAD)])


def test_failures_with_a_success_between_them_do_not() -> None:
    """Single bad records go into quarantine for ever; that is what it is for."""
    counted(3, [("equity", BAD), ("equity", BAD), ("equity", GOOD)], [("equity", BAD), ("equity", BAD)])


def test_a_batch_says_on_which_of_its_messages_a_rule_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the operators are told where in the rules, without a word of the person."""
    log, records = Log(), [given("equity", "1"), given("notary"), given("equity", "2")]

    def fails(*_: object) -> None:
        raise ValueError("李秀兰")

    monkeypatch.setattr(step_module, "fold", fails)
    with capture_logs() as told:
        batch = new_step().run([log.message(record) for record in records], MemoryStates())
    assert batch.ends == [("records.equity", BAD), ("records.notary", BAD), ("records.equity", BAD)]
    assert [(one["event"], one["error"]) for one in told] == [("rule_failed", "ValueError")] * 3
    assert told[0]["receipt_id"].startswith("records.equity/")
    assert told[0]["at"].startswith("test_failures.py:")
    assert "李秀兰" not in str(told)


def test_a_case_on_which_a_rule_fails_when_its_time_comes_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else what is overdue would never be told, though the rule was mended within the hour."""
    made, certificate = World(), given("death_certificate")
    made.publish(certificate)
    made.publish(next_of(certificate, "REVOKED", "not dead", recorded_at="2026-04-02T09:00:00+08:00"))

    def fails(*_: object) -> None:
        raise ValueError

    with monkeypatch.context() as broken, capture_logs() as told:
        broken.setattr(step_module, "consequences", fails)
        made.tick(made.now + timedelta(hours=25))
    owed = {task["state"] for task in made.tasks.values() if task["kind"] == "ACKNOWLEDGE"}
    assert (owed, len(made.quarantined)) == ({"OPEN"}, 1)
    assert [one["case_id"] for one in told if one["event"] == "case_not_looked_at"] == list(made.cases)
    made.tick(made.now + timedelta(minutes=61))
    assert {task["state"] for task in made.tasks.values() if task["kind"] == "ACKNOWLEDGE"} == {"LATE"}
