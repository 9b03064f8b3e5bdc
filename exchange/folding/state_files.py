"""States on disk: one RocksDB per partition, found by case, by record and by time.

Each also holds how far it goes: the changelog's offset, written with the states in one write.
"""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import rocksdict

from exchange.folding.states import records_of
from exchange.folding.work import Batch

OFFSET_KEY: Final = b"\x00changelog_offset"
MOST_UNORDERED_FILES: Final = 10_000
_HOME: Final = b"\x00home/"
_WAKE: Final = b"\x00wake/"


class StateFiles:
    """The states of some partitions below a folder. Not thread-safe: one batch at a time uses it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._dbs: dict[int, rocksdict.Rdict] = {}
        self._offsets: dict[int, int] = {}
        self._unordered: set[int] = set()
        self._options = _options()
        self._unlogged = rocksdict.WriteOptions()
        self._unlogged.disable_wal = True

    @property
    def partitions(self) -> frozenset[int]:
        """The partitions that are open."""
        return frozenset(self._dbs)

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
        """Return the cases due before then (ISO instant, UTC)."""
        return sorted({key.rpartition(b"/")[2].decode() for key in self._due(partition, until)})

    def write(self, batch: Batch, offsets: Mapping[int, int]) -> None:
        """Write what a batch has changed and the changelog offset that holds the last of it, in one write."""
        # A case that was looked at may not have changed; left due, it would be looked at again on every tick.
        for partition in batch.states.keys() | batch.wakes.keys() | batch.looked_until.keys():
            states = batch.states.get(partition, {})
            items = [(key.encode(), value) for key, value in states.items()]
            items += ((_HOME + r.encode(), c.encode()) for r, c in batch.homes.get(partition, {}).items())
            items += ((_wake(at, c), b"") for c, at in batch.wakes.get(partition, {}).items())
            written = {key for key, _ in items}
            if partition in batch.looked_until:
                looked_at = self._due(partition, batch.looked_until[partition])
                items += ((key, None) for key in looked_at - written)
            if items:
                reached = offsets[partition] if states else self.offset(partition)
                self._put(partition, _batch_of(items), reached)

    def open(self, partition: int) -> None:
        """Open a partition's states, none where there is no file yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        db = rocksdict.Rdict(str(self._folder / str(partition)), self._options)
        stored = db.get(OFFSET_KEY)
        self._dbs[partition] = db
        self._offsets[partition] = int(stored) if stored else -1

    def shut(self, partition: int) -> None:
        """Close a partition; what it holds stays on disk."""
        self._offsets.pop(partition, None)
        self._unordered.discard(partition)
        self._dbs.pop(partition).close()

    def forget(self, partition: int) -> None:
        """Empty an open partition."""
        self.shut(partition)
        gone = self._folder / f"{partition}.gone"
        shutil.rmtree(gone, ignore_errors=True)
        (self._folder / str(partition)).rename(gone)  # killed in the middle, half a copy would never open
        shutil.rmtree(gone)
        self.open(partition)

    def take(self, partition: int, entries: Mapping[bytes, bytes | None], offset: int) -> None:
        """Take keys and values as the changelog has them up to an offset, and index them.

        After a crash before ``secure`` some of the last of it may be gone, and the offset says so.
        """
        batch = _batch_of(entries.items())
        for key, value in entries.items():
            if value is not None and b"/" not in key:
                _put_index(batch, key, value)
        self._put(partition, batch, offset, self._unlogged)

    def expect_much(self, partition: int) -> None:
        """Compact nothing on disk until ``secure``, lest all that is taken be written several times."""
        self._dbs[partition].set_options({"disable_auto_compactions": "true"})
        self._unordered.add(partition)

    def secure(self, partition: int) -> None:
        """Write to disk what was taken; only then may others be written on top."""
        self._dbs[partition].flush()
        if partition in self._unordered:
            self._unordered.remove(partition)
            self._dbs[partition].set_options({"disable_auto_compactions": "false"})

    def skip_to(self, partition: int, offset: int) -> None:
        """Note that nothing up to this offset is missing."""
        self._offsets[partition] = max(self.offset(partition), offset)

    def _due(self, partition: int, until: str) -> set[bytes]:
        found, end = set(), _WAKE + until.encode()
        entries = self._dbs[partition].iter()
        entries.seek(_WAKE)
        while entries.valid() and entries.key() < end:
            found.add(entries.key())
            entries.next()
        return found

    def _put(
        self,
        partition: int,
        batch: rocksdict.WriteBatch,
        offset: int,
        how: rocksdict.WriteOptions | None = None,
    ) -> None:
        batch.put(OFFSET_KEY, b"%d" % offset)
        self._dbs[partition].write(batch, how)
        self._offsets[partition] = offset


def _wake(at: str, case_id: str) -> bytes:
    return _WAKE + f"{at}/{case_id}".encode()


def _batch_of(items: Iterable[tuple[bytes, bytes | None]]) -> rocksdict.WriteBatch:
    batch = rocksdict.WriteBatch(raw_mode=True)
    for key, value in items:
        if value is None:
            batch.delete(key)
        else:
            batch.put(key, value)
    return batch


def _put_index(batch: rocksdict.WriteBatch, key: bytes, state: bytes) -> None:
    """Index a state of the changelog by its records and by its time."""
    record_ids, wake = records_of(state)
    for record_id in record_ids:
        batch.put(_HOME + record_id.encode(), key)
    if wake:
        batch.put(_wake(wake, key.decode()), b"")


def _options() -> rocksdict.Options:
    """Small buffers, one cache and one budget for all: twelve databases together stay below about 50 MB."""
    options = rocksdict.Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_write_buffer_size(2 << 20)
    # With two, a restore waits at each full one until the other is on disk.
    options.set_max_write_buffer_number(3)
    options.set_write_buffer_manager(rocksdict.WriteBufferManager(16 << 20, allow_stall=False))
    options.set_max_open_files(128)
    # What was taken in one go lies in many files until it is compacted; a write must not wait for that.
    options.set_level_zero_slowdown_writes_trigger(MOST_UNORDERED_FILES)
    options.set_level_zero_stop_writes_trigger(MOST_UNORDERED_FILES)
    options.set_keep_log_file_num(2)
    table = rocksdict.BlockBasedOptions()
    table.set_block_cache(rocksdict.Cache(8 << 20))
    table.set_bloom_filter(10, block_based=False)
    options.set_block_based_table_factory(table)
    return options
