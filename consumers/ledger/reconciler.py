"""The reconciler: compares the log with what came of it, delivers again what is missing, and alerts.

Shape: topics `records.*`, `receipts.*`, `quarantine.*`, `cases` and `redeliveries` → schema `ledger`
(`consumers.ledger.tables`); what is missing → topic `redeliveries`.
It shares no reading, deciding or writing with the join, so that it does not share the join's faults. All that
it asks about the join is how far it has read.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from consumers.ledger.entries import Decoders, batch_of
from consumers.ledger.reading import ledger_decoders
from consumers.ledger.redelivery import Redelivering
from consumers.ledger.tables import LedgerTables
from consumers.ledger.watch import Watch
from consumers.log.copies import LEDGER, Connection
from consumers.log.copy_writer import ANSWER_LIMIT_S, CopyProgress, keep_following
from consumers.log.reader import TopicsReader
from exchange.folding.case_ids import CaseIds
from exchange.runtime.home import Home, announce_ready
from exchange.runtime.logs import configure_logs, logger
from exchange.runtime.monitor import Monitor
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from exchange.runtime.stopping import Stop

GATHER_S: Final = 1.0
"""How long messages are gathered for one transaction, and how late a stop is noticed."""
GATHER_MESSAGES: Final = 5000
FETCHING: Final = {"fetch.wait.max.ms": 500, "fetch.min.bytes": 65_536, "queued.max.messages.kbytes": 16_384}
"""Nobody waits for the ledger: it asks for more at once, and asks an idle log twice a second."""
LOOK_S: Final = 2.0
"""How often it looks for what is missing, or as often as the grace period ends, if that is shorter."""

log = logger("ledger.reconciler")


def run(settings: Settings) -> None:
    """Run the reconciler until SIGTERM or SIGINT; the home's ready file says when it is at work."""
    configure_logs(logging.INFO)
    stop = Stop()
    stop.listen()
    home, monitor = Home(settings.home), Monitor(LEDGER.part)
    with Registry(settings.registry) as registry, monitor.serving(home):
        reconciler = Reconciler(
            settings,
            ledger_decoders(settings.city.catalogue, registry.schema_by_id),
            Redelivering(settings, registry),
            lambda: announce_ready(home, LEDGER.part),
            monitor,
        )
        keep_following(reconciler.follow, stop, monitor)


@dataclass
class Reconciler:
    """Keeps the ledger at the end of the log, and looks into it; `at_work` is called once it does."""

    settings: Settings
    decoders: Decoders
    redelivering: Redelivering
    at_work: Callable[[], None]
    monitor: Monitor
    _tables: LedgerTables = field(init=False)
    _progress: CopyProgress = field(init=False)
    _case_ids: CaseIds = field(init=False)

    def __post_init__(self) -> None:
        self._case_ids = CaseIds(self.settings.case_key)
        self._tables = LedgerTables(self.settings.city.catalogue)
        self._progress = CopyProgress(self.monitor)

    def follow(self, stop: Stop) -> None:
        """Carry over what comes and heal what is missing, until asked to stop.

        Raises:
            one of `copy_writer.PASSING`: begin again; nothing was half written.
        """
        tables = self._tables
        with (
            TopicsReader(
                self.settings.kafka,
                tables.writer.partitions,
                ANSWER_LIMIT_S,
                FETCHING,
                frozenset(topic.name for topic in tables.catalogue.records),
            ) as reader,
            tables.writer.opened(self.settings, reader) as connection,
        ):
            self.at_work()
            self._carry(connection, reader, stop)

    def _carry(self, connection: Connection, reader: TopicsReader, stop: Stop) -> None:
        watch = Watch(self.settings, self._tables, connection, self.redelivering)
        every_s = min(LOOK_S, self.settings.grace_seconds)
        began = round_began = time.monotonic()
        count, behind = 0, True
        in_hand = watch.begin_round(datetime.now(UTC))
        self.monitor.not_ready("catching_up")
        while not stop.asked:
            messages = reader.gather(GATHER_S, GATHER_MESSAGES)
            watch.note_gaps(reader.take_gaps())
            if messages:
                batch = batch_of(messages, self._tables.catalogue, self.decoders, self._case_ids)
                self._tables.write(connection, batch)
                count += len(messages)
                self._progress.carried(len(messages))
            self._progress.looked(reader.behind)
            if not reader.round_done or time.monotonic() - round_began < every_s:
                continue
            self._tables.writer.require_there(connection)
            if behind:
                if not self._tables.writer.mark_complete(connection):
                    continue
                behind = False
                self.monitor.ready()
                log.info("caught_up", count=count, seconds=round(time.monotonic() - began, 3))
            watch.look(in_hand, datetime.now(UTC))
            in_hand = watch.begin_round(datetime.now(UTC))
            reader.begin_round()
            round_began = time.monotonic()
