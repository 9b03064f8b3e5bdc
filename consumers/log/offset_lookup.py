"""Reads single messages of the log at known places."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from consumers.log.reader import PositionGoneError, TopicsReader
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

PATIENCE_S: Final = 15.0
_READ_S: Final = 0.5

Spot = tuple[str, int, int]
"""Topic, partition, offset."""


def read_places(settings: Settings, spots: Iterable[Spot]) -> Iterator[Any]:
    """Yield the message of each spot once, those of a partition in the order of the log.

    A partition is read once, from its first spot to its last.

    Raises:
        ExchangeError: the log no longer holds one of them, or does not answer.
    """
    left: dict[Place, set[int]] = defaultdict(set)
    for topic, partition, offset in spots:
        left[topic, partition].add(offset)
    if not left:
        return
    known = settings.city.catalogue.by_name
    topics = {topic: known[topic].partitions for topic, _ in left}
    with TopicsReader(settings.kafka, topics) as reader:
        reader.start({place: min(offsets) for place, offsets in left.items()})
        last = time.monotonic()
        while left:
            messages = _read(reader)
            if messages:
                last = time.monotonic()
            elif time.monotonic() - last > PATIENCE_S:
                raise ExchangeError(said("log_silent"), said("what_to_start"))
            for message in messages:
                place = (message.topic(), message.partition())
                if message.offset() in left.get(place, ()):
                    left[place].discard(message.offset())
                    yield message
                    if not left[place]:
                        del left[place]


def _read(reader: TopicsReader) -> list[Any]:
    try:
        return reader.read(_READ_S)
    except PositionGoneError as problem:
        raise ExchangeError(said("log_cut", problem=problem), said("quarantine_keeps_bytes")) from None
