"""Writes messages, one or many, and says when the brokers hold them all."""

from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException

from exchange.folding.cloud_events import Headers
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_producer

ANSWER_LIMIT_S: Final = 10.0
"""For brokers at work; if one may just have died, another leads after some 20 s (ADR 0014)."""
HEARD_S: Final = 1.0
"""How much longer to wait for news of a message that took too long: after that it is surely given up."""
_WAIT_S: Final = 0.1
_ANY: Final = -1
TOO_LONG: Final = "timed out"

LogPlace = tuple[int, int | None]
"""Partition and offset that the brokers gave a message.

The offset is None of what a broker took just before it died, unheard: the next one knows that it has it, and
does not say where.
"""


class NotTakenError(Exception):
    """The brokers did not take everything; the text is the client's name for why."""

    @property
    def took_too_long(self) -> bool:
        """Whether nobody refused the message: it may be taken another time."""
        return str(self) in {TOO_LONG, KafkaError(KafkaError._MSG_TIMED_OUT).name()}


class Sender:
    """One run of writing messages.

    Args:
        kafka: how the brokers are reached.
        most_bytes: the largest message that may be written.
        limit_s: how long the brokers may take over a message, and over the last ones together.
    """

    def __init__(
        self, kafka: KafkaAccess, most_bytes: int = 1_000_000, limit_s: float = ANSWER_LIMIT_S
    ) -> None:
        failures: list[str] = []

        def delivered(error: KafkaError | None, _message: Any) -> None:
            if error is not None:  # never by `==`: the client's errors cannot be compared with None
                failures.append(error.name())

        self._limit_s = limit_s
        self._failures = failures
        own = {"message.max.bytes": most_bytes, "message.timeout.ms": int(limit_s * 1000), "linger.ms": 5}
        # The call-back does not know this object: a reference cycle would keep the client alive and at work.
        self._producer = make_producer(kafka, {**own, "log_level": 0, "on_delivery": delivered})

    def send(self, topic: str, value: bytes, key: str, headers: Headers, partition: int = _ANY) -> None:
        """Hand one over, waiting while the client's queue is full; with no partition given, the key decides.

        Raises:
            NotTakenError: this one, or one before it, was not taken.
        """
        while not self._failures:
            try:
                self._producer.produce(topic, value, key, partition, headers=headers)
            except BufferError:
                self._producer.poll(_WAIT_S)
            except KafkaException as problem:
                self._failures.append(problem.args[0].name())
            else:
                self._producer.poll(0)
                return
        raise NotTakenError(self._failures[0])

    def finish(self) -> None:
        """Return once the brokers hold all.

        Raises:
            NotTakenError: they do not; what they took they keep.
        """
        if self._producer.flush(self._limit_s + HEARD_S) or self._failures:
            raise NotTakenError(self._failures[0] if self._failures else TOO_LONG)
