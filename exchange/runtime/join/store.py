"""The local copy of the states: one RocksDB per partition, each with the changelog offset it goes up to.

Restoring is ours and not the library's: it reads the changelog in bulk to its end before the library looks,
which then finds nothing left to recover (ADR 0004).
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import rocksdict
from confluent_kafka import OFFSET_BEGINNING, KafkaError, TopicPartition

from exchange.runtime.join.states import records_of
from exchange.runtime.join.work import Batch
from exchange.runtime.kafka_clients import make_consumer
from exchange.runtime.logs import logger
from exchange.runtime.watermarks import watermarks
from topics.catalogue import CASE_STATES

OFFSET_KEY: Final = b"\x00changelog_offset"
_HOME: Final = b"\x00home/"
_WAKE: Final = b"\x00wake/"
RESTORE_MESSAGES: Final = 5000

log = logger("join.store")


class StateStore:
    """The states of the partitions that this worker owns. Not thread-safe: one batch at a time uses it."""

    def __init__(self, folder: Path, bootstrap: str) -> None:
        self._folder = folder
        self._bootstrap = bootstrap
        self._dbs: dict[int, rocksdict.Rdict] = {}
        self._offsets: dict[int, int] = {}
        self._woken: dict[int, set[bytes]] = {}
        self._options = _options()

    def offset(self, partition: int) -> int:
        """Return the last changelog offset that the local copy holds; -1 for none."""
        return self._offsets.get(partition, -1)

    def load(self, partition: int, case_ids: list[str]) -> Mapping[str, bytes]:
        """Return the states that exist among these cases, encoded."""
        values = self._dbs[partition].get([case_id.encode() for case_id in case_ids])
        found = zip(case_ids, values, strict=True)
        return {case_id: value for case_id, value in found if value is not None}

    def homes(self, partition: int, record_ids: list[str]) -> Mapping[str, str]:
        """Return, of these records, the case that took each; what is not there is left out."""
        values = self._dbs[partition].get([_HOME + record_id.encode() for record_id in record_ids])
        found = zip(record_ids, values, strict=True)
        return {record_id: value.decode() for record_id, value in found if value is not None}

    def due(self, partition: int, until: str) -> list[str]:
        """Return the cases that have to be looked at before then (ISO instant, UTC), until the next write."""
        end = _WAKE + until.encode()
        woken = self._woken.setdefault(partition, set())
        entries = self._dbs[partition].iter()
        entries.seek(_WAKE)
        while entries.valid() and entries.key() < end:
            woken.add(entries.key())
            entries.next()
        return sorted({key.rpartition(b"/")[2].decode() for key in woken})

    def write(self, batch: Batch, offsets: Mapping[int, int]) -> None:
        """Write what a batch has changed and the changelog offset that holds the last of it, in one write."""
        for partition, states in batch.states.items():
            items = [(key.encode(), value) for key, value in states.items()]
            items += ((_HOME + r.encode(), c.encode()) for r, c in batch.homes.get(partition, {}).items())
            items += ((_wake(at, c), b"") for c, at in batch.wakes.get(partition, {}).items())
            written = {key for key, _ in items}
            items += ((key, None) for key in self._woken.pop(partition, ()) if key not in written)
            self._put(partition, items, offsets[partition])
        # Looked at, and nothing had to change: without this they would be looked at by every tick to come.
        for partition, woken in self._woken.items():
            if woken:
                self._put(partition, ((key, None) for key in woken), self.offset(partition))
        self._woken.clear()

    def assign(self, partitions: Iterable[int]) -> None:
        """Own exactly these partitions: close all others, bring these up to their changelogs' ends."""
        partitions = set(partitions)
        self._woken.clear()
        for partition in self._dbs.keys() - partitions:
            self._dbs.pop(partition).close()
            self._offsets.pop(partition, None)
        for partition in partitions - self._dbs.keys():
            self._open(partition)
        self._restore(partitions)

    def close(self) -> None:
        """Close every partition."""
        self.assign(())

    def _open(self, partition: int) -> None:
        path = self._folder / str(partition)
        path.parent.mkdir(parents=True, exist_ok=True)
        db = rocksdict.Rdict(str(path), self._options)
        stored = db.get(OFFSET_KEY)
        self._dbs[partition] = db
        self._offsets[partition] = int(stored) if stored else -1

    def _put(self, partition: int, items: Iterable[tuple[bytes, bytes | None]], offset: int) -> None:
        batch = rocksdict.WriteBatch(raw_mode=True)
        for key, value in items:
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(OFFSET_KEY, b"%d" % offset)
        self._dbs[partition].write(batch)
        self._offsets[partition] = offset

    def _restore(self, partitions: set[int]) -> None:
        consumer = make_consumer(
            self._bootstrap, {"auto.offset.reset": "earliest", "enable.partition.eof": True}
        )
        try:
            behind = {}
            found = watermarks(consumer, ((CASE_STATES, partition) for partition in sorted(partitions)))
            for (_, partition), (first, end) in found.items():
                self._forget_if_ahead(partition, end)
                if max(self.offset(partition) + 1, first) < end:
                    behind[partition] = end
            if behind:
                self._read_up_to(consumer, behind)
        finally:
            consumer.close()

    def _forget_if_ahead(self, partition: int, end: int) -> None:
        """A copy that goes further than its changelog belongs to another life of the cluster: start anew."""
        if self.offset(partition) >= end:
            log.warning(
                "local_copy_ahead_of_changelog", partition=partition, offset=self.offset(partition), end=end
            )
            self._dbs.pop(partition).close()
            shutil.rmtree(self._folder / str(partition))
            self._open(partition)

    def _read_up_to(self, consumer: Any, ends: dict[int, int]) -> None:
        log.info(
            "restore_started",
            partitions=len(ends),
            records=sum(e - self.offset(p) - 1 for p, e in ends.items()),
        )
        consumer.assign(
            [TopicPartition(CASE_STATES, p, self.offset(p) + 1 or OFFSET_BEGINNING) for p in ends]
        )
        waiting = set(ends)
        while waiting:
            by_partition: dict[int, list[Any]] = {}
            for message in consumer.consume(RESTORE_MESSAGES, timeout=0.2):
                if message.error() is None:
                    by_partition.setdefault(message.partition(), []).append(message)
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    # The end, not the last record, says where we are: transactions leave gaps there.
                    waiting.discard(message.partition())
            for partition, messages in by_partition.items():
                items = (item for message in messages for item in _with_index(message.key(), message.value()))
                self._put(partition, items, messages[-1].offset())
        for partition, end in ends.items():
            self._offsets[partition] = max(self.offset(partition), end - 1)
        log.info("restore_finished", partitions=len(ends))


def _wake(at: str, case_id: str) -> bytes:
    return _WAKE + f"{at}/{case_id}".encode()


def _with_index(key: bytes, value: bytes | None) -> Iterator[tuple[bytes, bytes | None]]:
    """Add to a state of the changelog what finds it by its records and by its time."""
    yield key, value
    if value is None or b"/" in key:
        return
    record_ids, wake = records_of(value)
    yield from ((_HOME + record_id.encode(), key) for record_id in record_ids)
    if wake:
        yield _wake(wake, key.decode()), b""


def _options() -> rocksdict.Options:
    """Small buffers and one shared cache: twelve databases together stay below about 100 MB."""
    options = rocksdict.Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_write_buffer_size(2 << 20)
    options.set_max_write_buffer_number(2)
    options.set_max_open_files(32)
    options.set_keep_log_file_num(2)
    table = rocksdict.BlockBasedOptions()
    table.set_block_cache(rocksdict.Cache(16 << 20))
    table.set_bloom_filter(10, block_based=False)
    options.set_block_based_table_factory(table)
    return options
