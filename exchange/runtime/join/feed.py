"""Reads records in bulk: each partition without gaps from a given start, departments in turn.

A department that floods the log must not make the others wait behind it: what has come is kept apart by
department, batches take from each in turn, and a department with a long queue is not fetched for a while.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_consumer, read_batch
from exchange.runtime.kafka.moving_leaders import asked_again
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger
from topics.catalogue import JOIN_GROUP, MOVES

MAX_BATCH: Final = 250
"""This many records take a quarter of a second, which a department sending its first one must wait."""
SHARED_BATCH: Final = 8
"""The records of a batch while one department is behind and another, which waits for the batch, is not."""
BEHIND: Final = 64
"""A department with more records waiting than this is behind; it waits for itself, not for others."""
MOST_WAITING: Final = 4000
"""With this many waiting, no more of a department's records are fetched until half of them are done."""
ACTIVE_S: Final = 2.0
HIGHS_S: Final = 1.0
"""How often it is noted where the partitions end: 0.4 ms for 420, too much for batches of a few records."""
ANSWER_LIMIT_S: Final = 20.0
OwnerOf = Callable[[str], str]

log = logger("join.feed")


class Feed:
    """The records of assigned partitions. Not thread-safe: one batch at a time is fetched.

    Args:
        kafka: how the brokers are reached.
        owner_of: topic → the department that writes it.
        consumer: another client, for tests.
    """

    def __init__(self, kafka: KafkaAccess, owner_of: OwnerOf, consumer: Any = None) -> None:
        self._owner_of = owner_of
        self._next: dict[Place, int] = {}
        self._jumps: dict[Place, tuple[int, int]] = {}
        self._ends: dict[Place, int] = {}
        self._highs: dict[Place, int] = {}
        self._highs_at = -HIGHS_S
        self._waiting: dict[str, deque[Any]] = {}
        self._came_at: dict[str, float] = {}
        self._paused: set[str] = set()
        self._consumer = consumer or make_consumer(
            kafka,
            {
                "group.id": JOIN_GROUP,  # joins nothing; it says whose offsets are asked for
                "enable.partition.eof": True,  # says that nothing follows what transactions left
                "queued.min.messages": 2000,
                "queued.max.messages.kbytes": 4096,
            },
        )

    def committed(self, places: Iterable[Place]) -> dict[Place, int]:
        """Return, for each of these partitions, the first offset that the group has not committed.

        Raises:
            KafkaException: the brokers do not say, also once the group's coordinator has had time to move.
        """
        return asked_again(partial(self._committed, [TopicPartition(*place) for place in places]))

    def _committed(self, places: list[TopicPartition]) -> dict[Place, int]:
        found = self._consumer.committed(places, ANSWER_LIMIT_S)
        if unsaid := next((one.error for one in found if one.error), None):
            raise KafkaException(unsaid)
        return {(one.topic, one.partition): max(one.offset, 0) for one in found}

    def assign(self, starts: Mapping[Place, int]) -> None:
        """Read these partitions and no others, from these offsets on."""
        for kept in (self._jumps, self._ends, self._highs, self._waiting, self._came_at):
            kept.clear()
        self._resume()  # the client keeps a pause through an assignment: nobody would ever lift it
        self._next = dict(starts)
        self._consumer.assign([TopicPartition(*place, offset) for place, offset in starts.items()])

    def fetch(self, timeout_s: float, least: int = 1) -> list[Any]:
        """Return a batch, waiting for the first record; each partition's records continue from its last one.

        A record that came before is dropped. A record beyond the next one may mean that some were skipped: it
        is refused, and the partition is read again from where it should be.

        Args:
            timeout_s: How long to wait.
            least: With fewer waiting, the batch is empty.
        """
        self._receive(0 if any(self._waiting.values()) else timeout_s)
        self._note_highs()
        if sum(map(len, self._waiting.values())) < least:
            return []
        batch = self._take(self._batch_size())
        self._resume()
        return batch

    @property
    def behind(self) -> int:
        """How many messages are still to be taken, by what was noted last; any thread may ask.

        What transactions leave in the log is not a message: a partition read to its end counts as zero. While
        there is more to come, what transactions left on the way is counted as well.
        """
        waiting = sum(map(len, tuple(self._waiting.values())))
        return waiting + sum(self._left(at, offset) for at, offset in dict(self._next).items())

    def _left(self, place: Place, offset: int) -> int:
        return max(0, self._highs.get(place, 0) - max(offset, self._ends.get(place, 0)))

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()

    def _receive(self, timeout_s: float) -> None:
        """Sort all that has come by department, and keep it."""
        found = read_batch(self._consumer, MOST_WAITING + 1, timeout_s)
        if not found:
            return
        now = time.monotonic()
        for message in found:
            if _is_end(message):
                self._ends[message.topic(), message.partition()] = message.offset()
            elif self._follows(message):
                owner = self._owner_of(message.topic())
                self._waiting.setdefault(owner, deque()).append(message)
                self._came_at[owner] = now
        for owner, waiting in self._waiting.items():
            if len(waiting) > MOST_WAITING and owner not in self._paused:
                self._paused.add(owner)
                self._consumer.pause(self._places_of(owner))

    def _note_highs(self) -> None:
        """Note where brokers said last that partitions end.

        The client tells nobody else while it waits for messages: who asked it from another thread waited for
        that, once for each partition.
        """
        now = time.monotonic()
        if now - self._highs_at < HIGHS_S:
            return
        self._highs_at = now
        for place in self._next:
            _, high = self._consumer.get_watermark_offsets(TopicPartition(*place), cached=True)
            self._highs[place] = high

    def _batch_size(self) -> int:
        """Return a small number where a department that keeps up would wait for one that does not."""
        since = time.monotonic() - ACTIVE_S
        active = [owner for owner, at in self._came_at.items() if at >= since or self._waiting[owner]]
        behind = [len(self._waiting[owner]) > BEHIND for owner in active]
        return SHARED_BATCH if any(behind) and not all(behind) else MAX_BATCH

    def _take(self, most: int) -> list[Any]:
        """Take from each department in turn, keeping the order of each one's records."""
        batch: list[Any] = []
        lines = [waiting for waiting in self._waiting.values() if waiting]
        while lines and len(batch) < most:
            batch += (waiting.popleft() for waiting in lines[: most - len(batch)])
            lines = [waiting for waiting in lines if waiting]
        return batch

    def _resume(self) -> None:
        for owner in [one for one in self._paused if len(self._waiting.get(one, ())) < MOST_WAITING // 2]:
            self._paused.remove(owner)
            self._consumer.resume(self._places_of(owner))

    def _places_of(self, owner: str) -> list[TopicPartition]:
        return [TopicPartition(*place) for place in self._next if self._owner_of(place[0]) == owner]

    def _follows(self, message: Any) -> bool:
        if message.error() is not None:
            raise RuntimeError(f"reading failed: {message.error().name()}")
        place, offset = (message.topic(), message.partition()), message.offset()
        expected = self._next.get(place)
        if expected is None or offset < expected:
            return False
        if offset > expected and not self._is_gap_of_the_log(place, expected, offset):
            return False
        self._next[place] = offset + 1
        return True

    def _is_gap_of_the_log(self, place: Place, expected: int, found: int) -> bool:
        """Refuse a jump once and read again; what is still missing then is not in the log at all.

        Moves are written in transactions, each of which leaves such a gap: on that topic a gap says nothing.
        """
        if place[0] == MOVES:
            return True
        if self._jumps.get(place) == (expected, found):
            log.warning("gap_in_the_log", topic=place[0], partition=place[1], expected=expected, found=found)
            return True
        if self._jumps.get(place, (-1, -1))[0] != expected:
            self._jumps[place] = (expected, found)
            self._ends.pop(place, None)  # it was met while reading what is refused here
            log.error(
                "offset_jump_refused", topic=place[0], partition=place[1], expected=expected, found=found
            )
            self._consumer.seek(TopicPartition(*place, expected))
        return False


def _is_end(message: Any) -> bool:
    return message.error() is not None and message.error().code() == KafkaError._PARTITION_EOF
