"""A command asks brokers again while leaders move, for some seconds and no longer."""

from concurrent.futures import Future
from dataclasses import dataclass, field

import pytest
from confluent_kafka import KafkaError, KafkaException

from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.moving_leaders import (
    KNOWN_WITHIN_S,
    MOVED_WITHIN_S,
    MOVING,
    UNKNOWN,
    answer_of,
    answers_of,
    asked_again,
    moves,
)
from tests.cells import each_cell

STAYS = (
    *(KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED),
    *(KafkaError.CLUSTER_AUTHORIZATION_FAILED, KafkaError.SASL_AUTHENTICATION_FAILED),
    *(KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_MSG, KafkaError.TOPIC_EXCEPTION),
    *(KafkaError.OFFSET_OUT_OF_RANGE, KafkaError.UNSUPPORTED_VERSION, KafkaError.INVALID_CONFIG),
    *(KafkaError.PRODUCER_FENCED, KafkaError._AUTHENTICATION, KafkaError._INVALID_ARG),
    *(KafkaError._AUTO_OFFSET_RESET, KafkaError._FENCED, KafkaError._SSL),
)
"""What is refused for good, as many kinds of it as pass."""


@dataclass
class Brokers:
    """They fail this many times with this error, each time after this many seconds, and then answer."""

    code: int
    times: int
    takes_s: float = 0.0
    now: float = 0.0
    asked: int = 0
    waits: list[float] = field(default_factory=list)

    def ask(self) -> str:
        """Answer, or fail."""
        self.asked += 1
        self.now += self.takes_s
        if self.asked <= self.times:
            raise KafkaException(KafkaError(self.code))
        return "answer"

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += seconds

    def asked_again(self) -> str:
        """Ask as a command does."""
        return asked_again(self.ask, now=lambda: self.now, wait=self.wait)


@each_cell("times", [0, 1, 2, 5, 20])
@each_cell("code", sorted(MOVING), ids=lambda code: KafkaError(code).name())
def test_what_passes_is_asked_again(code: int, times: int) -> None:
    """A broker was killed; others lead what it led some seconds later."""
    brokers = Brokers(code, times)
    assert brokers.asked_again() == "answer"
    assert (brokers.asked, len(brokers.waits)) == (times + 1, times)


@each_cell("code", STAYS, ids=lambda code: KafkaError(code).name())
def test_what_does_not_pass_is_said_at_once(code: int) -> None:
    """A right that is missing is still missing in twenty seconds."""
    brokers = Brokers(code, 1)
    with pytest.raises(KafkaException):
        brokers.asked_again()
    assert (brokers.asked, brokers.waits) == (1, [])
    assert not moves(KafkaError(code))


@each_cell("code", sorted(MOVING), ids=lambda code: KafkaError(code).name())
def test_nobody_waits_for_ever(code: int) -> None:
    """For leaders as long as their moving takes; for a topic that may not be there, moments."""
    brokers = Brokers(code, 1_000_000)
    with pytest.raises(KafkaException):
        brokers.asked_again()
    most_s = KNOWN_WITHIN_S if code in UNKNOWN else MOVED_WITHIN_S
    assert most_s < brokers.now < most_s + 1


def test_an_answer_that_takes_its_time_is_asked_for_twice() -> None:
    """One question may be all that the time is enough for."""
    brokers = Brokers(KafkaError._TIMED_OUT, 1, takes_s=MOVED_WITHIN_S * 2)
    assert brokers.asked_again() == "answer"


def refused() -> str:
    """What no waiting mends."""
    raise KafkaException(KafkaError(KafkaError.CLUSTER_AUTHORIZATION_FAILED, "not you"))


def test_a_command_that_is_refused_says_so_in_the_sentence_that_fits() -> None:
    """Whoever gave it reads what was not done, and not what the client calls the problem."""
    with pytest.raises(ExchangeError, match="No rule was changed: not you"):
        answer_of(refused, lambda problem: f"No rule was changed: {problem}")
    with pytest.raises(ExchangeError, match=r"Kafka does not answer \(not you\)"):
        answer_of(refused)


def test_of_a_request_with_several_questions_one_that_is_refused_is_told() -> None:
    """What was done in part is not done."""
    answers: dict[str, Future[int]] = {"one": Future(), "two": Future()}
    answers["one"].set_result(1)
    answers["two"].set_result(2)
    assert answers_of(lambda: answers) == {"one": 1, "two": 2}
    answers["two"] = Future()
    answers["two"].set_exception(KafkaException(KafkaError(KafkaError.INVALID_CONFIG, "none such")))
    with pytest.raises(ExchangeError, match="none such"):
        answers_of(lambda: answers)
