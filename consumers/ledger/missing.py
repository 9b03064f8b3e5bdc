"""Which records are missing: the join has passed them, but what must come of them has not come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from confluent_kafka import ConsumerGroupTopicPartitions
from psycopg.rows import class_row

from consumers.log.copies import Connection
from exchange.domain.values import Position
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.settings import Settings
from topics.catalogue import JOIN_GROUP, REDELIVERIES

MOST_REDELIVERIES: Final = 3
ANSWER_LIMIT_S: Final = 5.0

Healing = Literal["MISSING", "REDELIVERED", "NOT_HEALED"]
"""To be delivered again; delivered again, but the join has not come to it; delivered again in vain."""

_MISSING = """
WITH passed AS (
    SELECT * FROM unnest(%(topics)s::text[], %(partitions)s::integer[], %(offsets)s::bigint[])
    AS passed (topic, partition, next_offset)
), missing AS (
    SELECT records.*, CASE
        WHEN redelivery_offset >= heard.next_offset THEN 'REDELIVERED'
        WHEN redeliveries >= %(most)s THEN 'NOT_HEALED'
        ELSE 'MISSING'
    END AS healing
    FROM passed JOIN ledger.records USING (topic, partition)
        JOIN passed AS heard ON heard.topic = %(again)s AND heard.partition = records.partition
    WHERE records.open AND records."offset" < passed.next_offset AND taken_at < %(before)s
)
"""
_FIND = """
SELECT topic, partition, "offset", department, record_type, record_id, taken_at, outcome, case_id,
    redeliveries, redelivered_at, healing
FROM missing ORDER BY healing, taken_at, topic, partition, "offset" LIMIT %(most_rows)s
"""
_COUNT = "SELECT healing, count(*) FROM missing GROUP BY healing"
_COUNT_HEALED = "SELECT count(*) FROM ledger.records WHERE redeliveries > 0 AND NOT open"
_OLDEST_WAITING = """
SELECT min(taken_at)
FROM unnest(%s::text[], %s::integer[], %s::bigint[]) AS passed (topic, partition, next_offset)
CROSS JOIN LATERAL (
    SELECT taken_at FROM ledger.records
    WHERE open AND outcome IS NULL AND records.topic = passed.topic AND records.partition = passed.partition
        AND records."offset" >= passed.next_offset
    ORDER BY records."offset" LIMIT 1
) AS waiting
"""

JoinOffsets = Mapping[Place, int]
"""Topic and partition → the first offset that the join has not processed."""


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A record for which something is missing; `outcome` says what is known of it."""

    topic: str
    partition: int
    offset: int
    department: str
    record_type: str
    record_id: str | None
    taken_at: datetime
    outcome: str | None
    case_id: str | None
    redeliveries: int
    redelivered_at: datetime | None
    healing: Healing

    @property
    def place(self) -> Position:
        """Its place in the log."""
        return Position(self.topic, self.partition, self.offset)


def join_passed(settings: Settings) -> JoinOffsets:
    """Return how far the join has read its topics; what it passed has taken effect, or never will.

    Raises:
        KafkaException: the brokers do not answer.
    """
    catalogue = settings.city.catalogue
    topics = (*catalogue.records, catalogue.by_name[REDELIVERIES])
    places = [(topic.name, number) for topic in topics for number in range(topic.partitions)]
    admin = make_admin(settings.kafka)  # kept: its answers come while it lives
    asked = admin.list_consumer_group_offsets(
        [ConsumerGroupTopicPartitions(JOIN_GROUP)], request_timeout=ANSWER_LIMIT_S
    )
    found = asked[JOIN_GROUP].result().topic_partitions
    said = {(one.topic, one.partition): one.offset for one in found}
    return {place: max(said.get(place, 0), 0) for place in places}


def find_missing(
    connection: Connection, passed: JoinOffsets, before: datetime, limit: int | None = None
) -> list[MissingRecord]:
    """Return records that the log took before then and that the join has passed without effect.

    Those to be delivered again come first, then those that nothing helped, each oldest first.

    Args:
        connection: to a ledger that holds what was in the log after the join had passed.
        passed: how far the join had been.
        before: what is younger is not missing yet.
        limit: how many at most; None: all.
    """
    wanted = {**_asked(passed, before), "most_rows": limit}
    with connection.cursor(row_factory=class_row(MissingRecord)) as cursor:
        return cursor.execute(_MISSING + _FIND, wanted).fetchall()


def count_missing(connection: Connection, passed: JoinOffsets, before: datetime) -> dict[Healing, int]:
    """Return how many `find_missing` would return, by the state of their healing."""
    return dict(connection.execute(_MISSING + _COUNT, _asked(passed, before)).fetchall())


def count_healed(connection: Connection) -> int:
    """Return how many records were missing once and no longer are."""
    row = connection.execute(_COUNT_HEALED).fetchone()
    return 0 if row is None else int(row[0])


def oldest_waiting(connection: Connection, passed: JoinOffsets) -> datetime | None:
    """Return when the log took the oldest record that the join has not come to; None if there is none."""
    row = connection.execute(_OLDEST_WAITING, _columns(passed)).fetchone()
    return None if row is None else row[0]


def _asked(passed: JoinOffsets, before: datetime) -> dict[str, Any]:
    topics, partitions, offsets = _columns(passed)
    places = {"topics": topics, "partitions": partitions, "offsets": offsets}
    return {**places, "most": MOST_REDELIVERIES, "again": REDELIVERIES, "before": before}


def _columns(passed: JoinOffsets) -> tuple[list[str], list[int], list[int]]:
    return [topic for topic, _ in passed], [number for _, number in passed], list(passed.values())
