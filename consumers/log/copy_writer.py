"""Copies what topics of the log say into PostgreSQL, keeping the place in the log beside the rows.

Shape: a schema of its own with the copy's tables, and
`positions`: topic and partition → the next offset to read;
`life`: one row: the layout and the topics of all this, and whether it has been complete once.
Rows and positions are written in one transaction, so nothing is lost or applied out of order, whatever dies
when. Everything follows from the topics: it may be dropped at any time, and is then built again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg
from confluent_kafka import KafkaException, TopicCollection
from psycopg.types.json import Jsonb

from consumers.log.copies import Connection, LogCopy
from consumers.log.reader import Bounds, LogAwayError, PositionGoneError, TopicsReader
from exchange.runtime.errors import RegistryAwayError
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger
from exchange.runtime.metrics import CARRIED, LAG
from exchange.runtime.monitor import Monitor
from exchange.runtime.settings import Settings
from exchange.runtime.stopping import Stop
from exchange.runtime.waiting import wait_until

RETRY_S: Final = 0.5
CONNECT_LIMIT_S: Final = 3
ANSWER_LIMIT_S: Final = 3.0
"""Short, because a stop is not noticed while waiting for an answer."""

_ONLY_WRITER = "SELECT pg_try_advisory_lock(%s)"
# A crash of the database may lose the last moments, but rows and positions together: they are read again.
_NO_WAIT_FOR_DISK = "SET synchronous_commit = off"
_LAYOUT = """
DROP SCHEMA IF EXISTS {name} CASCADE;
CREATE SCHEMA {name};
CREATE TABLE {name}.life (version integer NOT NULL, topic_lives jsonb NOT NULL, complete boolean NOT NULL);
CREATE TABLE {name}.positions (
    topic text, partition integer, next_offset bigint NOT NULL, PRIMARY KEY (topic, partition)
);
"""
_PUT_POSITIONS = """
INSERT INTO {name}.positions SELECT * FROM unnest(%s::text[], %s::integer[], %s::bigint[])
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""

Lives = Mapping[str, str]
"""Topic → the id that the brokers gave it when it was made: another one is another log."""

log = logger("consumers.log.copy_writer")


class WriterElsewhereError(Exception):
    """Another process does this work and holds its lock."""


class DroppedError(Exception):
    """Somebody dropped the copy."""


# Troubles that pass by themselves: the part waits and begins again from what the database holds.
PASSING: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.UndefinedTable,
    psycopg.errors.InvalidSchemaName,
    KafkaException,
    LogAwayError,
    PositionGoneError,
    RegistryAwayError,
    WriterElsewhereError,
    DroppedError,
)


def keep_following(follow: Callable[[Stop], None], stop: Stop, monitor: Monitor) -> None:
    """Run `follow` until asked to stop, again each time that passing trouble ends it."""
    while not stop.asked:
        try:
            follow(stop)
        except PASSING as problem:
            log.warning("waits_and_tries_again", error=type(problem).__name__, part=monitor.part)
            monitor.tries_again(problem)
            wait_until(lambda: stop.asked, RETRY_S)
    log.info("stopped", part=monitor.part)


class CopyProgress:
    """How a part that follows the log is getting on, for whoever watches it."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._carried = CARRIED.counter(monitor.registry)
        self._lag = LAG.gauge(monitor.registry)

    def looked(self, behind: int) -> None:
        """Note that the work loop moves, and how many messages it is behind."""
        self._monitor.beat()
        self._lag.set(behind)

    def carried(self, count: int) -> None:
        """Note that this many more messages were taken."""
        self._carried.inc(count)


@contextmanager
def only_writer(settings: Settings, lock: int) -> Iterator[Connection]:
    """Connect to our database, in autocommit, as the only holder of this lock.

    Raises:
        one of `PASSING`: PostgreSQL does not answer, or another process holds it.
    """
    with psycopg.connect(settings.postgres, connect_timeout=CONNECT_LIMIT_S, autocommit=True) as connection:
        if connection.execute(_ONLY_WRITER, (lock,)).fetchone() != (True,):
            raise WriterElsewhereError
        yield connection


def topic_lives(settings: Settings, topics: Sequence[str]) -> Lives:
    """Return the ids that the brokers gave these topics when they were made.

    Raises:
        KafkaException: the brokers do not answer, or there is no such topic.
    """
    admin = make_admin(settings.kafka)  # kept: its answers come while it lives
    answers = admin.describe_topics(TopicCollection(list(topics)), request_timeout=ANSWER_LIMIT_S)
    return {topic: str(answers[topic].result().topic_id) for topic in topics}


@dataclass(frozen=True)
class CopyWriter:
    """How one copy is made.

    Attributes:
        copy: which one.
        lock: the number of the advisory lock that its only writer holds.
        layout: the statements that make its tables, empty.
        partitions: of the topics that it is a copy of: topic → their number.
    """

    copy: LogCopy
    lock: int
    layout: str
    partitions: Mapping[str, int]

    @contextmanager
    def opened(self, settings: Settings, reader: TopicsReader) -> Iterator[Connection]:
        """Become the copy's only writer, and place the reader where the copy ends.

        Raises:
            one of `PASSING`: begin again; nothing was half written.
        """
        with only_writer(settings, self.lock) as connection:
            connection.execute(_NO_WAIT_FOR_DISK)
            reader.start(
                self._positions(connection, topic_lives(settings, tuple(self.partitions)), reader.bounds())
            )
            yield connection

    def require_there(self, connection: Connection) -> None:
        """Refuse to go on if the copy is gone: whoever keeps the database may drop it at any time.

        Raises:
            DroppedError: it is gone.
        """
        if not self._is_there(connection):
            raise DroppedError

    def mark_complete(self, connection: Connection) -> None:
        """Note that everything that was in the log is here: from now on what is not here does not exist."""
        connection.execute(self.copy.sql("UPDATE {name}.life SET complete = true WHERE NOT complete"))

    def put_positions(self, connection: Connection, positions: Mapping[Place, int]) -> None:
        """Write where to go on; call it in the transaction that writes the rows."""
        columns = ([topic for topic, _ in positions], [number for _, number in positions])
        connection.execute(self.copy.sql(_PUT_POSITIONS), (*columns, list(positions.values())))

    def _positions(self, connection: Connection, lives: Lives, bounds: Bounds) -> dict[Place, int]:
        """Return where to go on: at the beginning, with empty tables, if it is not a copy of these topics."""
        stored = self._stored_positions(connection, lives)
        if (
            stored is not None
            and stored.keys() == bounds.end.keys()
            and all(bounds.first[place] <= stored[place] <= bounds.end[place] for place in stored)
        ):
            return stored
        log.info("rebuilds", name=self.copy.name, found=stored is not None)
        self._rebuild(connection, lives, bounds.first)
        return dict(bounds.first)

    def _stored_positions(self, connection: Connection, lives: Lives) -> dict[Place, int] | None:
        if not self._is_there(connection):
            return None
        try:
            life = connection.execute(
                self.copy.sql("SELECT version, topic_lives FROM {name}.life")
            ).fetchone()
        except psycopg.errors.UndefinedColumn:  # another version's
            return None
        if life != (self.copy.version, dict(lives)):
            return None
        rows = connection.execute(self.copy.sql("SELECT topic, partition, next_offset FROM {name}.positions"))
        return {(topic, partition): next_offset for topic, partition, next_offset in rows.fetchall()}

    def _rebuild(self, connection: Connection, lives: Lives, positions: Mapping[Place, int]) -> None:
        """Drop everything and make empty tables, to be filled from these positions on."""
        with connection.transaction():
            connection.execute(self.copy.sql(_LAYOUT))
            connection.execute(self.layout.encode())  # bytes: psycopg types text as literals only
            put_life = self.copy.sql("INSERT INTO {name}.life VALUES (%s, %s, false)")
            connection.execute(put_life, (self.copy.version, Jsonb(dict(lives))))
            self.put_positions(connection, positions)

    def _is_there(self, connection: Connection) -> bool:
        return connection.execute("SELECT to_regclass(%s)", (f"{self.copy.name}.life",)).fetchone() != (None,)
