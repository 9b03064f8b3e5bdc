"""Reads partitions of many topics, whole or where an index points, and keeps the messages that are wanted."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from confluent_kafka import IsolationLevel, KafkaException, TopicPartition
from confluent_kafka.admin import OffsetSpec

from consumers.log.reader import LogAwayError, TopicsReader
from consumers.log.source import NOTHING_KNOWN, Keep, KnownSpots, PartitionSpots, Tell, log_order, silent
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

ANSWER_LIMIT_S: Final = 5.0
SILENCE_LIMIT_S: Final = 30.0
PATIENCE_S: Final = 30.0
READ_S: Final = 0.2
NEAR: Final = 100
"""Offsets between two that are wanted, up to which all are read: the client fetches about as many at once."""

Stretch = tuple[int, int]
"""Offsets of a partition: from the first up to the second."""


@dataclass(frozen=True)
class CaseLog:
    """Reads partitions of topics up to where they end now; ``tell`` hears how far it is."""

    settings: Settings
    tell: Tell = silent

    def read(
        self, keeps: Mapping[str, Keep], partitions: Iterable[int], known: KnownSpots = NOTHING_KNOWN
    ) -> list[Any]:
        """Return the messages that are kept, ordered by append time, topic and offset.

        Args:
            keeps: topic → what says whether a message is kept.
            partitions: those to read of each topic.
            known: where an index says that it is; nothing else is read before the place where it ends.

        Raises:
            ExchangeError: the brokers do not answer, or stop sending.
        """
        places = [(topic, partition) for topic in keeps for partition in partitions]
        kept: list[Any] = []
        with saying_that_the_log_is_away():
            first, end = log_bounds(self.settings.kafka, places)
            found = {place: stretches(first[place], end[place], known.get(place)) for place in places}
            turns = [
                {place: one for place, one in zip(found, turn, strict=True) if one is not None}
                for turn in zip_longest(*found.values())
            ]
            if turns:
                with TopicsReader(self.settings.kafka, self._sizes(keeps)) as reader:
                    self._read_in_turns(turns, reader, keeps, kept)
        return sorted(kept, key=log_order)

    def _sizes(self, topics: Iterable[str]) -> dict[str, int]:
        by_name = self.settings.city.catalogue.by_name
        return {name: by_name[name].partitions for name in topics}

    def _read_in_turns(
        self,
        turns: Sequence[Mapping[Place, Stretch]],
        reader: TopicsReader,
        keeps: Mapping[str, Keep],
        kept: list[Any],
    ) -> None:
        total, done = sum(end - low for turn in turns for low, end in turn.values()), 0
        for turn in turns:
            # Plain offsets: asked to begin at the beginning, the client looks for it for half a second.
            reader.start({place: low for place, (low, _) in turn.items()})
            for read in self._read_turn(turn, reader, keeps, kept):
                self.tell(done + read, total)
            done += sum(end - low for low, end in turn.values())

    def _read_turn(
        self, turn: Mapping[Place, Stretch], reader: TopicsReader, keeps: Mapping[str, Keep], kept: list[Any]
    ) -> Iterator[int]:
        """Read one stretch of each partition; yield how many offsets were passed."""
        whole, read, last = sum(end - low for low, end in turn.values()), 0, time.monotonic()
        while read < whole:
            messages = reader.read(READ_S)
            if messages:
                last = time.monotonic()
            elif time.monotonic() - last > SILENCE_LIMIT_S:
                raise LogAwayError("silent")
            kept += (one for one in messages if _is_within(one, turn) and keeps[one.topic()](one))
            read = sum(min(reader.reached[at], end) - low for at, (low, end) in turn.items())
            yield read


def _is_within(message: Any, turn: Mapping[Place, Stretch]) -> bool:
    low, end = turn[message.topic(), message.partition()]
    return bool(low <= message.offset() < end)


def stretches(first: int, end: int, known: PartitionSpots | None) -> list[Stretch]:
    """Return what has to be read of a partition: all of it, or what an index points to and what it lacks."""
    if known is None or known.next_offset > end:  # an index of another log knows nothing of this one
        return [(first, end)] if first < end else []
    found = [(offset, offset + 1) for offset in sorted(known.offsets) if first <= offset < known.next_offset]
    left = (max(first, known.next_offset), end)
    return _joined([*found, *([left] if left[0] < end else [])])


def _joined(found: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches without those gaps that are sooner read than passed over."""
    joined: list[Stretch] = []
    for low, end in found:
        if joined and low - joined[-1][1] <= NEAR:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((low, end))
    return joined


@contextmanager
def saying_that_the_log_is_away() -> Iterator[None]:
    """Turn what the client raises when no broker answers into words for people.

    Raises:
        ExchangeError: no broker answers.
    """
    try:
        yield
    except (LogAwayError, KafkaException) as problem:
        raise ExchangeError(said("kafka_silent", problem=_name(problem)), said("what_to_start")) from None


def log_bounds(kafka: KafkaAccess, places: Iterable[Place]) -> tuple[dict[Place, int], dict[Place, int]]:
    """Return where partitions begin and where they end for readers, asking for all at once, with patience.

    Raises:
        KafkaException: the brokers have not answered for ``PATIENCE_S``: leaders are found by then.
    """
    asked, limit = list(places), time.monotonic() + PATIENCE_S
    admin = make_admin(kafka)
    while True:
        try:
            # If asked before it has a connection, the client looks for the leaders again only after 3 s.
            admin.list_topics(timeout=ANSWER_LIMIT_S)
            first = _asked(admin, asked, OffsetSpec.earliest(), ANSWER_LIMIT_S, IsolationLevel.READ_COMMITTED)
            return first, offsets_of(admin, asked)
        except KafkaException:
            if time.monotonic() > limit:
                raise
            time.sleep(READ_S)


def offsets_of(
    admin: Any,
    places: Iterable[Place],
    limit_s: float = ANSWER_LIMIT_S,
    isolation: Any = IsolationLevel.READ_COMMITTED,
) -> dict[Place, int]:
    """Return where partitions end for readers of what is committed, or of everything.

    Raises:
        KafkaException: the brokers did not answer in time.
    """
    return _asked(admin, places, OffsetSpec.latest(), limit_s, isolation)


def _asked(
    admin: Any, places: Iterable[Place], which: Any, limit_s: float, isolation: Any
) -> dict[Place, int]:
    found = admin.list_offsets(
        {TopicPartition(*place): which for place in places},
        isolation_level=isolation,
        request_timeout=limit_s,
    )
    return {(place.topic, place.partition): future.result().offset for place, future in found.items()}


def _name(problem: Exception) -> str:
    first = problem.args[0] if problem.args else problem
    return str(first.name()) if hasattr(first, "name") else str(first)
