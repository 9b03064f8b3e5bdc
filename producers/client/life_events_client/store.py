"""The one file in which a department's machine keeps what must outlast its processes, in SQLite."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Final
from urllib.parse import urlsplit

from life_events_client.access import Access

FORMAT: Final = 1
BUSY_S: Final = 60.0
"""How long one process waits for another that writes."""
KEPT_IDS: Final = 100_000
"""So many announcements are remembered; what the exchange repeats is recent."""

_TABLES: Final = """
CREATE TABLE record (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which records were put
    record_id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    body BLOB,                                -- erased once the record is taken
    status TEXT,                              -- of its receipt
    receipt TEXT,
    settled_at INTEGER                        -- seconds since 1970
);
CREATE INDEX unsettled ON record (number) WHERE status IS NULL;
CREATE INDEX settled ON record (settled_at) WHERE status IS NOT NULL;
CREATE TABLE batch (
    id TEXT PRIMARY KEY,
    first INTEGER NOT NULL,                   -- the records of these numbers, both included
    last INTEGER NOT NULL,
    stored INTEGER NOT NULL DEFAULT 0,        -- whether the exchange has all of it
    answered INTEGER NOT NULL DEFAULT 0       -- so many lines have their receipt
);
CREATE INDEX batch_order ON batch (first);
CREATE TABLE follower (name TEXT PRIMARY KEY, vector TEXT);
CREATE TABLE taken (
    number INTEGER PRIMARY KEY, follower TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (follower, id)
);
"""


class Store:
    """What is kept on disk. A transaction that has ended is on the disk, whatever happens to the machine.

    Any thread may use it; several processes may have it open.

    Raises:
        OSError, sqlite3.Error: the file cannot be made, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.lock = path, RLock()
        _make_private(path)
        self._connection = sqlite3.connect(
            path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            self._connection.execute(f"PRAGMA {setting}")
        self._prepare()

    def _prepare(self) -> None:
        with self.transaction() as connection:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if found > FORMAT:
                raise sqlite3.DatabaseError(f"{self.path} was written by a later version of this client")
            if not found:
                for statement in _TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Let one thread of one process write: all or nothing."""
        with self.lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Let one thread read what has been written."""
        with self.lock:
            yield self._connection

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._connection.close()

    def vector(self, follower: str) -> str | None:
        """Return the position behind the last announcement taken; None: none was taken yet."""
        with self.reading() as connection:
            row = connection.execute("SELECT vector FROM follower WHERE name = ?", [follower]).fetchone()
        return row[0] if row else None

    def seen(self, follower: str, announcement_id: str) -> bool:
        """Return whether the announcement was taken before."""
        question = "SELECT 1 FROM taken WHERE follower = ? AND id = ?"
        with self.reading() as connection:
            return connection.execute(question, [follower, announcement_id]).fetchone() is not None

    def take(self, follower: str, announcement_id: str | None, vector: str | None) -> None:
        """Keep that an announcement was taken, and the position behind it; both or neither."""
        with self.transaction() as connection:
            if announcement_id is not None:
                added = "INSERT OR IGNORE INTO taken (follower, id) VALUES (?, ?)"
                connection.execute(added, [follower, announcement_id])
                forgotten = "DELETE FROM taken WHERE number <= (SELECT max(number) FROM taken) - ?"
                connection.execute(forgotten, [KEPT_IDS])
            if vector is not None:
                connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?)", [follower, vector])

    def forget(self, follower: str) -> None:
        """Keep nothing of the follower any more."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM follower WHERE name = ?", [follower])
            connection.execute("DELETE FROM taken WHERE follower = ?", [follower])


class SenderLock:
    """Of all that have a store open, in whatever process, one may send; who dies gives it back."""

    def __init__(self, path: Path) -> None:
        lock = path.with_name(f"{path.name}.sender")
        _make_private(lock)
        self._connection = sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)

    def take(self) -> bool:
        """Take it, or say that another has it."""
        try:
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        return True

    def close(self) -> None:
        """Give it back."""
        self._connection.close()


def usual_path(access: Access) -> Path:
    """Return where a store is if nobody says otherwise: one for each principal at each exchange.

    Neither a new credential nor another port is another store.
    """
    state = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    folder = Path(state) if state else Path.home() / ".local" / "state"
    return folder / "life-events-client" / f"{access.principal}@{urlsplit(access.url).hostname}.sqlite"


def _make_private(path: Path) -> None:
    """Make a file that its owner alone can read; SQLite gives what it puts beside it the same rights."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)  # also where it was there before
