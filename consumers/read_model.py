"""The projector: keeps PostgreSQL's read model at the end of the topic `cases`.

Shape: topic `cases` → tables of `consumers.read_model_tables`.
Where it stands is kept in the same database and written in the same transaction as the rows, so no case is
lost or applied out of order, whatever dies when.
"""

import logging
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from avro_schemas.catalogue import schema
from consumers import read_model_tables as tables
from consumers.log_reader import Bounds, LogAwayError, LogReader, PositionGoneError
from exchange.domain.documents import Document
from exchange.runtime.home import Home, announce_ready
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.registry import Registry, RegistryAwayError
from exchange.runtime.serde import Decoder, SerdeError, schema_id_of
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import CASES, load_catalogue

PART = "projector"
IDLE_S = 0.1
"""How long a read waits at most: a stop is noticed as soon. New cases are taken at once."""
RETRY_S = 0.5
LOOK_S = 1.0
"""How often an idle projector looks whether database and tables are still there."""
CONNECT_LIMIT_S = 3
ANSWER_LIMIT_S = 3.0
"""Short, since a stop is not noticed while an answer is being waited for."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = logger("consumers.read_model")
Decode = Callable[[bytes], Document]


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


class Stop:
    """Set by SIGTERM and SIGINT; a plain flag, since a handler may interrupt anything."""

    asked = False

    def listen(self) -> None:
        """Take the signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def run(settings: Settings) -> None:
    """Run the projector until SIGTERM or SIGINT; the home's ready file says when it has caught up."""
    configure_logs(logging.INFO)
    stop = Stop()
    stop.listen()
    with Registry(settings.registry) as registry:
        decode = Decoder(schema("case"), registry.schema_by_id).decode
        projector = Projector(settings, decode, lambda: announce_ready(Home(settings.home), PART))
        while not stop.asked:
            try:
                projector.follow(stop)
            except PASSING as problem:
                log.warning("waits_and_tries_again", error=type(problem).__name__, part=PART)
                wait_until(lambda: stop.asked, RETRY_S)
    log.info("stopped", part=PART)


@dataclass
class Projector:
    """Carries cases over; `caught_up` is called each time the end of the topic has been reached anew."""

    settings: Settings
    decode: Decode
    caught_up: Callable[[], None]

    def follow(self, stop: Stop) -> None:
        """Carry over what comes, until asked to stop.

        Raises:
            one of `PASSING`: begin again; nothing was half written.
        """
        partitions = load_catalogue().by_name[CASES].partitions
        with (
            psycopg.connect(
                self.settings.postgres, connect_timeout=CONNECT_LIMIT_S, autocommit=True
            ) as connection,
            LogReader(self.settings.kafka, CASES, partitions, ANSWER_LIMIT_S) as reader,
        ):
            if not tables.become_only_writer(connection):
                raise _WriterElsewhereError
            bounds = reader.bounds()
            reader.start(_positions(connection, self._topic_life(), bounds))
            self._carry(connection, reader, stop)

    def _carry(self, connection: tables.Connection, reader: LogReader, stop: Stop) -> None:
        began, count, behind, looked = time.monotonic(), 0, True, 0.0
        while not stop.asked:
            messages = reader.read(IDLE_S)
            if messages:
                tables.write(connection, batch_of(messages, self.decode))
                count += len(messages)
            elif time.monotonic() - looked > LOOK_S:
                looked = time.monotonic()
                if not tables.is_there(connection):
                    raise _DroppedError
            if behind and reader.at_end:
                behind = False
                tables.mark_complete(connection)
                self.caught_up()
                log.info("caught_up", count=count, seconds=round(time.monotonic() - began, 3))

    def _topic_life(self) -> str:
        """Return the id that the brokers gave the topic when it was made: another one is another log."""
        admin = AdminClient({"bootstrap.servers": self.settings.kafka, "log_level": 0})
        answer = admin.describe_topics(TopicCollection([CASES]), request_timeout=ANSWER_LIMIT_S)[CASES]
        return str(answer.result().topic_id)


def _positions(connection: tables.Connection, topic_life: str, bounds: Bounds) -> dict[int, int]:
    """Return where to go on; from the beginning, with empty tables, where the model is not of this log."""
    stored = tables.stored_positions(connection, topic_life)
    if (
        stored is not None
        and stored.keys() == bounds.end.keys()
        and all(bounds.first[p] <= stored[p] <= bounds.end[p] for p in stored)
    ):
        return stored
    log.info("rebuilds", part=PART, found=stored is not None)
    tables.rebuild(connection, topic_life, bounds.first)
    return dict(bounds.first)


def batch_of(messages: Iterable[Any], decode: Decode) -> tables.Batch:
    """Return what messages, in the order of the log, change.

    What is no case is logged and passed over: one broken message must not keep everybody's cases away.

    Raises:
        RegistryAwayError: a schema could not be had; try the same messages again.
    """
    cases: dict[str, tables.CaseRow] = {}
    removed: set[str] = set()
    positions: dict[int, int] = {}
    for message in messages:
        positions[message.partition()] = message.offset() + 1
        if message.value() is None:
            case_id = message.key().decode()
            cases.pop(case_id, None)
            removed.add(case_id)
        elif (row := _row(message, decode)) is not None:
            cases[row.case_id] = row
    return tables.Batch(cases, frozenset(removed), positions)


def _row(message: Any, decode: Decode) -> tables.CaseRow | None:
    payload: bytes = message.value()
    try:
        document = decode(payload)
    except SerdeError as problem:
        log.error(
            "not_a_case",
            code=problem.code,
            topic=CASES,
            partition=message.partition(),
            offset=message.offset(),
        )
        return None
    return tables.CaseRow(
        case_id=document["case_id"],
        death_established=document["death_established"],
        document=payload,
        schema_id=schema_id_of(payload),
        partition=message.partition(),
        updated_at=_EPOCH + timedelta(milliseconds=message.timestamp()[1]),
        matters=tuple(document["matters"]),
    )
