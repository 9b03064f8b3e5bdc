"""Transactions of outsiders on record topics, where there should be none, and what they do to others.

What a transaction has taken back was never said, and nobody reads it. While one is open, nobody reads what
came after it on the same partition either, whoever wrote that. Both are found in the log itself, read as
only an auditor reads it; the exchange acts on neither.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from confluent_kafka import IsolationLevel, KafkaError, KafkaException, TopicPartition

from consumers.log.reader import Gap, LogAwayError
from consumers.log.scan import offsets_of
from exchange.folding.log_time import taken_at_of
from exchange.runtime.kafka.access import KafkaAccess
from exchange.runtime.kafka.clients import make_admin, make_auditor, read_batch
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.settings import Settings

BATCH_MESSAGES: Final = 1000
ANSWER_LIMIT_S: Final = 5.0
_OWN: Final = {"enable.partition.eof": True, "fetch.wait.max.ms": 10, "log_level": 0}


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A gap in a record topic, and what is in it.

    Attributes:
        first: its first offset.
        next: the offset after its last one.
        records: how many were written in it and taken back; 0 if only the mark of a commit is there.
        taken_at: when the log took the first of them; None if there is none.
    """

    topic: str
    partition: int
    first: int
    next: int
    records: int
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """A transaction that nobody has ended.

    Attributes:
        waiting: how many offsets nobody reads until it is ended, its own included.
        since: when the log took its first message; None if that was not learnt in time.
    """

    topic: str
    partition: int
    waiting: int
    since: datetime | None


def taken_back(kafka: KafkaAccess, gaps: Iterable[Gap]) -> list[TakenBack]:
    """Return what is in the gaps.

    Raises:
        LogAwayError, KafkaException: the brokers do not say.
    """
    with closing(make_auditor(kafka, _OWN)) as reader:
        return [_in(reader, gap) for gap in gaps]


def _in(reader: Any, gap: Gap) -> TakenBack:
    reader.assign([TopicPartition(gap.topic, gap.partition, gap.first)])
    records, taken_at = 0, None
    while messages := read_batch(reader, BATCH_MESSAGES, ANSWER_LIMIT_S):
        for message in messages:
            if _is_past(message, gap):
                return TakenBack(gap.topic, gap.partition, gap.first, gap.next, records, taken_at)
            records, taken_at = records + 1, taken_at or taken_at_of(message)
    raise LogAwayError("silent")


def _is_past(message: Any, gap: Gap) -> bool:
    error = message.error()
    if error is not None and error.code() != KafkaError._PARTITION_EOF:
        raise KafkaException(error)
    return error is not None or message.offset() >= gap.next


def open_transactions(settings: Settings, limit_s: float) -> tuple[OpenTransaction, ...]:
    """Return the transactions that are open on record topics now.

    Raises:
        KafkaException: the brokers did not answer in time.
    """
    records = settings.city.catalogue.records
    places = [(topic.name, number) for topic in records for number in range(topic.partitions)]
    admin = make_admin(settings.kafka, {"socket.timeout.ms": int(limit_s * 1000)})
    admin.list_topics(timeout=limit_s)  # else the client looks for the leaders only after 3 s
    # In this order, messages that come in between raise only the stable offset, and look like no transaction.
    ends = offsets_of(admin, places, limit_s, IsolationLevel.READ_UNCOMMITTED)
    stable = offsets_of(admin, places, limit_s)
    waiting = {place: ends[place] - stable[place] for place in places if stable[place] < ends[place]}
    since = _since(settings.kafka, {place: stable[place] for place in waiting}, limit_s) if waiting else {}
    return tuple(OpenTransaction(*place, count, since.get(place)) for place, count in waiting.items())


def _since(kafka: KafkaAccess, places: Mapping[Place, int], limit_s: float) -> dict[Place, datetime]:
    """Return when the log took the messages at these offsets, as far as the answer comes in time."""
    with closing(make_auditor(kafka, _OWN)) as reader:
        reader.assign([TopicPartition(*place, offset) for place, offset in places.items()])
        found: dict[Place, datetime] = {}
        while len(found) < len(places) and (messages := read_batch(reader, BATCH_MESSAGES, limit_s / 4)):
            for message in messages:
                if message.error() is None:
                    found.setdefault((message.topic(), message.partition()), taken_at_of(message))
        return found
