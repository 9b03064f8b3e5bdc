"""Copies what topics of the log say into PostgreSQL, keeping the place in the log beside the rows.

Shape: a schema of its own with the copy's tables, and
`positions`: topic and partition → the next offset to read;
`life`: one row: the layout and the topics of all this, and whether it has been complete once.
Rows and positions are written in one transaction, so nothing is lost or applied out of order, whatever dies
when. Everything follows from the topics: it may be dropped at any time, and is then built again.
What takes the place of a copy that may still be read is built beside it, in a schema `…_next`, and put in its
place in one transaction once it is whole (ADR 0070). So what writes a copy names no schema.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import psycopg
from confluent_kafka import KafkaException, TopicCollection
from psycopg import sql
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
DROP SCHEMA IF EXISTS {schema} CASCADE;
CREATE SCHEMA {schema};
CREATE TABLE {schema}.life (version integer NOT NULL, topic_lives jsonb NOT NULL, complete boolean NOT NULL);
CREATE TABLE {schema}.positions (
    topic text, partition integer, next_offset bigint NOT NULL, PRIMARY KEY (topic, partition)
);
"""
_PUT_POSITIONS = """
INSERT INTO positions SELECT * FROM unnest(%s::text[], %s::integer[], %s::bigint[])
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""
_DROP = "DROP SCHEMA IF EXISTS {schema} CASCADE"
# Readers hold `life` until their transaction ends. Who comes after us waits for us, so we do not wait long.
_TAKE_PLACE = """
SET LOCAL lock_timeout = '200ms';
LOCK TABLE {schema}.life IN ACCESS EXCLUSIVE MODE;
ALTER SCHEMA {schema} RENAME TO {old};
"""
_IN_PLACE = "ALTER SCHEMA {next} RENAME TO {schema}"

Lives = Mapping[str, str]
"""Topic → the id that the brokers gave it when it was made: another one is another log. And what else a copy
is made with, by its name."""

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
        made_with: what else its rows follow from, by name: with another, they are made anew.
    """

    copy: LogCopy
    lock: int
    layout: str
    partitions: Mapping[str, int]
    made_with: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def opened(self, settings: Settings, reader: TopicsReader) -> Iterator[Connection]:
        """Become the copy's only writer, and place the reader where the copy ends.

        Raises:
            one of `PASSING`: begin again; nothing was half written.
        """
        with only_writer(settings, self.lock) as connection:
            connection.execute(_NO_WAIT_FOR_DISK)
            lives = topic_lives(settings, tuple(self.partitions))
            reader.start(self.begin(connection, {**lives, **self.made_with}, reader.bounds()))
            yield connection

    def begin(self, connection: Connection, lives: Lives, bounds: Bounds) -> dict[Place, int]:
        """Return where to go on, and let this connection write there.

        What is not a copy of these topics is made anew: beside the one that is there, if that may be read.
        """
        connection.execute(_sql(_DROP, schema=self._old))
        for schema in (self.copy.name, self._next):
            stored = self._stored_positions(connection, schema, lives)
            if stored is not None and _are_within(stored, bounds):
                if schema == self.copy.name:
                    connection.execute(_sql(_DROP, schema=self._next))
                self._write_to(connection, schema)
                return stored
        beside = self._may_be_read(connection, lives, bounds)
        log.info("rebuilds", name=self.copy.name, status="beside" if beside else "in_place")
        self.make(connection, self._next if beside else self.copy.name, lives, bounds.first)
        return dict(bounds.first)

    def make(self, connection: Connection, schema: str, lives: Lives, positions: Mapping[Place, int]) -> None:
        """Make empty tables in place of what is there, to be filled from these positions on."""
        with connection.transaction():
            connection.execute(_sql(_LAYOUT, schema=schema))
            self._write_to(connection, schema)
            connection.execute(self.layout.encode())  # bytes: psycopg types text as literals only
            put_life = "INSERT INTO life VALUES (%s, %s, false)"
            connection.execute(put_life, (self.copy.version, Jsonb(dict(lives))))
            self.put_positions(connection, positions)

    def require_there(self, connection: Connection) -> None:
        """Refuse to go on if the copy is gone: whoever keeps the database may drop it at any time.

        Raises:
            DroppedError: it is gone.
        """
        if not _exists(connection, "life"):
            raise DroppedError

    def mark_complete(self, connection: Connection) -> bool:
        """Note that everything that was in the log is here: from now on what is not here does not exist.

        What was built beside another copy takes its place; False: that is still being read, so call again.
        """
        try:
            with connection.transaction():
                if self._is_beside(connection):
                    self._take_place(connection)
                connection.execute("UPDATE life SET complete = true WHERE NOT complete")
        except psycopg.errors.LockNotAvailable:
            return False
        connection.execute(_sql(_DROP, schema=self._old))
        return True

    def put_positions(self, connection: Connection, positions: Mapping[Place, int]) -> None:
        """Write where to go on; call it in the transaction that writes the rows."""
        columns = ([topic for topic, _ in positions], [number for _, number in positions])
        connection.execute(_PUT_POSITIONS, (*columns, list(positions.values())))

    @property
    def _next(self) -> str:
        return f"{self.copy.name}_next"

    @property
    def _old(self) -> str:
        return f"{self.copy.name}_old"

    def _write_to(self, connection: Connection, schema: str) -> None:
        connection.execute(_sql("SET search_path TO {schema}", schema=schema))

    def _is_beside(self, connection: Connection) -> bool:
        return connection.execute("SELECT current_schema()").fetchone() == (self._next,)

    def _take_place(self, connection: Connection) -> None:
        if _exists(connection, f"{self.copy.name}.life"):
            connection.execute(_sql(_TAKE_PLACE, schema=self.copy.name, old=self._old))
        connection.execute(_sql(_IN_PLACE, schema=self.copy.name, next=self._next))
        self._write_to(connection, self.copy.name)

    def _stored_positions(self, connection: Connection, schema: str, lives: Lives) -> dict[Place, int] | None:
        if _life(connection, schema) != (self.copy.version, dict(lives)):
            return None
        return _positions(connection, schema)

    def _may_be_read(self, connection: Connection, lives: Lives, bounds: Bounds) -> bool:
        """Say whether the copy that is there is whole, fits our readers, and is of the same topics.

        One that says more than the log has is of a log that is gone.
        """
        version, held = _life(connection, self.copy.name) or (None, {})
        if version not in self.copy.readable or self.copy.life(connection) != (version, True):
            return False
        same = all(held.get(topic, lives[topic]) == lives[topic] for topic in self.partitions)
        stored = _positions(connection, self.copy.name)
        return same and all(at <= bounds.end.get(place, at) for place, at in stored.items())


def _are_within(stored: Mapping[Place, int], bounds: Bounds) -> bool:
    return stored.keys() == bounds.end.keys() and all(
        bounds.first[place] <= at <= bounds.end[place] for place, at in stored.items()
    )


def _life(connection: Connection, schema: str) -> tuple[int, Lives] | None:
    """Return the version of a copy's layout, and of what it was made; None if there is no such copy."""
    if not _exists(connection, f"{schema}.life"):
        return None
    try:
        found = connection.execute(_sql("SELECT version, topic_lives FROM {schema}.life", schema=schema))
    except psycopg.errors.UndefinedColumn:  # of an early version
        return None
    row = found.fetchone()
    return None if row is None else (row[0], row[1])


def _positions(connection: Connection, schema: str) -> dict[Place, int]:
    rows = connection.execute(
        _sql("SELECT topic, partition, next_offset FROM {schema}.positions", schema=schema)
    )
    return {(topic, partition): next_offset for topic, partition, next_offset in rows.fetchall()}


def _exists(connection: Connection, table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,)


def _sql(text: str, **names: str) -> sql.Composed:
    """Return a statement with the names of schemas where it says so."""
    return sql.SQL(text).format(**{name: sql.Identifier(one) for name, one in names.items()})
