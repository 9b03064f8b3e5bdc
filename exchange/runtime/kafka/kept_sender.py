"""Writes one message at a time over a connection that is kept, and waits until the brokers hold it."""

import threading
import time
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException

from exchange.folding.cloud_events import Headers
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.kafka.sender import HEARD_S, TOO_LONG, LogPlace, NotTakenError

_LOOK_S: Final = 0.005
"""Another thread that looks may take the news of a message: so nobody looks for long."""


class KeptSender:
    """For what somebody waits for; threads may share it. It connects with the first message.

    Args:
        kafka: how the brokers are reached.
        limit_s: how long they may take over a message.
    """

    def __init__(self, kafka: KafkaAccess, limit_s: float) -> None:
        self._kafka = kafka
        self._limit_s = limit_s
        self._first = threading.Lock()
        self._producer: Any = None

    def send(self, topic: str, value: bytes, key: str | bytes, headers: Headers) -> LogPlace:
        """Return once the brokers hold the message, and where.

        Raises:
            NotTakenError: they do not; or, where it took too long, nobody knows.
        """
        told: list[tuple[KafkaError | None, Any]] = []
        producer = self._connected()
        try:
            producer.produce(
                topic, value, key, headers=headers, on_delivery=lambda *delivered: told.append(delivered)
            )
        except (BufferError, KafkaException) as problem:
            raise NotTakenError(_name(problem)) from None
        end = time.monotonic() + self._limit_s + HEARD_S
        while not told and time.monotonic() < end:
            producer.poll(_LOOK_S)
        if not told:
            raise NotTakenError(TOO_LONG)
        error, message = told[0]
        if error is not None:
            raise NotTakenError(error.name())
        return message.partition(), message.offset()

    def _connected(self) -> Any:
        with self._first:
            if self._producer is None:
                limit_ms = int(self._limit_s * 1000)
                own = {"message.timeout.ms": limit_ms, "linger.ms": 0, "log_level": 0}
                self._producer = make_producer(self._kafka, own)
        return self._producer


def _name(problem: BufferError | KafkaException) -> str:
    error = problem.args[0]
    name: str = error.name() if isinstance(error, KafkaError) else TOO_LONG
    return name
