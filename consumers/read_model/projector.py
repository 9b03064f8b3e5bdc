"""The projector: keeps PostgreSQL's read model at the end of the topics that it is made of.

Shape: topics `cases`, `tasks`, `receipts.*`, `matters.*` and those of the quarantine → tables of
`consumers.read_model.tables`.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from avro_schemas.catalogue import schema
from consumers.log.copies import READ_MODEL, Connection
from consumers.log.copy_writer import ANSWER_LIMIT_S, CopyProgress, keep_following
from consumers.log.projection import DecodeValue, changes_of
from consumers.log.reader import LASTING, TopicsReader
from consumers.operations.metrics import OverviewCollector
from consumers.read_model.assignments import LAYOUT as ASSIGNMENTS
from consumers.read_model.matter_counts import FORGET_NONE
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.tables import ReadModelTables
from consumers.read_model.under_way import LAYOUT as UNDER_WAY
from exchange.runtime.home import Home, announce_ready
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from exchange.runtime.stopping import Stop

IDLE_S = 0.1
"""How long a read waits at most, so how late a stop is noticed. New cases are taken at once."""
LOOK_S = 1.0
"""How often an idle projector checks whether database and tables are still there."""

log = logger("consumers.read_model.projector")


def run(settings: Settings) -> None:
    """Run the projector until SIGTERM or SIGINT; the home's ready file says when it has caught up."""
    configure_logs(logging.INFO)
    stop = Stop()
    stop.listen()
    home, monitor = Home(settings.home), Monitor(READ_MODEL.part)
    monitor.registry.register(OverviewCollector(settings))
    tables = ReadModelTables(settings.city, SearchKeys.of_home(home))
    with Registry(settings.registry) as registry, monitor.serving(home):
        decoders: dict[str, DecodeValue] = {
            projection.topic: Decoder(
                projection.read_by(schema(projection.event)), registry.schema_by_id
            ).decode
            for projection in tables.projections
        }
        projector = Projector(
            settings, tables, decoders, lambda: announce_ready(home, READ_MODEL.part), monitor
        )
        keep_following(projector.follow, stop, monitor)


@dataclass
class Projector:
    """Carries topics over; `caught_up` is called once all that was there when it began is carried over."""

    settings: Settings
    tables: ReadModelTables
    decoders: Mapping[str, DecodeValue]
    caught_up: Callable[[], None]
    monitor: Monitor
    _progress: CopyProgress = field(init=False)

    def __post_init__(self) -> None:
        self._progress = CopyProgress(self.monitor)

    def follow(self, stop: Stop) -> None:
        """Carry over what comes, until asked to stop.

        Raises:
            one of `copy_writer.PASSING`: begin again; nothing was half written.
        """
        writer = self.tables.writer
        with (
            TopicsReader(self.settings.kafka, writer.partitions, ANSWER_LIMIT_S, LASTING) as reader,
            writer.opened(self.settings, reader) as connection,
        ):
            connection.execute(ASSIGNMENTS)
            connection.execute(UNDER_WAY)
            connection.execute(FORGET_NONE)
            self._carry(connection, reader, stop)

    def _carry(self, connection: Connection, reader: TopicsReader, stop: Stop) -> None:
        began, count, behind, looked = time.monotonic(), 0, True, 0.0
        written = dict(reader.reached)
        self.monitor.not_ready("catching_up")
        while not stop.asked:
            messages = reader.read(IDLE_S)
            self._progress.looked(reader.behind)
            # Also past what transactions leave after the last message: who waits for the end must see it.
            moved = dict(reader.reached.items() - written.items())
            if moved:
                changes = changes_of(messages, self.tables.projections, self.decoders)
                self.tables.write(connection, changes, moved)
                written |= moved
                count += len(messages)
                self._progress.carried(len(messages))
            elif time.monotonic() - looked > LOOK_S:
                looked = time.monotonic()
                self.tables.writer.require_there(connection)
            # Not `at_end`: where messages never stop coming, they are never all read at one moment.
            if behind and reader.round_done and self.tables.writer.mark_complete(connection):
                behind = False
                self.caught_up()
                self.monitor.ready()
                log.info("caught_up", count=count, seconds=round(time.monotonic() - began, 3))
