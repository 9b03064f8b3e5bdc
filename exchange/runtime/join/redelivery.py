"""Hands records of the log to the join once more, each as the log took it.

Shape: messages of record topics → topic `redeliveries`, the record's own partition, key receipt id,
``exchange.events.Redelivery``. The join takes each as if it had come at its first place; one that has taken
effect already only repeats its receipt, so delivering too often does no harm.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from avro_schemas.typed_documents import RedeliveryCauseSymbol, RedeliveryDocument
from exchange.domain.values import Position
from exchange.folding.cloud_events import Headers, cloud_event
from exchange.folding.log_time import taken_at_of
from exchange.folding.written import Encode
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.sender import NotTakenError, Sender
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.topic_encoders import topic_encoder
from exchange.runtime.settings import Settings
from topics.catalogue import REDELIVERIES, Topic
from verification.times import instant_text


class RedeliveryFailedError(ExchangeError):
    """The brokers did not take everything; what they took does no harm, so begin again from the start."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Kafka did not take what was to be delivered again ({name}).",
            "`exchange status` shows what runs. Do it again: delivering twice does no harm.",
        )


@dataclass(frozen=True)
class Redeliverer:
    """Writes redeliveries for one purpose.

    Attributes:
        kafka: how the brokers are reached.
        topic: of redeliveries.
        encode: writes ``exchange.events.Redelivery``, framed.
        cause: why records are delivered again.
        source: the CloudEvents source of who does it.
    """

    kafka: KafkaAccess
    topic: Topic
    encode: Encode
    cause: RedeliveryCauseSymbol
    source: str

    def deliver_again(self, messages: Iterable[Any], told: Callable[[int], None] | None = None) -> None:
        """Return once the brokers hold all of them.

        Args:
            messages: as the client read them from record topics.
            told: called with how many were handed over so far.

        Raises:
            RedeliveryFailedError: they did not take all; beginning again does no harm.
        """
        sender = Sender(self.kafka, self.topic.max_message_bytes)
        try:
            for count, message in enumerate(messages, 1):
                receipt_id = str(Position(message.topic(), message.partition(), message.offset()))
                value = self.encode(self._document(message))
                sender.send(REDELIVERIES, value, receipt_id, self._headers(), message.partition())
                if told:
                    told(count)
            sender.finish()
        except NotTakenError as problem:
            raise RedeliveryFailedError(str(problem)) from None

    def _headers(self) -> Headers:
        now = instant_text(datetime.now(UTC))
        return cloud_event("exchange.events.redelivery", str(uuid4()), self.source, now)

    def _document(self, message: Any) -> RedeliveryDocument:
        return {
            "record_topic": message.topic(),
            "record_offset": message.offset(),
            "taken_at": taken_at_of(message),
            "record_key": message.key(),
            "record_value": message.value(),
            "cause": self.cause,
        }


def open_redeliverer(
    settings: Settings, registry: Registry, cause: RedeliveryCauseSymbol, source: str
) -> Redeliverer:
    """Return the writer of redeliveries for one purpose.

    Raises:
        RegistryAwayError: try again later.
        RegistryRefusedError: the schema is not registered.
    """
    topic = settings.city.catalogue.by_name[REDELIVERIES]
    return Redeliverer(settings.kafka, topic, topic_encoder(registry, topic).encode, cause, source)
