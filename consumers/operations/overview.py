"""What is known of the whole exchange at one moment: brokers, read model and disk, each asked within a limit.

Each question stands for itself: what does not answer in time is missing, and nothing waits for it.
"""

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import psycopg
from confluent_kafka import KafkaException

from avro_schemas.catalogue import schema
from consumers.log.copies import Connection
from consumers.log.copy_session import CONNECT_LIMIT_S, open_session
from consumers.log.outside_transactions import OpenTransaction, open_transactions
from consumers.operations.failed_logins import FailedLogins, LoginLogs, recent
from consumers.quarantine.states import WITH_QUARANTINE
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.registry.client import Registry
from exchange.runtime.settings import Settings
from topics.catalogue import ACCESS, subject_of

ANSWER_LIMIT_S: Final = 1.0
CLOSE_LOOK_LIMIT_S: Final = 3.0
"""For who asks once and reads the answer: what a busy machine could not say would look like nothing wrong."""
T = TypeVar("T")

_TASKS = "SELECT kind, state, count(*) FROM read_model.tasks WHERE state <> 'DONE' GROUP BY kind, state"
_OLDEST_WITHDRAWAL = """
SELECT extract(epoch FROM now() - min(opened_at)) FROM read_model.tasks
WHERE kind = 'ACKNOWLEDGE' AND state <> 'DONE'
"""
_QUARANTINE = """
SELECT department, count(*), count(*) FILTER (WHERE 'rule_failed' = ANY (codes)) FROM quarantine
WHERE state IN ('OPEN', 'RETRIED') GROUP BY department
"""
_LEDGER = "SELECT extract(epoch FROM now() - at), missing, not_healed, healed FROM ledger.checks"
_WITHDRAWN = """
SELECT topic, array_agg(DISTINCT partition ORDER BY partition), sum(records)::bigint, max(taken_at)
FROM ledger.gaps WHERE taken_at > now() - interval '24 hours' GROUP BY topic ORDER BY topic
"""
_WEBHOOKS = """
SELECT count(*) FILTER (WHERE state = 'PENDING'), count(*) FILTER (WHERE state = 'DEAD'),
    extract(epoch FROM now() - min(made_at) FILTER (WHERE state = 'PENDING'))
FROM notifier.deliveries WHERE state IN ('PENDING', 'DEAD')
"""


_REFUSED_PEOPLE: Final = """
SELECT count(*) FROM desk.people_refused WHERE day = (now() AT TIME ZONE 'Asia/Shanghai')::date
"""


@dataclass(frozen=True, slots=True)
class Brokers:
    """How many answer, how many that hold something do not, and how many partitions have a replica behind."""

    alive: int
    missing: int
    underreplicated: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What the read model knows to be owed.

    Attributes:
        tasks: kind and state → how many, none of them done.
        oldest_withdrawal_seconds: how long a withdrawal has waited to be signed for; 0 if there is none.
    """

    tasks: Mapping[tuple[str, str], int]
    oldest_withdrawal_seconds: float

    @property
    def late(self) -> int:
        """How many tasks are over their time."""
        return sum(count for (_, state), count in self.tasks.items() if state == "LATE")


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What is open in quarantine.

    Attributes:
        entries: department → how many.
        rules_failed: those among them on which a rule failed.
    """

    entries: Mapping[str, int]
    rules_failed: int


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the reconciler saw when it last looked.

    Attributes:
        age_seconds: how long ago that was.
        missing: records without effect, including those that are being delivered again.
        not_healed: those of them that delivering again did not help.
        healed: records that were missing once and no longer are.
    """

    age_seconds: float
    missing: int
    not_healed: int
    healed: int


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What the portal has not taken yet.

    Attributes:
        pending: deliveries that are tried again by themselves.
        dead: those that are not.
        oldest_seconds: how long the oldest pending one has waited; 0 if there is none.
    """

    pending: int
    dead: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Records of a topic that a department's own client took back with its transactions, in the last day.

    Attributes:
        partitions: on which.
        records: how many.
        latest: when the log took the first record of the latest such transaction.
    """

    topic: str
    partitions: tuple[int, ...]
    records: int
    latest: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole exchange at one moment; None where nobody answered, or nobody has looked yet.

    Attributes:
        people_refused: how many accounts asked today for more people than their roles may be shown.
        registry: whether the registry answers what every command asks it before anything else.
        withdrawn: what outsiders' transactions took back.
        transactions: outsiders' transactions that are open.
        failed_logins: those of the last hour, as the logs of this home have them.
    """

    brokers: Brokers | None = None
    owed: Owed | None = None
    quarantined: Quarantined | None = None
    reconciled: Reconciled | None = None
    disk_free_ratio: float | None = None
    webhooks: Webhooks | None = None
    people_refused: int | None = None
    registry: bool | None = None
    withdrawn: tuple[Withdrawn, ...] | None = None
    transactions: tuple[OpenTransaction, ...] | None = None
    failed_logins: FailedLogins | None = None


def look_closely(settings: Settings, limit_s: float = CLOSE_LOOK_LIMIT_S) -> Overview:
    """Ask also what a person wants to know but nobody counts all the time; return within this time."""
    registry = _Question(lambda: ask_registry(settings, limit_s))
    withdrawn = _Question(lambda: ask_withdrawn(settings, limit_s))
    transactions = _Question(lambda: open_transactions(settings, limit_s))
    failed = _Question(lambda: recent(LoginLogs(Home(settings.home).logs).read(), datetime.now(UTC)))
    end = time.monotonic() + limit_s
    return replace(
        look(settings, limit_s),
        registry=registry.answer(end),
        withdrawn=withdrawn.answer(end),
        transactions=transactions.answer(end),
        failed_logins=failed.answer(end),
    )


def look(settings: Settings, limit_s: float = ANSWER_LIMIT_S) -> Overview:
    """Ask everything at once; return within this time, with what is known by then."""
    brokers = _Question(lambda: ask_brokers(settings, limit_s))
    owed = _Question(lambda: ask_read_model(settings, limit_s))
    quarantined = _Question(lambda: ask_quarantine(settings, limit_s))
    reconciled = _Question(lambda: ask_ledger(settings, limit_s))
    disk = _Question(lambda: disk_free_ratio(settings.home))
    webhooks = _Question(lambda: ask_webhooks(settings, limit_s))
    people = _Question(lambda: ask_people_refused(settings, limit_s))
    end = time.monotonic() + limit_s
    return Overview(
        brokers.answer(end),
        owed.answer(end),
        quarantined.answer(end),
        reconciled.answer(end),
        disk.answer(end),
        webhooks.answer(end),
        people.answer(end),
    )


def ask_brokers(settings: Settings, limit_s: float) -> Brokers:
    """Return how the brokers are.

    Raises:
        KafkaException: none answered in time.
    """
    found = make_admin(settings.kafka, {"socket.timeout.ms": int(limit_s * 1000)}).list_topics(
        timeout=limit_s
    )
    partitions = [one for topic in found.topics.values() for one in topic.partitions.values()]
    named = {broker for one in partitions for broker in one.replicas}
    return Brokers(
        alive=len(found.brokers),
        missing=len(named - found.brokers.keys()),
        underreplicated=sum(len(one.isrs) < len(one.replicas) for one in partitions),
    )


def ask_read_model(settings: Settings, limit_s: float) -> Owed:
    """Return what is owed, as far as the read model has got.

    Raises:
        ExchangeError, psycopg.Error: it is not there, or did not answer in time.
    """
    with open_session(settings) as session:
        _limit(session.connection, limit_s)
        ask = partial(_rows, session.connection)
        return Owed(
            tasks={(kind, state): count for kind, state, count in ask(_TASKS)},
            oldest_withdrawal_seconds=max(0.0, float(ask(_OLDEST_WITHDRAWAL)[0][0] or 0)),
        )


def ask_quarantine(settings: Settings, limit_s: float) -> Quarantined:
    """Return what is open in quarantine, as far as read model and ledger have got.

    Raises:
        ExchangeError, psycopg.Error: one of the two is not there, or did not answer in time.
    """
    with open_session(settings) as session:
        _limit(session.connection, limit_s)
        rows = _rows(session.connection, WITH_QUARANTINE + _QUARANTINE)
    return Quarantined({name: count for name, count, _ in rows}, sum(failed for *_, failed in rows))


def ask_ledger(settings: Settings, limit_s: float) -> Reconciled | None:
    """Return what the reconciler saw last; None where it has never looked.

    Raises:
        psycopg.Error: there is no ledger, or PostgreSQL did not answer in time.
    """
    with psycopg.connect(settings.postgres, connect_timeout=CONNECT_LIMIT_S) as connection:
        _limit(connection, limit_s)
        rows = _rows(connection, _LEDGER)
    return Reconciled(max(0.0, float(rows[0][0])), *rows[0][1:]) if rows else None


def ask_webhooks(settings: Settings, limit_s: float) -> Webhooks | None:
    """Return what the portal has not taken yet; None where it was never to be told.

    Raises:
        psycopg.Error: PostgreSQL did not answer in time.
    """
    with psycopg.connect(settings.postgres, connect_timeout=CONNECT_LIMIT_S) as connection:
        _limit(connection, limit_s)
        # Asked first: a missing table would put an error into PostgreSQL's log at every scrape.
        if _rows(connection, "SELECT to_regclass('notifier.deliveries')") == [(None,)]:
            return None
        ((pending, dead, oldest),) = _rows(connection, _WEBHOOKS)
    return Webhooks(pending, dead, max(0.0, float(oldest or 0)))


def ask_people_refused(settings: Settings, limit_s: float) -> int | None:
    """Return how many accounts reached their limit of people today; None where nobody ever signed in.

    Raises:
        psycopg.Error: PostgreSQL did not answer in time.
    """
    with psycopg.connect(settings.postgres, connect_timeout=CONNECT_LIMIT_S) as connection:
        _limit(connection, limit_s)
        if _rows(connection, "SELECT to_regclass('desk.people_refused')") == [(None,)]:  # as above
            return None
        ((count,),) = _rows(connection, _REFUSED_PEOPLE)
    return int(count)


def ask_registry(settings: Settings, limit_s: float) -> bool:
    """Return True once the registry answers what commands ask before they show or send anything.

    Raises:
        ExchangeError: it did not answer in time.
    """
    with Registry(settings.registry, timeout_s=limit_s) as registry:
        registry.lookup(subject_of(ACCESS), schema(ACCESS))
    return True


def ask_withdrawn(settings: Settings, limit_s: float) -> tuple[Withdrawn, ...]:
    """Return what outsiders' transactions took back in the last day, as the ledger knows it.

    Raises:
        psycopg.Error: there is no ledger of this layout, or PostgreSQL did not answer in time.
    """
    with psycopg.connect(settings.postgres, connect_timeout=CONNECT_LIMIT_S) as connection:
        _limit(connection, limit_s)
        rows = _rows(connection, _WITHDRAWN)
    return tuple(Withdrawn(topic, tuple(where), count, latest) for topic, where, count, latest in rows)


def disk_free_ratio(folder: Path) -> float:
    """Return how much of the folder's disk is free for an ordinary user, 0 to 1."""
    usage = shutil.disk_usage(folder)
    return usage.free / (usage.used + usage.free)


def _limit(connection: Connection, limit_s: float) -> None:
    connection.execute("SELECT set_config('statement_timeout', %s, false)", (f"{int(limit_s * 1000)}ms",))


def _rows(connection: Connection, query: str) -> list[Any]:
    return connection.execute(query.encode()).fetchall()


class _Question(Generic[T]):
    """A question under way in a thread that nobody has to wait for."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._found: T | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def answer(self, end: float) -> T | None:
        """Return the answer; None if there is none at that moment of the monotonic clock."""
        self._thread.join(max(0.0, end - time.monotonic()))
        return self._found

    def _run(self) -> None:
        try:
            self._found = self._ask()
        except (KafkaException, ExchangeError, psycopg.Error, OSError):
            self._found = None
