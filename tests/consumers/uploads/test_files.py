"""Reading and deleting files handed in: noted before it is read, and gone when its time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from obstore.store import MemoryStore

from consumers.uploads.reading import NotTheirsError, read_material
from consumers.uploads.sweep import Swept, sweep
from exchange.domain.uploads.keeping import FileUse
from exchange.domain.uploads.reading import CaseFile
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.uploads.key import UploadKey
from exchange.runtime.uploads.store import FileGoneError, UploadStore
from verification.times import calendar_date

POLICY = City().uploads
TODAY = calendar_date(datetime.now(UTC)) + timedelta(days=5000)
"""Long after everything is stored."""
LONG_AGO = date(2020, 1, 1)


class WatchedStore(UploadStore):
    """Says what was done, in its order."""

    def get(self, digest: str) -> bytes:
        """Read, and say so."""
        DONE.append("read")
        return super().get(digest)


DONE: list[str] = []


@pytest.fixture
def store() -> WatchedStore:
    """An empty store."""
    DONE.clear()
    return WatchedStore(MemoryStore(), UploadKey(bytes(32)))


def note(_: CaseFile) -> None:
    """Leave the access record."""
    DONE.append("noted")


def closed(_: CaseFile) -> None:
    """Fail, as where the access topic is closed."""
    raise ExchangeError("no record")


def test_who_reads_is_noted_before_a_byte_is_read(store: WatchedStore) -> None:
    """No record, no view."""
    digest = store.put(b"paper")
    theirs = (CaseFile(9, None, 3, digest),)
    with pytest.raises(ExchangeError, match="no record"):
        read_material(digest, theirs, closed, store)
    assert DONE == []
    assert read_material(digest, theirs, note, store) == b"paper"
    assert DONE == ["noted", "read"]


def test_what_is_not_theirs_is_neither_noted_as_read_nor_read(store: WatchedStore) -> None:
    """Not even whether it is there is told."""
    mine, others, never = store.put(b"mine"), store.put(b"others"), "0" * 64
    theirs = (CaseFile(9, None, 3, mine),)
    said = set()
    for digest in (others, never):
        with pytest.raises(NotTheirsError) as refused:
            read_material(digest, theirs, note, store)
        said.add(refused.value.message)
    assert (len(said), DONE) == (1, [])
    assert read_material(mine, theirs, note, store) == b"mine"


def test_a_sweep_deletes_what_is_over_and_nothing_else(store: UploadStore) -> None:
    """Said first, done afterwards, and again nothing."""
    over, still, open_, unnamed = (store.put(text) for text in (b"over", b"still", b"open", b"unnamed"))
    uses = {
        over: [FileUse((3,), LONG_AGO)],
        still: [FileUse((3,), LONG_AGO), FileUse((8,), TODAY - timedelta(days=9))],
        open_: [FileUse((3,), LONG_AGO), FileUse((3,), None)],
        "f" * 64: [FileUse((3,), LONG_AGO)],
    }
    assert sweep(store, uses, POLICY, TODAY, only_say=True) == Swept(2, 2)
    assert len(list(store.files())) == 4
    assert sweep(store, uses, POLICY, TODAY, only_say=False) == Swept(2, 2)
    assert sweep(store, uses, POLICY, TODAY, only_say=False) == Swept(0, 2)
    assert [store.get(digest) for digest in (still, open_)] == [b"still", b"open"]
    for digest in (over, unnamed):
        with pytest.raises(FileGoneError):
            store.get(digest)


def test_what_was_uploaded_lately_stays_though_nobody_names_it(store: UploadStore) -> None:
    """The application is still being filled in."""
    store.put(b"new")
    now = calendar_date(datetime.now(UTC))
    assert sweep(store, {}, POLICY, now, only_say=False) == Swept(0, 1)
    assert sweep(store, {}, POLICY, now + timedelta(days=POLICY.unused_days), only_say=False) == Swept(0, 1)
