"""Writes many messages at once, and says when the brokers hold them all."""

from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException

from exchange.runtime.cloud_events import Headers
from exchange.runtime.kafka_clients import make_producer

ANSWER_LIMIT_S: Final = 10.0
_WAIT_S: Final = 0.1
_ANY: Final = -1


class NotTakenError(Exception):
    """The brokers did not take everything; the text is the client's name for why."""


class Sender:
    """One writing of many messages.

    Args:
        bootstrap: the brokers.
        most_bytes: the largest message that may be written.
    """

    def __init__(self, bootstrap: str, most_bytes: int = 1_000_000) -> None:
        self._failure: str | None = None
        self._producer = make_producer(
            bootstrap,
            {
                "message.max.bytes": most_bytes,
                "message.timeout.ms": int(ANSWER_LIMIT_S * 1000),
                "linger.ms": 5,
                "log_level": 0,
                "on_delivery": self._delivered,
            },
        )

    def send(self, topic: str, value: bytes, key: str, headers: Headers, partition: int = _ANY) -> None:
        """Hand one over, waiting while the client has as much as it may hold; without a partition by its key.

        Raises:
            NotTakenError: this one, or one before it, was not taken.
        """
        while self._failure is None:
            try:
                self._producer.produce(topic, value, key, partition, headers=headers)
            except BufferError:
                self._producer.poll(_WAIT_S)
            except KafkaException as problem:
                self._failure = problem.args[0].name()
            else:
                self._producer.poll(0)
                return
        raise NotTakenError(self._failure)

    def finish(self) -> None:
        """Return once the brokers hold all.

        Raises:
            NotTakenError: they do not; what they took they keep.
        """
        if self._producer.flush(ANSWER_LIMIT_S) or self._failure:
            raise NotTakenError(self._failure or "timed out")

    def _delivered(self, error: KafkaError | None, _message: Any) -> None:
        if error is not None:  # never by `==`: the client's errors can not be compared with None
            self._failure = self._failure or error.name()
