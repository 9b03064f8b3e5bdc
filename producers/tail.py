"""Follows departments' receipts from now on; remembers nothing and commits nothing."""

from collections.abc import Callable
from typing import Any, Final

from confluent_kafka import KafkaException, TopicPartition

from avro_schemas.typed_documents import ReceiptDocument
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_consumer, read_batch
from exchange.runtime.kafka.moving_leaders import moves
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.sentences import said
from topics.catalogue import Catalogue, receipts_topic

_MOST_AT_ONCE: Final = 1000

DecodeReceipt = Callable[[bytes], ReceiptDocument]


class ReceiptTail:
    """Reads the receipts that are written after a department was first followed."""

    def __init__(self, kafka: KafkaAccess, catalogue: Catalogue, decode: DecodeReceipt) -> None:
        # librdkafka's own log is silenced: what matters of it comes as an error here.
        # A client of its own asks where topics end: behind a waiting fetch each answer would wait with it.
        self._asker = make_consumer(kafka, {"log_level": 0})
        self._consumer = make_consumer(
            kafka,
            {
                "fetch.wait.max.ms": 100,  # a partition added meanwhile waits for so long
                "queued.max.messages.kbytes": 16_384,
                "log_level": 0,
            },
        )
        self._topics = catalogue.by_name
        self._decode = decode
        self._followed: set[str] = set()

    def follow(self, department: str) -> None:
        """From the moment this returns, no receipt of the department is missed.

        Raises:
            ExchangeError: the brokers do not say where its receipts end now.
        """
        if department not in self._followed:
            self._consumer.incremental_assign(self._ends(receipts_topic(department)))
            self._followed.add(department)

    def read(self, timeout_s: float) -> list[ReceiptDocument]:
        """What has come; waits up to the timeout for the first one.

        Raises:
            ExchangeError: reading failed for good.
        """
        if not self._followed:
            return []
        messages = read_batch(self._consumer, _MOST_AT_ONCE, timeout_s)
        return [self._decode(message.value()) for message in messages if _is_good(message)]

    def close(self) -> None:
        """Stop following."""
        self._asker.close()
        self._consumer.close()

    def _ends(self, topic: str) -> list[TopicPartition]:
        places = ((topic, partition) for partition in range(self._topics[topic].partitions))
        try:
            found = watermarks(self._asker, places)
        except KafkaException as error:
            problem = error.args[0].name()
            raise ExchangeError(
                said("receipts_unplaced", topic=topic, problem=problem), said("what_to_start")
            ) from None
        return [TopicPartition(*place, end) for place, (_, end) in found.items()]


def _is_good(message: Any) -> bool:
    """Whether it is a message; a passing fault of the connection is retried by the client itself."""
    error = message.error()
    if error is None:
        return True
    if error.retriable() or moves(error) or error.name().startswith("_"):
        return False
    raise ExchangeError(said("receipts_unread", problem=error.name()), said("what_to_start"))
