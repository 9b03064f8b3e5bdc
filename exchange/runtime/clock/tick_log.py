"""The topic `clock` as the clock uses it: it asks what each partition was told last, and tells it more.

Shape: topic `clock`, no key, ``exchange.events.ClockTick``. The event's id follows from partition and moment:
a reader that meets a tick twice, from two clocks or after a crash, can tell.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, Self

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import ClockTickDocument
from exchange.folding.cloud_events import Headers, cloud_event
from exchange.folding.errors import SerdeError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_consumer, make_producer
from exchange.runtime.logs import logger
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.registry.topic_encoders import topic_encoder
from exchange.runtime.stopping import Stop
from topics.catalogue import CLOCK, Catalogue, Topic
from verification.times import instant_text

SOURCE: Final = "/exchange/clock"
ANSWER_LIMIT_S: Final = 5.0
"""How long the brokers may take over a question or a tick; the next tick says more than a late one."""
_POLL_S: Final = 0.05
"""Short, because a stop is not noticed meanwhile."""
_LAST_MESSAGE: Final = -2001  # librdkafka's RD_KAFKA_OFFSET_TAIL(1), for which its Python client has no name
_PRODUCER: Final = {
    "linger.ms": 0,
    "message.timeout.ms": int(ANSWER_LIMIT_S * 1000),
    "reconnect.backoff.max.ms": 1000,
    "log_level": 0,  # the client's own lines are not structured logs
}
_CONSUMER: Final = {"enable.partition.eof": True, "fetch.wait.max.ms": 100, "log_level": 0}

log = logger("tick_log")


class TicksAwayError(Exception):
    """The brokers do not answer, or did not take a tick; try again later."""


class TickLog:
    """The ticks of one topic, over connections of its own; a context manager."""

    def __init__(
        self,
        kafka: KafkaAccess,
        topic: Topic,
        encode: Callable[[Mapping[str, Any]], bytes],
        decode: Callable[[bytes], ClockTickDocument],
    ) -> None:
        self._kafka = kafka
        self._topic = topic
        self._encode = encode
        self._decode = decode
        self._producer = make_producer(kafka, _PRODUCER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # A tick still on its way when the next life begins could arrive after a later one.
        self._producer.purge()

    @property
    def partitions(self) -> range:
        """The partitions that are told."""
        return range(self._topic.partitions)

    def last_told(self, stop: Stop) -> dict[int, datetime]:
        """Return the moment that each partition was told last; those without any are left out.

        Raises:
            TicksAwayError, RegistryAwayError: try again later.
        """
        consumer = make_consumer(self._kafka, _CONSUMER)
        try:
            consumer.assign([TopicPartition(self._topic.name, p, _LAST_MESSAGE) for p in self.partitions])
            return self._read_to_ends(consumer, stop)
        finally:
            consumer.close()

    def tell(self, moment: datetime, partitions: Collection[int], stop: Stop) -> None:
        """Announce a moment on these partitions; return when all have acknowledged it, or at a stop.

        Raises:
            TicksAwayError: at least one has not; `last_told` says which have.
        """
        answers: list[KafkaError | None] = []
        value = self._encode({"at": moment})
        try:
            for partition in partitions:
                self._producer.produce(
                    self._topic.name,
                    value,
                    partition=partition,
                    headers=_headers(partition, moment),
                    on_delivery=lambda error, _: answers.append(error),
                )
        except KafkaException as problem:
            raise TicksAwayError(problem.args[0].name()) from problem
        while len(answers) < len(partitions) and not stop.asked:
            self._producer.poll(_POLL_S)
        # Never by `==`: the client's errors cannot be compared with None.
        for error in answers:
            if error is not None:
                raise TicksAwayError(error.name())

    def _read_to_ends(self, consumer: Any, stop: Stop) -> dict[int, datetime]:
        told: dict[int, datetime] = {}
        ended: set[int] = set()
        limit = time.monotonic() + ANSWER_LIMIT_S
        while len(ended) < len(self.partitions) and not stop.asked:
            message = consumer.poll(_POLL_S)
            if message is None:
                if time.monotonic() > limit:
                    raise TicksAwayError("_TIMED_OUT")
            elif message.error() is None:
                self._note(message, told)
            elif message.error().code() == KafkaError._PARTITION_EOF:
                ended.add(message.partition())
            else:
                raise TicksAwayError(message.error().name())
        return told

    def _note(self, message: Any, told: dict[int, datetime]) -> None:
        try:
            told[message.partition()] = self._decode(message.value() or b"")["at"]
        except SerdeError as problem:
            log.error("not_a_tick", code=problem.code, partition=message.partition(), offset=message.offset())


def open_tick_log(kafka: KafkaAccess, catalogue: Catalogue, registry: Registry) -> TickLog:
    """Return the exchange's own ticks.

    Raises:
        RegistryAwayError: try again later.
        RegistryRefusedError: the schema is not registered.
    """
    clock = catalogue.by_name[CLOCK]
    encode = topic_encoder(registry, clock).encode
    decode = Decoder[ClockTickDocument](schema("clock_tick"), registry.schema_by_id).decode
    return TickLog(kafka, clock, encode, decode)


def _headers(partition: int, moment: datetime) -> Headers:
    at = instant_text(moment)
    return cloud_event("exchange.events.clock_tick", f"{partition}@{at}", SOURCE, at)
