"""What the notifier keeps in PostgreSQL, in a schema of its own that is not a copy of the log.

Shape: `life`: one row: the layout's version and the id of the topic that is read.
`positions`: partition → the next offset to read.
`digests`: case id → what its family last saw of it (`changes.Digests`).
`deliveries`: what the portal is told: PENDING until it says 2xx (DELIVERED), attempts have run out (DEAD) or
a person has closed it (DISCARDED). For each case only the first that is PENDING is sent.
Digests, deliveries and positions are written in one transaction: no change is passed over or noted twice,
whatever dies when. No row holds personal data.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from psycopg.types.json import Jsonb

from consumers.log.copies import Connection
from consumers.log.copy_writer import only_writer, topic_lives
from consumers.log.reader import Bounds, TopicsReader
from consumers.notifier.changes import Digests, body_of, notice_of
from consumers.notifier.reading import Read
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import logger
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings
from topics.catalogue import CASES

VERSION: Final = 1
LOCK: Final = 0x1ED6_E300
ID_BYTES: Final = 10
"""Enough that no two webhooks ever share an id; short enough to be read beside a case id."""
PENDING: Final = "PENDING"
DELIVERED: Final = "DELIVERED"
DEAD: Final = "DEAD"
DISCARDED: Final = "DISCARDED"

_LAYOUT = """
CREATE SCHEMA IF NOT EXISTS notifier;
CREATE TABLE IF NOT EXISTS notifier.life (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version integer NOT NULL,
    topic_id text NOT NULL
);
CREATE TABLE IF NOT EXISTS notifier.positions (partition integer PRIMARY KEY, next_offset bigint NOT NULL);
CREATE TABLE IF NOT EXISTS notifier.digests (case_id text PRIMARY KEY, digests jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS notifier.deliveries (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id text NOT NULL UNIQUE,
    case_id text NOT NULL,
    body text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD', 'DISCARDED')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    problem text,
    closed_at timestamptz,
    actor text,
    reason text
);
CREATE INDEX IF NOT EXISTS deliveries_pending
    ON notifier.deliveries (case_id, number) WHERE state = 'PENDING';
CREATE INDEX IF NOT EXISTS deliveries_due
    ON notifier.deliveries (next_attempt_at) WHERE state = 'PENDING';
CREATE INDEX IF NOT EXISTS deliveries_open
    ON notifier.deliveries (number) WHERE state IN ('PENDING', 'DEAD');
"""
_LIFE = "SELECT version, topic_id FROM notifier.life"
_PUT_LIFE = """
INSERT INTO notifier.life (version, topic_id) VALUES (%s, %s)
ON CONFLICT (only_row) DO UPDATE SET topic_id = excluded.topic_id
"""
_POSITIONS = "SELECT partition, next_offset FROM notifier.positions"
_PUT_POSITIONS = """
INSERT INTO notifier.positions SELECT * FROM unnest(%s::integer[], %s::bigint[])
ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset
"""
_DIGESTS = "SELECT case_id, digests FROM notifier.digests WHERE case_id = ANY(%s)"
_PUT_DIGESTS = """
INSERT INTO notifier.digests VALUES (%s, %s) ON CONFLICT (case_id) DO UPDATE SET digests = excluded.digests
"""
_FORGET_DIGESTS = "DELETE FROM notifier.digests WHERE case_id = ANY(%s)"
_PUT_DELIVERY = "INSERT INTO notifier.deliveries (webhook_id, case_id, body) VALUES (%s, %s, %s)"
_DUE = """
SELECT number, webhook_id, case_id, body, attempts FROM notifier.deliveries AS one
WHERE state = 'PENDING' AND next_attempt_at <= now() AND case_id <> ALL(%s) AND NOT EXISTS (
    SELECT FROM notifier.deliveries AS earlier
    WHERE earlier.case_id = one.case_id AND earlier.state = 'PENDING' AND earlier.number < one.number
)
ORDER BY next_attempt_at, number LIMIT %s
"""
# Only what is still PENDING: a person may have discarded it meanwhile.
_CLOSE = """
UPDATE notifier.deliveries SET state = %s, attempts = attempts + 1, problem = %s, closed_at = now()
WHERE number = %s AND state = 'PENDING'
"""
_PUT_OFF = """
UPDATE notifier.deliveries
SET attempts = attempts + 1, problem = %s, next_attempt_at = now() + make_interval(secs => %s)
WHERE number = %s AND state = 'PENDING'
"""
_FORGET_OLD = """
DELETE FROM notifier.deliveries
WHERE state IN ('DELIVERED', 'DISCARDED') AND closed_at < now() - make_interval(days => %s)
"""

log = logger("notifier.tables")


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """A delivery that is due. `attempts`: how often it has failed."""

    number: int
    webhook_id: str
    case_id: str
    body: str
    attempts: int


@contextmanager
def opened(settings: Settings, reader: TopicsReader) -> Iterator[Connection]:
    """Become the only notifier, and place the reader where the last one ended.

    Raises:
        ExchangeError: another version has made the tables.
        one of `copy_writer.PASSING`: begin again; nothing was half written.
    """
    with only_writer(settings, LOCK) as connection:
        topic_id = topic_lives(settings, [CASES])[CASES]
        with connection.transaction():
            connection.execute(_LAYOUT)
            positions = _positions(connection, topic_id, reader.bounds())
            connection.execute(_PUT_LIFE, (VERSION, topic_id))
            _put_positions(connection, positions)
        reader.start(positions)
        yield connection


def begin_at(stored: Mapping[Place, int] | None, bounds: Bounds) -> dict[Place, int]:
    """Return where to read on: where the last life ended, if the log goes that far; else at the log's end.

    What happened before the portal was to be told is told to nobody. If the log was cut, the rest is read.
    """
    if stored is None or stored.keys() != bounds.end.keys():
        return dict(bounds.end)
    return {
        place: end if stored[place] > end else max(stored[place], bounds.first[place])
        for place, end in bounds.end.items()
    }


def write(connection: Connection, read: Read) -> int:
    """Write what the portal is to be told and how far the log is read, both or neither; return how much."""
    with connection.transaction():
        connection.execute(_FORGET_DIGESTS, (list(read.removed),))
        before = _digests(connection, read.standings)
        known = {case_id: one for case_id, one in read.standings.items() if one.begun or case_id in before}
        notices = [
            (f"msg_{token_hex(ID_BYTES)}", case_id, body_of(notice))
            for case_id, one in known.items()
            if (notice := notice_of(one, before.get(case_id)))
        ]
        with connection.cursor() as cursor:
            digests = [(case_id, Jsonb(dict(one.digests))) for case_id, one in known.items()]
            cursor.executemany(_PUT_DIGESTS, digests)
            cursor.executemany(_PUT_DELIVERY, notices)
        _put_positions(connection, read.positions)
    return len(notices)


def find_due(connection: Connection, cases_in_hand: Iterable[str], limit: int) -> list[WebhookDelivery]:
    """Return deliveries that are due, the longest due first; each case's first, unless it is in hand."""
    rows = connection.execute(_DUE, (list(cases_in_hand), limit)).fetchall()
    return [WebhookDelivery(*row) for row in rows]


def note_delivered(connection: Connection, delivery: WebhookDelivery) -> None:
    """Note that the portal has it."""
    connection.execute(_CLOSE, (DELIVERED, None, delivery.number))


def note_failed(
    connection: Connection, delivery: WebhookDelivery, problem: str, wait_s: float | None
) -> None:
    """Note that it failed, and when it is due again; never, if there is no such time."""
    if wait_s is None:
        connection.execute(_CLOSE, (DEAD, problem, delivery.number))
    else:
        connection.execute(_PUT_OFF, (problem, wait_s, delivery.number))


def forget_old(connection: Connection, kept_days: int) -> None:
    """Delete what was delivered or discarded this long ago."""
    connection.execute(_FORGET_OLD, (kept_days,))


def _positions(connection: Connection, topic_id: str, bounds: Bounds) -> dict[Place, int]:
    life = connection.execute(_LIFE).fetchone()
    if life is not None and life[0] != VERSION:
        raise ExchangeError(
            said("notifier_of_other_version", found=life[0], known=VERSION), said("run_their_version")
        )
    if life is None or life[1] != topic_id:
        log.warning("begins_at_the_end_of_the_log", status="first_start" if life is None else "log_made_anew")
        return begin_at(None, bounds)
    rows = connection.execute(_POSITIONS).fetchall()
    return begin_at({(CASES, partition): next_offset for partition, next_offset in rows}, bounds)


def _put_positions(connection: Connection, positions: Mapping[Place, int]) -> None:
    columns = ([partition for _, partition in positions], list(positions.values()))
    connection.execute(_PUT_POSITIONS, columns)


def _digests(connection: Connection, case_ids: Iterable[str]) -> dict[str, Digests]:
    return dict(connection.execute(_DIGESTS, (list(case_ids),)).fetchall())
