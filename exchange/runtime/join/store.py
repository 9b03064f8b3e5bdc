"""The local copy of the states, brought up to the changelog's end before a record is taken.

Our own code restores, not the library: it reads the changelog in bulk to its end before the library looks,
so that the library finds nothing left to recover (ADR 0004).
"""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from exchange.folding.state_files import StateFiles
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_consumer, read_batch
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.logs import logger
from exchange.runtime.memory import give_memory_back
from topics.catalogue import CASE_STATES

RESTORE_MESSAGES: Final = 500
MUCH: Final = 1000
TELL_EVERY_S: Final = 2.0
_TO_THE_END: Final[Mapping[str, object]] = {
    "enable.partition.eof": True,
    # A fetch that finds nothing tells that the end is reached, and the brokers hold it back for this long.
    "fetch.wait.max.ms": 10,
    # By default 64 MB are read ahead and stay in memory.
    "queued.max.messages.kbytes": 16384,
}
_WAIT_S: Final = 0.2

log = logger("join.store")


class StateStore(StateFiles):
    """The states of the partitions that this worker owns. Not thread-safe: one batch at a time uses it.

    Args:
        folder: where the copy is.
        kafka: how the brokers that have the changelog are reached.
        restores: hears how many of the changelog's offsets are still to be read; 0 at the end.
    """

    def __init__(
        self, folder: Path, kafka: KafkaAccess, restores: Callable[[int], None] = lambda _left: None
    ) -> None:
        super().__init__(folder)
        self._kafka = kafka
        self._restores = restores

    def assign(self, partitions: Iterable[int]) -> None:
        """Own exactly these partitions: close all others, bring these up to their changelogs' ends."""
        owned = frozenset(partitions)
        for partition in self.partitions - owned:
            self.shut(partition)
        for partition in owned - self.partitions:
            self.open(partition)
        if owned:
            self._restore(owned)

    def close(self) -> None:
        """Close every partition."""
        self.assign(())

    def _restore(self, partitions: Iterable[int]) -> None:
        behind: dict[int, tuple[int, int]] = {}
        consumer = make_consumer(self._kafka, _TO_THE_END)
        try:
            places = ((CASE_STATES, partition) for partition in sorted(partitions))
            for (_, partition), (first, end) in watermarks(consumer, places).items():
                self._forget_if_ahead(partition, end)
                start = max(self.offset(partition) + 1, first)
                if start < end:
                    behind[partition] = (start, end)
                    if end - start > MUCH:
                        self.expect_much(partition)
            if behind:
                self._read_up_to(consumer, behind)
        finally:
            for partition in behind:
                self.secure(partition)
            consumer.close()
        if behind:
            give_memory_back()

    def _forget_if_ahead(self, partition: int, end: int) -> None:
        """A copy that goes further than its changelog is of another life of the cluster: start anew."""
        if self.offset(partition) >= end:
            log.warning(
                "local_copy_ahead_of_changelog", partition=partition, offset=self.offset(partition), end=end
            )
            self.forget(partition)

    def _read_up_to(self, consumer: Any, behind: Mapping[int, tuple[int, int]]) -> None:
        told = _Restoring(sum(end - start for start, end in behind.values()), self._restores)
        log.info("restore_started", partitions=len(behind), records=told.total)
        consumer.assign([TopicPartition(CASE_STATES, p, start) for p, (start, _) in behind.items()])
        waiting, reached = set(behind), {partition: start for partition, (start, _) in behind.items()}
        while waiting:
            by_partition: dict[int, dict[bytes, bytes | None]] = {}
            for message in read_batch(consumer, RESTORE_MESSAGES, _WAIT_S):
                partition, offset = message.partition(), message.offset()
                if message.error() is None:
                    by_partition.setdefault(partition, {})[message.key()] = message.value()
                    reached[partition] = offset + 1
                elif message.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(message.error())
                else:
                    # The end, not the last record, says where we are: transactions leave gaps at the end.
                    reached[partition] = offset
                    if offset >= behind[partition][1]:  # a new leader's end may be earlier for a moment
                        waiting.discard(partition)
            for partition, entries in by_partition.items():
                # If a case comes more than once in one read, its last state is enough.
                self.take(partition, entries, reached[partition] - 1)
            told.tell(sum(max(0, end - reached[p]) for p, (_, end) in behind.items()))
        for partition, end in reached.items():
            self.skip_to(partition, end - 1)
        self._restores(0)
        log.info("restore_finished", partitions=len(behind), records=told.total, seconds=told.seconds)


class _Restoring:
    """How far a restore has come, told to whoever watches and, now and then, to the log."""

    def __init__(self, total: int, restores: Callable[[int], None]) -> None:
        self.total = total
        self._restores = restores
        self._began = self._told = time.monotonic()
        restores(total)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return round(time.monotonic() - self._began, 3)

    def tell(self, left: int) -> None:
        """Say that so much is left."""
        self._restores(left)
        if time.monotonic() - self._told < TELL_EVERY_S:
            return
        self._told = time.monotonic()
        rate = (self.total - left) / self.seconds
        log.info(
            "restoring",
            records=self.total - left,
            left=left,
            records_per_second=round(rate),
            seconds_left=round(left / rate) if rate else None,
        )
