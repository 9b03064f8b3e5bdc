"""A department's announcements, each taking effect once in the department's own database.

    with psycopg.connect(dsn) as connection, Inbox(load_settings(None), "police", connection) as inbox:
        inbox.run(take_effect)

Announcements are delivered at least once. Each is taken in one transaction of the department's connection:
its id among those seen, the place in the log and whatever `take_effect` writes through that connection are
committed together or not at all, so a crash at any moment neither loses nor doubles an effect.
Shape: two tables in the department's database, `exchange_inbox_seen` and `exchange_inbox_position`.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Self

from avro_schemas.typed_documents import AnnouncementDocument
from consumers.announcements.reader import AnnouncementMessage, AnnouncementReader
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings

READ_S: Final = 0.2

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS exchange_inbox_seen (inbox text, id text, PRIMARY KEY (inbox, id))",
    "CREATE TABLE IF NOT EXISTS exchange_inbox_position (inbox text, topic text, partition_number integer, "
    "next_offset bigint NOT NULL, PRIMARY KEY (inbox, topic, partition_number))",
)
_POSITIONS: Final = (
    "SELECT topic, partition_number, next_offset FROM exchange_inbox_position WHERE inbox = %s"
)
_BEGIN_AT: Final = "INSERT INTO exchange_inbox_position VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
_MOVE_ON: Final = (
    "UPDATE exchange_inbox_position SET next_offset = %s "
    "WHERE inbox = %s AND topic = %s AND partition_number = %s AND next_offset = %s"
)
_SEE: Final = "INSERT INTO exchange_inbox_seen VALUES (%s, %s) ON CONFLICT DO NOTHING"

InboxEffect = Callable[
    [Any, AnnouncementDocument], None
]  # connection and announcement; neither commits nor rolls back
Elsewhere = Callable[[AnnouncementDocument], None]  # done at least once, so do it by the announcement's id


class Inbox:
    """One place in a department's announcements, kept in the department's database. For one thread.

    Args:
        settings, department: the exchange, and one that decides matters.
        connection: any DB-API connection whose database knows ON CONFLICT (PostgreSQL, SQLite), not in
            autocommit; the inbox commits and rolls back on it.
        name: which inbox; two in one database each get every announcement.
        from_start: where a new inbox begins: with the first announcement, else with the next one.
        placeholder: how the driver marks parameters: %s (psycopg), ? (sqlite3).

    Raises:
        ExchangeError: there is no such topic, or the connection commits by itself.
    """

    def __init__(
        self,
        settings: Settings,
        department: str,
        connection: Any,
        *,
        name: str = "inbox",
        from_start: bool = True,
        placeholder: str = "%s",
    ) -> None:
        if getattr(connection, "autocommit", False) is True:
            raise ExchangeError(said("inbox_commits_alone"), said("inbox_without_autocommit"))
        self._connection, self._name, self._placeholder = connection, f"{department}/{name}", placeholder
        self._reader = AnnouncementReader(settings, department)
        bounds = self._reader.bounds()
        self._positions = self._open(bounds.first if from_start else bounds.end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def run(
        self, effect: InboxEffect, *, elsewhere: Elsewhere | None = None, until_idle_s: float | None = None
    ) -> int:
        """Let each announcement take effect once, as they come; return how many did.

        An exception in an effect ends the run, and nothing of that effect is committed: its announcement is
        the next one, in this inbox or in another of the same name.

        Args:
            effect: writes through the connection it is given.
            elsewhere: called before the commit, and again after a crash, with the same announcement.
            until_idle_s: end when everything was taken and nothing has come for this long; never, if None.

        Raises:
            ExchangeError: another process works on this inbox, or the topic was cut or made anew.
        """
        self._reader.start(self._positions)  # what an earlier run read and did not take comes again
        count, last = 0, time.monotonic()
        while True:
            read = self._reader.read(READ_S)
            for one in read:
                count += self._take(one, effect, elsewhere)
            if read or not self._reader.at_end:
                last = time.monotonic()
            elif until_idle_s is not None and time.monotonic() - last >= until_idle_s:
                return count

    def _take(self, one: AnnouncementMessage, effect: InboxEffect, elsewhere: Elsewhere | None) -> bool:
        """Take one message in one transaction; say whether it was new."""
        try:
            new = self._note(one)
            if new and one.announcement is not None:
                effect(self._connection, one.announcement)
                if elsewhere:
                    elsewhere(one.announcement)
            self._connection.commit()
        except BaseException:
            self._connection.rollback()
            raise
        self._positions[one.place] = one.offset + 1
        return new

    def _note(self, one: AnnouncementMessage) -> bool:
        """Move on to the next place and see the id; say whether it is new. A second process fails here."""
        moved = (one.offset + 1, self._name, *one.place, self._positions[one.place])
        if self._do(_MOVE_ON, moved).rowcount != 1:
            raise ExchangeError(said("inbox_taken", name=self._name), said("inbox_of_its_own"))
        if one.announcement is None:
            return False
        return bool(self._do(_SEE, (self._name, one.announcement["id"])).rowcount == 1)

    def _open(self, begin: Mapping[Place, int]) -> dict[Place, int]:
        """Return where to go on; a new inbox first writes that down."""
        for statement in _TABLES:
            self._do(statement, ())
        for place, offset in begin.items():
            self._do(_BEGIN_AT, (self._name, *place, offset))
        rows = self._do(_POSITIONS, (self._name,)).fetchall()
        self._connection.commit()
        return {(topic, partition): offset for topic, partition, offset in rows}

    def _do(self, statement: str, parameters: tuple[object, ...]) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(statement.replace("%s", self._placeholder), parameters)
        return cursor
