"""What the log comes to, and what is there, put side by side on disk, so that memory does not grow with it.

Shape: case id, kind and name of a thing → what each side says of it. For a case that is a digest, for all
else the little that has to be the same.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

import rocksdict

Side = Literal["log", "live", "read_model", "folded"]
"""`folded` says in which partition the fold has a case's records: the log's word is made of them."""
SIDES: Final[tuple[Side, ...]] = ("log", "live", "read_model", "folded")

_MARKS: Final = {side: bytes([number]) for number, side in enumerate(SIDES)}
_NAMED: Final = {mark: side for side, mark in _MARKS.items()}
_GAP: Final = b"\x00"


@dataclass(frozen=True, slots=True)
class SideEntry:
    """What one side says of one thing; ``value`` None takes it back."""

    side: Side
    case_id: str
    kind: str
    name: str
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a case with what each side says of it; a side that says nothing is left out."""

    case_id: str
    kind: str
    name: str
    said: dict[Side, bytes]


class ComparedEntries:
    """Keeps entries in a folder; not thread-safe."""

    def __init__(self, folder: Path) -> None:
        options = rocksdict.Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_write_buffer_size(4 << 20)
        options.set_max_write_buffer_number(2)
        options.set_max_open_files(64)
        self._db = rocksdict.Rdict(str(folder), options)
        self._unlogged = rocksdict.WriteOptions()
        self._unlogged.disable_wal = True  # nobody needs it after a crash

    def note(self, entries: Iterable[SideEntry]) -> None:
        """Keep what is said; the last word of a side on a thing counts."""
        batch = rocksdict.WriteBatch(raw_mode=True)
        for entry in entries:
            key = _key(entry.case_id, entry.kind, entry.name) + _MARKS[entry.side]
            if entry.value is None:
                batch.delete(key)
            else:
                batch.put(key, entry.value)
        self._db.write(batch, self._unlogged)

    def speaks(self, side: Side, case_id: str, kind: str, name: str) -> bool:
        """Tell whether a side says anything of a thing."""
        return _key(case_id, kind, name) + _MARKS[side] in self._db

    def word(self, side: Side, case_id: str, kind: str, name: str) -> bytes:
        """Return what a side says of a thing.

        Raises:
            KeyError: nothing.
        """
        found: bytes = self._db[_key(case_id, kind, name) + _MARKS[side]]
        return found

    def forget(self, side: Side, case_ids: Collection[str]) -> None:
        """Forget all that a side says of these cases."""
        entries = [
            SideEntry(side, thing.case_id, thing.kind, thing.name, None)
            for thing in self.things(case_ids)
            if side in thing.said
        ]
        self.note(entries)

    def things(self, case_ids: Collection[str] | None = None) -> Iterator[Thing]:
        """Yield every thing of these cases, or of all if none are named, in the order of the case ids."""
        if case_ids is None:
            yield from _grouped(self._entries(b""))
            return
        for case_id in sorted(case_ids):
            yield from _grouped(self._entries(case_id.encode() + _GAP))

    def close(self) -> None:
        """Close the files."""
        self._db.close()

    def _entries(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        found = self._db.iter()
        found.seek(prefix)
        while found.valid() and found.key().startswith(prefix):
            yield found.key(), found.value()
            found.next()


def _key(case_id: str, kind: str, name: str) -> bytes:
    return _GAP.join((case_id.encode(), kind.encode(), name.encode())) + _GAP


def _grouped(entries: Iterator[tuple[bytes, bytes]]) -> Iterator[Thing]:
    for key, same in groupby(entries, key=lambda entry: entry[0][:-1]):
        case_id, kind, name = key.removesuffix(_GAP).split(_GAP, 2)
        said = {_NAMED[whole[-1:]]: value for whole, value in same}
        yield Thing(case_id.decode(), kind.decode(), name.decode(), said)
