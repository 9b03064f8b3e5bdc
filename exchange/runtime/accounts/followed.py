"""A compacted topic of documents followed as it grows, so that what is taken back is known at once.

Shape: topic → key → value, at most `LOOK_S` old while the brokers answer. While they do not, what was known
last counts: then nothing can be taken back either.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from confluent_kafka import KafkaException, TopicPartition

from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.kafka.kept_values import Kept
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.logs import logger
from exchange.runtime.registry.kept_documents import KeptDocuments, KeptT

LOOK_S: Final = 0.5
"""Revoked is out within five seconds, on open streams as well."""
_MOST: Final = 1000
_FIRST_READ_S: Final = 60.0
ValueT = TypeVar("ValueT")

log = logger("accounts.followed")


class Followed(Generic[KeptT, ValueT]):
    """The values of a topic by their keys; a context manager that goes on reading in a thread of its own.

    Args:
        documents: the topic.
        read: makes a value of a document.

    Raises:
        ExchangeError: at the beginning, the brokers do not answer.
    """

    def __init__(self, documents: KeptDocuments[KeptT], read: Callable[[KeptT], ValueT]) -> None:
        self._documents = documents
        self._read = read
        self._values: dict[str, ValueT] = {}
        self._unread: deque[Kept] = deque()
        self._consumer = make_consumer(documents.kafka, {"log_level": 0, "fetch.wait.max.ms": 100})
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._keep_reading, name=f"followed {documents.topic.name}", daemon=True
        )

    def __enter__(self) -> "Followed[KeptT, ValueT]":
        self._read_what_is_there()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def get(self, key: str) -> ValueT | None:
        """Return the value of a key as it now stands; None if there is none."""
        return self._values.get(key)

    @property
    def values(self) -> Mapping[str, ValueT]:
        """All of them as they now stand, by their keys."""
        return dict(self._values)

    def _read_what_is_there(self) -> None:
        place, limit = (self._documents.topic.name, 0), time.monotonic() + _FIRST_READ_S
        try:
            low, high = watermarks(self._consumer, [place])[place]
        except KafkaException as problem:
            raise ExchangeError(problem.args[0].name()) from None
        self._consumer.assign([TopicPartition(*place, low)])
        while low < high and time.monotonic() < limit:
            low = max((low, *(message.offset() + 1 for message in self._take())))
        if low < high:
            raise ExchangeError(f"topic {place[0]} was not read to its end")

    def _keep_reading(self) -> None:
        while not self._stop.is_set():
            try:
                self._take()
            except Exception as problem:  # whatever it is, those who are in are not to be put out for ever
                self._documents.forget_copy()
                log.warning("not_followed", topic=self._documents.topic.name, error=type(problem).__name__)
                self._stop.wait(LOOK_S)

    def _take(self) -> list[Any]:
        """Read what has come, and return the messages; what cannot be read yet is tried again."""
        found = [one for one in self._consumer.consume(_MOST, LOOK_S) if one.error() is None]
        self._unread.extend(Kept(bytes(one.key() or b""), bytes(one.value())) for one in found)
        while self._unread:
            if (document := self._documents.read(self._unread[0])) is not None:
                self._values[self._unread[0].key.decode()] = self._read(document)
            self._unread.popleft()
        return found
