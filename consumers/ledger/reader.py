"""Reads the ledger once everything that the log held a moment ago is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from confluent_kafka import KafkaException

from consumers.labels.words import local_time
from consumers.ledger.checks import LedgerCheck, last_check, read_last_check
from consumers.ledger.missing import JoinOffsets, MissingRecord, find_missing, join_passed
from consumers.log.copies import LEDGER, Connection
from consumers.log.copy_session import open_session
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.moving_leaders import asked_again
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from topics.catalogue import Catalogue

LOOKS_WITHIN_S: Final = 20.0
"""How long a reconciler at work may take until it looks again."""


@dataclass(frozen=True)
class OpenLedger:
    """The ledger, and what is missing in it; what the log had taken by `as_of` is all there."""

    connection: Connection
    as_of: datetime
    missing: tuple[MissingRecord, ...]
    catalogue: Catalogue


@contextmanager
def open_ledger(settings: Settings) -> Iterator[OpenLedger]:
    """Wait until the ledger holds all that the log held when this was called, and open it.

    Raises:
        ExchangeError: there is no ledger, it is being built, or the reconciler no longer looks.
    """
    began = datetime.now(UTC)
    passed = _passed(settings)
    wait_until(partial(_has_checked, settings, began), LOOKS_WITHIN_S, 0.2)
    with open_session(settings, LEDGER) as session:
        session.require_complete()
        check = last_check(session.connection)
        if check is None or check.at < began:
            raise _behind(check)
        before = began - timedelta(seconds=check.grace_seconds)
        missing = tuple(find_missing(session.connection, passed, before))
        yield OpenLedger(session.connection, began, missing, settings.city.catalogue)


def _has_checked(settings: Settings, since: datetime) -> bool:
    check = read_last_check(settings)
    return check is not None and check.at >= since


def _passed(settings: Settings) -> JoinOffsets:
    try:
        return asked_again(partial(join_passed, settings))
    except KafkaException as problem:
        raise ExchangeError(
            said("join_place_unknown", problem=problem.args[0].name()), said("what_to_start")
        ) from None


def _behind(check: LedgerCheck | None) -> ExchangeError:
    seen = "has not looked yet" if check is None else f"last looked at {local_time(check.at)} (Asia/Shanghai)"
    return ExchangeError(
        f"The ledger is not at the end of the log: the reconciler {seen}.",
        "Where much has just come, wait; `exchange status` shows whether the reconciler runs.",
    )
