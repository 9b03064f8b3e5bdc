"""Reads many partitions of the log at once and gives each lane's messages in the order of the log's time.

A lane is what must be in order: all messages of one partition number, or everything. Messages are held only
while they wait for the slowest topic of their lane, and a partition that would hold too many is paused.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from heapq import heappop, heappush
from typing import Any, Final

from consumers.log.reader import LogAwayError, TopicsReader
from consumers.log.scan import READ_S, SILENCE_LIMIT_S
from consumers.log.source import log_order
from exchange.runtime.kafka.watermarks import Place

HELD_MESSAGES: Final = 1000
"""The most held of one partition of one topic: then it is not read until half of them are gone."""

Lane = Callable[[Place], int]


def by_partition(place: Place) -> int:
    """Keep order within each partition number, across topics: all that the join's rules rely on."""
    return place[1]


def all_in_one(_: Place) -> int:
    """Keep one order for everything."""
    return 0


class TimeOrder:
    """One reading of stretches of the log.

    Args:
        reader: is made to read these stretches, and nothing else meanwhile.
        stretches: topic and partition → the offset to begin at, and the one to end before.
        lane: what must be in order.
    """

    def __init__(
        self, reader: TopicsReader, stretches: Mapping[Place, tuple[int, int]], lane: Lane = by_partition
    ) -> None:
        self._reader = reader
        self._stretches = {place: (low, end) for place, (low, end) in stretches.items() if low < end}
        self._lane = lane
        self._held: dict[Place, deque[Any]] = defaultdict(deque)
        self._heads: dict[int, list[tuple[tuple[int, str, int], Place]]] = defaultdict(list)
        self._open: dict[int, set[Place]] = defaultdict(set)
        self._paused: set[Place] = set()

    @property
    def total(self) -> int:
        """How many offsets there are to pass."""
        return sum(end - low for low, end in self._stretches.values())

    @property
    def passed(self) -> int:
        """How many of them were passed."""
        reached = self._reader.reached
        return sum(min(reached[at], end) - low for at, (low, end) in self._stretches.items())

    def batches(self, most: int) -> Iterator[list[Any]]:
        """Yield the messages, at most ``most`` at once; each lane's by append time, topic and offset.

        Raises:
            LogAwayError: the brokers have stopped sending.
        """
        self._reader.start({place: low for place, (low, _) in self._stretches.items()})
        for place in self._stretches:
            self._open[self._lane(place)].add(place)
        ready: list[Any] = []
        last = time.monotonic()
        while any(self._open.values()):
            messages = self._reader.read(READ_S)
            if messages:
                last = time.monotonic()
            elif time.monotonic() - last > SILENCE_LIMIT_S:
                raise LogAwayError("silent")
            self._take(messages)
            for lane in self._heads:
                ready += self._in_order(lane)
            self._hold_back()
            while len(ready) >= most:
                yield ready[:most]
                del ready[:most]
            if ready and not messages:
                yield ready
                ready = []
        if ready:
            yield ready

    def _take(self, messages: list[Any]) -> None:
        for message in messages:
            place = (message.topic(), message.partition())
            if message.offset() >= self._stretches[place][1]:
                continue
            held = self._held[place]
            held.append(message)
            if len(held) == 1:
                heappush(self._heads[self._lane(place)], (log_order(message), place))
                self._open[self._lane(place)].discard(place)
        reached = self._reader.reached
        for places in self._open.values():
            places -= {place for place in places if reached[place] >= self._stretches[place][1]}

    def _in_order(self, lane: int) -> Iterator[Any]:
        """Yield what is known to be next, until some place of the lane may still have an earlier message."""
        heads, waited_for = self._heads[lane], self._open[lane]
        while heads and not waited_for:
            _, place = heappop(heads)
            held = self._held[place]
            yield held.popleft()
            if held:
                heappush(heads, (log_order(held[0]), place))
            elif self._reader.reached[place] < self._stretches[place][1]:
                waited_for.add(place)

    def _hold_back(self) -> None:
        full = {place for place, held in self._held.items() if len(held) > HELD_MESSAGES} - self._paused
        free = {place for place in self._paused if len(self._held[place]) < HELD_MESSAGES // 2}
        if full:
            self._reader.pause(full)
        if free:
            self._reader.resume(free)
        self._paused = self._paused - free | full
