"""Hands records of the log to the join once more, each as the log took it.

Shape: messages of record topics → topic `redeliveries`, the record's own partition, key receipt id,
``exchange.events.Redelivery``. The join takes each as if it had come at its first place; one that has taken
effect only repeats its receipt, so to deliver too often does no harm.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from confluent_kafka import KafkaError, KafkaException

from exchange.domain.values import Position
from exchange.runtime.cloud_events import cloud_event
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka_clients import make_producer
from exchange.runtime.registry import Registry
from exchange.runtime.settings import Settings
from exchange.runtime.topic_encoders import topic_encoder
from topics.catalogue import REDELIVERIES, load_catalogue
from verification.times import instant_text

ANSWER_LIMIT_S: Final = 10.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WAIT_S: Final = 0.1

Cause = Literal["RECONCILED", "RETRIED"]
Encode = Callable[[Mapping[str, Any]], bytes]


class RedeliveryFailedError(ExchangeError):
    """The brokers did not take everything; what they took does no harm, so begin again."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Kafka did not take what was to be delivered again ({name}).",
            "`exchange status` shows what runs. Do it again: delivering twice does no harm.",
        )


@dataclass
class _Answers:
    """What the brokers said: partition → offset of its last redelivery, and the first failure."""

    last: dict[int, int] = field(default_factory=dict)
    failure: str | None = None

    def note(self, error: KafkaError | None, message: Any) -> None:
        # Never by `==`: the client's errors can not be compared with None.
        if error is not None:
            self.failure = self.failure or error.name()
            return
        self.last[message.partition()] = max(message.offset(), self.last.get(message.partition(), -1))


@dataclass(frozen=True)
class Redeliverer:
    """Writes redeliveries for one purpose.

    Attributes:
        bootstrap: the brokers.
        encode: writes ``exchange.events.Redelivery``, framed.
        cause: why records are delivered again.
        source: the CloudEvents source of who does it.
    """

    bootstrap: str
    encode: Encode
    cause: Cause
    source: str

    def deliver_again(
        self, messages: Iterable[Any], told: Callable[[int], None] | None = None
    ) -> Mapping[int, int]:
        """Return once the brokers hold all of them: partition of `redeliveries` → offset of its last one.

        Args:
            messages: as the client read them from record topics.
            told: called with how many were handed over so far.

        Raises:
            RedeliveryFailedError: they did not take all; begin again, it does no harm.
        """
        answers = _Answers()
        producer = make_producer(self.bootstrap, self._own(answers))
        for count, message in enumerate(messages, 1):
            self._produce(producer, message)
            if answers.failure:
                break
            if told:
                told(count)
        if producer.flush(ANSWER_LIMIT_S) or answers.failure:
            raise RedeliveryFailedError(answers.failure or "timed out")
        return answers.last

    def _produce(self, producer: Any, message: Any) -> None:
        """Hand one over, waiting while the client has as much as it may hold."""
        receipt_id = str(Position(message.topic(), message.partition(), message.offset()))
        value = self.encode(self._document(message))
        now = instant_text(datetime.now(UTC))
        headers = cloud_event("exchange.events.redelivery", str(uuid4()), self.source, now)
        while True:
            try:
                producer.produce(REDELIVERIES, value, receipt_id, message.partition(), headers=headers)
            except BufferError:
                producer.poll(_WAIT_S)
            except KafkaException as problem:
                raise RedeliveryFailedError(problem.args[0].name()) from None
            else:
                producer.poll(0)
                return

    def _document(self, message: Any) -> Mapping[str, Any]:
        return {
            "record_topic": message.topic(),
            "record_offset": message.offset(),
            "taken_at": taken_at_of(message),
            "record_key": message.key(),
            "record_value": message.value(),
            "cause": self.cause,
        }

    def _own(self, answers: _Answers) -> Mapping[str, object]:
        return {
            "message.max.bytes": load_catalogue().by_name[REDELIVERIES].max_message_bytes,
            "message.timeout.ms": int(ANSWER_LIMIT_S * 1000),
            "linger.ms": 5,
            "log_level": 0,
            "on_delivery": answers.note,
        }


def open_redeliverer(settings: Settings, registry: Registry, cause: Cause, source: str) -> Redeliverer:
    """Return the writer of redeliveries for one purpose.

    Raises:
        RegistryAwayError: try again later.
        RegistryRefusedError: the schema is not registered.
    """
    encode = topic_encoder(registry, REDELIVERIES).encode
    return Redeliverer(settings.kafka, encode, cause, source)


def taken_at_of(message: Any) -> datetime:
    """Return when the log took a message: its append time, to the millisecond, UTC."""
    return _EPOCH + timedelta(milliseconds=message.timestamp()[1])
