"""Reads a department's announcements from given positions on; waits for brokers that are away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from confluent_kafka import KafkaException

from avro_schemas.catalogue import schema
from avro_schemas.typed_documents import AnnouncementDocument
from consumers.log.reader import Bounds, LogReader, PositionGoneError
from exchange.folding.errors import SerdeError
from exchange.runtime.errors import ExchangeError, RegistryAwayError
from exchange.runtime.kafka.moving_leaders import asked_again
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import matters_topic

RETRY_S: Final = 1.0

log = logger("consumers.announcements.reader")


@dataclass(frozen=True, slots=True)
class AnnouncementMessage:
    """A message of the topic. `announcement` is None if the bytes are not one: a line in the log says so."""

    place: Place
    offset: int
    announcement: AnnouncementDocument | None


class AnnouncementReader:
    """A department's topic `matters.<department>`, read from where `start` says.

    Args:
        settings: the exchange.
        department: one that decides matters.
        told: called with True when the brokers are found away, and with False when they answer again.
    """

    def __init__(
        self, settings: Settings, department: str, told: Callable[[bool], None] = lambda _: None
    ) -> None:
        topic = settings.city.catalogue.by_name[matters_topic(department)]
        self._registry = Registry(settings.registry)
        self._decoder = Decoder[AnnouncementDocument](schema("announcement"), self._registry.schema_by_id)
        self._reader = LogReader(settings.kafka, topic.name, topic.partitions)
        self._told = told

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
        self._registry.close()

    def bounds(self) -> Bounds:
        """Return where the topic begins and ends; while the brokers are away, wait for them.

        Raises:
            ExchangeError: they answer, but not this question, though their leaders have had time to move.
        """
        while True:
            self._wait_until_answered()
            try:
                return asked_again(self._reader.bounds_once)
            except KafkaException as problem:
                if self._reader.answers():
                    raise ExchangeError(
                        said("topic_ends_unknown", problem=problem.args[0].name()), said("topics_to_make")
                    ) from None

    def start(self, positions: Mapping[Place, int]) -> None:
        """Read from these offsets on."""
        self._reader.start(positions)

    @property
    def at_end(self) -> bool:
        """Whether everything was read; never while the brokers are away."""
        return self._reader.at_end

    def read(self, timeout_s: float) -> list[AnnouncementMessage]:
        """Return what is there, in order within a partition, waiting for the first.

        While the brokers are away it waits for them, however long that takes.

        Raises:
            ExchangeError: the topic was cut or made anew under the reader.
        """
        return [
            AnnouncementMessage((message.topic(), message.partition()), message.offset(), self._read(message))
            for message in self._messages(timeout_s)
        ]

    def _messages(self, timeout_s: float) -> list[Any]:
        try:
            messages = self._reader.read(timeout_s)
        except PositionGoneError as problem:
            raise ExchangeError(
                said("log_cut_ahead", problem=problem), said("begin_from_the_start")
            ) from None
        if self._reader.away and not messages:
            self._wait_until_answered()
            self._reader.start(self._reader.reached)  # asks for the ends anew: much may have come meanwhile
        return messages

    def _wait_until_answered(self) -> None:
        if self._reader.answers():
            return
        self._told(True)
        while not self._reader.answers():
            wait_until(lambda: False, RETRY_S)
        self._told(False)

    def _read(self, message: Any) -> AnnouncementDocument | None:
        """Return the announcement; None, with a line in the log, if the bytes are not one."""
        while True:
            try:
                return self._decoder.decode(message.value() or b"")
            except RegistryAwayError:
                log.warning("waits_for_registry", topic=message.topic())
                wait_until(lambda: False, RETRY_S)
            except SerdeError as problem:
                place = {
                    "topic": message.topic(),
                    "partition": message.partition(),
                    "offset": message.offset(),
                }
                log.error("not_an_announcement", code=problem.code, **place)
                return None
