"""Has records delivered again: each is read at its place in the log and handed to the join once more."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, Final

from confluent_kafka import KafkaException, TopicPartition

from consumers.log.reader import GONE, LogAwayError
from exchange.domain.values import Position
from exchange.runtime.join.redelivery import RedeliveryFailedError, open_redeliverer
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings

SOURCE: Final = "/exchange/reconciler"
ANSWER_LIMIT_S: Final = 10.0


class Redelivering:
    """Reads records one by one at their places and hands them over."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self._settings = settings
        self._registry = registry

    def deliver_again(self, places: Iterable[Position]) -> set[Position]:
        """Return, once the brokers hold all of them, the places at which the log no longer holds a record.

        Raises:
            LogAwayError: the brokers do not answer; what was delivered already does no harm.
            RegistryAwayError, RegistryRefusedError: there is no schema to be had.
        """
        gone: set[Position] = set()
        redeliverer = open_redeliverer(self._settings, self._registry, "RECONCILED", SOURCE)
        try:
            redeliverer.deliver_again(self._read(places, gone))
        except RedeliveryFailedError as problem:
            raise LogAwayError(problem.message) from problem
        return gone

    def _read(self, places: Iterable[Position], gone: set[Position]) -> Iterator[Any]:
        own = {"queued.min.messages": 1, "log_level": 0}
        with closing(make_consumer(self._settings.kafka, own)) as reader:
            for place in places:
                message = _read_at(reader, place)
                if message is None:
                    gone.add(place)
                else:
                    yield message


def _read_at(reader: Any, place: Position) -> Any | None:
    """Return the message at a place; None where the log does not hold it."""
    reader.assign([TopicPartition(place.topic, place.partition, place.offset)])
    message = reader.poll(ANSWER_LIMIT_S)
    if message is None:
        raise LogAwayError("timed out")
    error = message.error()
    if error is not None and error.code() not in GONE:
        raise KafkaException(error)
    return message if error is None and message.offset() == place.offset else None
