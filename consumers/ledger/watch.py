"""Looks into a ledger that is at the end of the log: alerts of what is missing and has it delivered again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from consumers.ledger.checks import LedgerCheck, note_check
from consumers.ledger.missing import (
    JoinOffsets,
    MissingRecord,
    count_healed,
    count_missing,
    find_missing,
    join_passed,
    oldest_waiting,
)
from consumers.ledger.redelivery import Redelivering
from consumers.ledger.tables import LedgerTables
from consumers.log.copies import Connection
from consumers.log.outside_transactions import taken_back
from consumers.log.reader import Gap
from exchange.domain.values import Position
from exchange.runtime.logs import logger
from exchange.runtime.settings import Settings

REDELIVERED_AT_ONCE: Final = 500
FAR_BEHIND: Final = 10
"""How many times the grace period a record may wait for the join before that is an alarm."""
IN_FLIGHT: Final = timedelta(seconds=1)
"""What the brokers took just before a round may not be in the ledger when the round is done."""

log = logger("ledger.watch")


@dataclass(frozen=True)
class Round:
    """The log is read to its end once more: when that began, and how far the join had been by then.

    So what the join had passed is in the ledger with all that came of it; otherwise what is only on its way
    would be taken for missing.
    """

    began: datetime
    passed: JoinOffsets


@dataclass
class Watch:
    """Looks once in each round, when it is done."""

    settings: Settings
    tables: LedgerTables
    connection: Connection
    redelivering: Redelivering
    _given_up: set[Position] = field(default_factory=set)
    """Records that nothing can be done about; that is said once."""
    _healed: int = 0

    def begin_round(self, now: datetime) -> Round:
        """Return a round that begins now.

        Raises:
            KafkaException: the brokers do not answer.
        """
        return Round(now, join_passed(self.settings))

    def note_gaps(self, gaps: Sequence[Gap]) -> None:
        """Note what an outsider's transactions left in record topics, and alert of what they took back.

        Raises:
            one of `copy_writer.PASSING`: begin again.
        """
        if not gaps:
            return
        # For a committed transaction only its mark is missing: the join's log says enough about that.
        found = [one for one in taken_back(self.settings.kafka, gaps) if one.records]
        self.tables.write_gaps(self.connection, found)
        for one in found:
            log.error(
                "outside_transaction_taken_back",
                topic=one.topic,
                partition=one.partition,
                offset=one.first,
                count=one.records,
            )

    def look(self, done: Round, now: datetime) -> None:
        """Alert of what is missing and deliver it again, at the end of a round.

        Raises:
            one of `copy_writer.PASSING`: begin again.
        """
        before = now - timedelta(seconds=self.settings.grace_seconds)
        self._deliver_again(find_missing(self.connection, done.passed, before, REDELIVERED_AT_ONCE))
        counts = count_missing(self.connection, done.passed, before)
        found = LedgerCheck(
            at=done.began - IN_FLIGHT,
            grace_seconds=self.settings.grace_seconds,
            missing=sum(counts.values()),
            not_healed=counts.get("NOT_HEALED", 0),
            healed=count_healed(self.connection),
            waiting_since=oldest_waiting(self.connection, done.passed),
        )
        note_check(self.connection, found)
        self._tell(found, now)

    def _deliver_again(self, found: list[MissingRecord]) -> None:
        told = [one for one in found if one.place not in self._given_up]
        missing = [one for one in told if one.healing == "MISSING"]
        _alert("record_missing", missing)
        gone = self.redelivering.deliver_again(one.place for one in missing) if missing else set()
        _alert("record_not_in_the_log", (one for one in missing if one.place in gone))
        not_healed = [one for one in told if one.healing == "NOT_HEALED"]
        _alert("record_not_healed", not_healed)
        self._given_up |= gone | {one.place for one in not_healed}

    def _tell(self, found: LedgerCheck, now: datetime) -> None:
        if found.healed > self._healed:
            log.info("records_healed", count=found.healed)
        self._healed = found.healed
        since = found.waiting_since
        if since is not None and (now - since).total_seconds() > FAR_BEHIND * self.settings.grace_seconds:
            log.error("join_behind", seconds=round((now - since).total_seconds()))


def _alert(event: str, records: Iterable[MissingRecord]) -> None:
    """Say for each record, by its place alone, what is the matter with it."""
    for one in records:
        log.error(
            event,
            topic=one.topic,
            partition=one.partition,
            offset=one.offset,
            department=one.department,
            status=one.outcome or "PENDING",
            attempts=one.redeliveries,
        )
