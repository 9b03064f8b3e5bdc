"""Asking brokers again while leaders move: what a dead broker led has no leader for some seconds."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from confluent_kafka import KafkaError, KafkaException

from exchange.runtime.errors import ExchangeError
from exchange.runtime.sentences import said

MOVED_WITHIN_S: Final = 20.0
"""By then others lead what a killed broker led (ADR 0014); by Kafka's default its session alone lasts 9 s."""
KNOWN_WITHIN_S: Final = 5.0
"""How long a broker that has just started may not know a topic; after that the topic is missing."""
UNKNOWN: Final = frozenset({KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.UNKNOWN_TOPIC_ID})
MOVING: Final = UNKNOWN | {
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.REPLICA_NOT_AVAILABLE,
    KafkaError.BROKER_NOT_AVAILABLE,
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError.UNKNOWN_LEADER_EPOCH,
    KafkaError.OFFSET_NOT_AVAILABLE,
    # Groups also have leaders: their coordinators.
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError._WAIT_COORD,
    # The answer when the broker that was asked has just died.
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.NETWORK_EXCEPTION,
    KafkaError._TRANSPORT,
    KafkaError._TIMED_OUT,
}
"""The errors that pass by themselves; each may also mean that no broker is there, which takes longer."""
_PAUSE_S: Final = 0.2
T = TypeVar("T")


def moves(error: KafkaError) -> bool:
    """Say whether an error is one of those that a moving leader causes."""
    return error.code() in MOVING


def asked_again(
    ask: Callable[[], T],
    limit_s: float = MOVED_WITHIN_S,
    now: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> T:
    """Return the brokers' answer, asking again while leaders move.

    Args:
        ask: asks once.
        limit_s: for so long, and at least twice.
        now: a clock that never goes back, in seconds.
        wait: lets so many seconds pass.

    Raises:
        KafkaException: it does not pass, or has not passed by then.
    """
    began = now()
    while True:
        asked = now()
        try:
            return ask()
        except KafkaException as problem:
            error = problem.args[0]
            most_s = min(limit_s, KNOWN_WITHIN_S) if error.code() in UNKNOWN else limit_s
            if not moves(error) or asked - began > most_s:
                raise
        wait(_PAUSE_S)


def kafka_away(problem: str) -> str:
    """Return what somebody is told whose question brokers did not answer."""
    return said("kafka_away", problem=problem)


def answer_of(ask: Callable[[], T], told: Callable[[str], str] = kafka_away) -> T:
    """Return the brokers' answer to a command, asking again while leaders move.

    Args:
        ask: asks once.
        told: the brokers' problem → what somebody is told where there is no answer.

    Raises:
        ExchangeError: they refuse, or do not answer.
    """
    try:
        return asked_again(ask)
    except KafkaException as problem:
        raise ExchangeError(told(problem.args[0].str()), said("what_to_start")) from problem


def answers_of(
    ask: Callable[[], Mapping[Any, Any]], told: Callable[[str], str] = kafka_away
) -> dict[Any, Any]:
    """Return the answer to each question of one request, once all are there; else as `answer_of`."""
    return answer_of(lambda: {asked: answer.result() for asked, answer in ask().items()}, told)
