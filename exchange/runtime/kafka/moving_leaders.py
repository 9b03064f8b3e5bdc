"""Asking brokers again while leaders move: what a dead broker led has no leader for some seconds."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from confluent_kafka import KafkaError, KafkaException

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
