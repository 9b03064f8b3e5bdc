"""What the exchange keeps of itself on the log, for whoever has nothing else: schemas, policies, credentials.

Shape: partition 0 of a topic that few write, one message after the other; of a compacted one some are gone.
"""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any, Final, NamedTuple

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from exchange.folding.cloud_events import Headers
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_admin, make_consumer, make_producer
from exchange.runtime.kafka.moving_leaders import asked_again
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.sentences import said
from topics.catalogue import SCHEMAS, Topic

_PARTITION: Final = 0
_TIMEOUT_S: Final = 60.0


class Kept(NamedTuple):
    """A message of such a topic."""

    key: bytes
    value: bytes


def is_made(kafka: KafkaAccess, topic: str) -> bool:
    """Say whether a topic has been made: a new exchange has none yet.

    Raises:
        ExchangeError: the brokers do not answer.
    """
    admin = make_admin(kafka)
    try:  # of all topics: brokers may make one that is asked for by its name
        return topic in asked_again(lambda: admin.list_topics(timeout=_TIMEOUT_S)).topics
    except KafkaException as problem:
        raise _brokers_away(topic) from problem


def kept_values(kafka: KafkaAccess, topic: str, most: int | None = None) -> list[Kept]:
    """Return what is kept, oldest first; of many only the last ``most``, if that is given.

    Raises:
        ExchangeError: the brokers do not answer.
    """
    place = (topic, _PARTITION)
    own = {"log_level": 0, "fetch.wait.max.ms": 100, "enable.partition.eof": True}
    with closing(make_consumer(kafka, own)) as consumer:
        try:
            low, high = watermarks(consumer, [place])[place]
            first = low if most is None else max(low, high - most)
            if first == high:
                return []
            consumer.assign([TopicPartition(*place, first)])
            return list(_values_to_the_end(consumer))
        except KafkaException as problem:
            raise _brokers_away(topic) from problem


def kept_copy(kafka: KafkaAccess) -> bytes | None:
    """Return the registry's export that was kept last; None where none was kept yet.

    Raises:
        ExchangeError: the brokers do not answer.
    """
    return next((kept.value for kept in kept_values(kafka, SCHEMAS, most=1)), None)


def keep_value(kafka: KafkaAccess, topic: Topic, key: bytes, value: bytes, headers: Headers) -> None:
    """Put a value on the log; return when the brokers have it.

    Raises:
        ExchangeError: they did not take it.
    """
    failed = []
    producer = make_producer(kafka, {"log_level": 0, "message.max.bytes": topic.max_message_bytes})
    try:
        producer.produce(
            topic.name,
            value,
            key,
            _PARTITION,
            headers=headers,
            on_delivery=lambda error, _: failed.append(error),
        )
    except KafkaException as problem:
        raise _brokers_away(topic.name) from problem
    if producer.flush(_TIMEOUT_S) or failed != [None]:
        raise _brokers_away(topic.name)


def _values_to_the_end(consumer: Any) -> Iterator[Kept]:
    while (kept := asked_again(partial(_next_value, consumer))) is not None:
        yield kept


def _next_value(consumer: Any) -> Kept | None:
    """Return the next one; None at the end."""
    message = consumer.poll(_TIMEOUT_S)
    if message is None:
        raise KafkaException(KafkaError(KafkaError._MSG_TIMED_OUT))
    if message.error() is not None:
        if message.error().code() == KafkaError._PARTITION_EOF:
            return None
        raise KafkaException(message.error())
    return Kept(bytes(message.key() or b""), bytes(message.value()))


def _brokers_away(topic: str) -> ExchangeError:
    return ExchangeError(said("kept_values_away", topic=topic), said("deploy_tries_again"))
