"""The projector: keeps PostgreSQL's read model at the end of the topics that it is made of.

Shape: topics `cases`, `tasks` and `quarantine.<department>` → tables of `consumers.read_model_tables`.
Where it stands is kept in the same database and written in the same transaction as the rows, so nothing is
lost or applied out of order, whatever dies when.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import psycopg
from confluent_kafka import KafkaException, TopicCollection
from prometheus_client import Counter, Gauge

from avro_schemas.catalogue import schema
from consumers import read_model_tables as tables
from consumers.log_reader import Bounds, LogAwayError, PositionGoneError, TopicsReader
from consumers.overview_metrics import OverviewCollector
from consumers.projection import Connection, Decode, batch_of
from consumers.read_model_tables import PROJECTIONS
from exchange.runtime.home import Home, announce_ready
from exchange.runtime.kafka_clients import make_admin
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.metrics import CARRIED, LAG
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry import Registry, RegistryAwayError
from exchange.runtime.serde import Decoder
from exchange.runtime.settings import Settings
from exchange.runtime.stopping import Stop
from exchange.runtime.waiting import wait_until
from exchange.runtime.watermarks import Place
from topics.catalogue import load_catalogue

PART = "projector"
IDLE_S = 0.1
"""How long a read waits at most: a stop is noticed as soon. New cases are taken at once."""
RETRY_S = 0.5
LOOK_S = 1.0
"""How often an idle projector looks whether database and tables are still there."""
CONNECT_LIMIT_S = 3
ANSWER_LIMIT_S = 3.0
"""Short, since a stop is not noticed while an answer is being waited for."""
TOPICS = tuple(projection.topic for projection in PROJECTIONS)

log = logger("consumers.read_model")


class _WriterElsewhereError(Exception):
    """Another projector writes this read model."""


class _DroppedError(Exception):
    """Somebody dropped the read model."""


# What passes by itself: the part waits and begins again from what the database holds.
PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.UndefinedTable,
    psycopg.errors.InvalidSchemaName,
    KafkaException,
    LogAwayError,
    PositionGoneError,
    RegistryAwayError,
    _WriterElsewhereError,
    _DroppedError,
)


def run(settings: Settings) -> None:
    """Run the projector until SIGTERM or SIGINT; the home's ready file says when it has caught up."""
    configure_logs(logging.INFO)
    stop = Stop()
    stop.listen()
    monitor = Monitor(PART)
    monitor.registry.register(OverviewCollector(settings))
    with Registry(settings.registry) as registry, monitor.serving(Home(settings.home)):
        decoders = {
            projection.topic: Decoder(schema(projection.event), registry.schema_by_id).decode
            for projection in PROJECTIONS
        }
        projector = Projector(settings, decoders, lambda: announce_ready(Home(settings.home), PART), monitor)
        while not stop.asked:
            try:
                projector.follow(stop)
            except PASSING as problem:
                log.warning("waits_and_tries_again", error=type(problem).__name__, part=PART)
                monitor.tries_again(problem)
                wait_until(lambda: stop.asked, RETRY_S)
    log.info("stopped", part=PART)


@dataclass
class Projector:
    """Carries topics over; `caught_up` is called each time the end of all of them has been reached anew."""

    settings: Settings
    decoders: Mapping[str, Decode]
    caught_up: Callable[[], None]
    monitor: Monitor
    _carried: Counter = field(init=False)
    _lag: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self._carried = CARRIED.counter(self.monitor.registry)
        self._lag = LAG.gauge(self.monitor.registry)

    def follow(self, stop: Stop) -> None:
        """Carry over what comes, until asked to stop.

        Raises:
            one of `PASSING`: begin again; nothing was half written.
        """
        known = load_catalogue().by_name
        topics = {topic: known[topic].partitions for topic in TOPICS}
        with (
            psycopg.connect(
                self.settings.postgres, connect_timeout=CONNECT_LIMIT_S, autocommit=True
            ) as connection,
            TopicsReader(self.settings.kafka, topics, ANSWER_LIMIT_S) as reader,
        ):
            if not tables.become_only_writer(connection):
                raise _WriterElsewhereError
            bounds = reader.bounds()
            reader.start(_positions(connection, self._topic_lives(), bounds))
            self._carry(connection, reader, stop)

    def _carry(self, connection: Connection, reader: TopicsReader, stop: Stop) -> None:
        began, count, behind, looked = time.monotonic(), 0, True, 0.0
        self.monitor.not_ready("catching_up")
        while not stop.asked:
            messages = reader.read(IDLE_S)
            self.monitor.beat()
            self._lag.set(reader.behind)
            if messages:
                tables.write(connection, batch_of(messages, PROJECTIONS, self.decoders))
                count += len(messages)
                self._carried.inc(len(messages))
            elif time.monotonic() - looked > LOOK_S:
                looked = time.monotonic()
                if not tables.is_there(connection):
                    raise _DroppedError
            if behind and reader.at_end:
                behind = False
                tables.mark_complete(connection)
                self.caught_up()
                self.monitor.ready()
                log.info("caught_up", count=count, seconds=round(time.monotonic() - began, 3))

    def _topic_lives(self) -> tables.Lives:
        """Return the id that the brokers gave each topic when it was made: another one is another log."""
        admin = make_admin(self.settings.kafka)
        answers = admin.describe_topics(TopicCollection(list(TOPICS)), request_timeout=ANSWER_LIMIT_S)
        return {topic: str(answers[topic].result().topic_id) for topic in TOPICS}


def _positions(connection: Connection, lives: tables.Lives, bounds: Bounds) -> dict[Place, int]:
    """Return where to go on; from the beginning, with empty tables, where the model is not of these logs."""
    stored = tables.stored_positions(connection, lives)
    if (
        stored is not None
        and stored.keys() == bounds.end.keys()
        and all(bounds.first[place] <= stored[place] <= bounds.end[place] for place in stored)
    ):
        return stored
    log.info("rebuilds", part=PART, found=stored is not None)
    tables.rebuild(connection, lives, bounds.first)
    return dict(bounds.first)
