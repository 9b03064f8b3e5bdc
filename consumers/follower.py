"""Follows a department's announcements as they are published."""

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from avro_schemas.catalogue import schema
from consumers.log_reader import LogAwayError, LogReader, PositionGoneError
from exchange.domain.documents import Document
from exchange.runtime.errors import ExchangeError
from exchange.runtime.logs import logger
from exchange.runtime.registry import Registry, RegistryAwayError
from exchange.runtime.serde import Decoder, SerdeError
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import load_catalogue, matters_topic

IDS_REMEMBERED = 100_000
READ_S = 0.2
RETRY_S = 1.0

log = logger("consumers.follower")


@dataclass
class Seen:
    """Remembers the latest ids, so many and no more: an announcement is repeated soon or not at all."""

    limit: int = IDS_REMEMBERED
    _ids: "OrderedDict[str, None]" = field(default_factory=OrderedDict)

    def first_time(self, announcement_id: str) -> bool:
        """Say whether the id is new, and remember it as the latest."""
        new = announcement_id not in self._ids
        self._ids[announcement_id] = None
        self._ids.move_to_end(announcement_id)
        if len(self._ids) > self.limit:
            self._ids.popitem(last=False)
        return new


class Follower:
    """A department's place in its own announcements.

    Opening it fixes where it starts: what is published afterwards is seen, however long nobody reads.

    Raises:
        ExchangeError: the brokers do not answer.
    """

    def __init__(self, settings: Settings, department: str, *, from_start: bool = False) -> None:
        topic = load_catalogue().by_name[matters_topic(department)]
        self._registry = Registry(settings.registry)
        self._decoder = Decoder(schema("announcement"), self._registry.schema_by_id)
        self._reader = LogReader(settings.kafka, topic.name, topic.partitions)
        self._seen = Seen()
        try:
            bounds = self._reader.bounds()
        except LogAwayError as problem:
            raise ExchangeError(
                f"Kafka does not answer ({problem}).",
                "`exchange status` shows what runs; `exchange up` starts it.",
            ) from None
        self._reader.start(bounds.first if from_start else bounds.end)

    def __enter__(self) -> "Follower":
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        self._registry.close()

    def announcements(self, until_idle_s: float | None = None) -> Iterator[Document]:
        """Yield each announcement once, as ``exchange.events.Announcement``.

        Args:
            until_idle_s: end when all there is was read and nothing has come for so long; never, if None.

        Raises:
            ExchangeError: the topic was cut or made anew under the reader.
        """
        last = time.monotonic()
        while True:
            messages = self._messages(READ_S if until_idle_s is None else min(READ_S, until_idle_s + 0.01))
            for message in messages:
                if (found := self._read(message)) is not None and self._seen.first_time(found["id"]):
                    yield found
            now = time.monotonic()
            if messages or not self._reader.at_end:
                last = now
            elif until_idle_s is not None and now - last >= until_idle_s:
                return

    def _messages(self, timeout_s: float) -> list[Any]:
        try:
            return self._reader.read(timeout_s)
        except PositionGoneError as problem:
            raise ExchangeError(
                f"The log no longer holds what was to be read next ({problem}).",
                "Follow anew with --from-start.",
            ) from None

    def _read(self, message: Any) -> Document | None:
        """Return the announcement; None, with a line in the log, where the bytes are none."""
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


def follow(
    settings: Settings, department: str, *, from_start: bool = False, until_idle_s: float | None = None
) -> Iterator[Document]:
    """Yield a department's announcements, each once; see `Follower`.

    Whoever shows them notes the access first (`consumers.access_log`).
    """
    with Follower(settings, department, from_start=from_start) as follower:
        yield from follower.announcements(until_idle_s)
