"""A stretch of a record topic in which nothing is said is noted, and what is in it is looked at."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from consumers.announcements import reader as announcement_reader
from consumers.announcements.reader import AnnouncementReader
from consumers.log import outside_transactions
from consumers.log import reader as log_reader
from consumers.log.outside_transactions import TakenBack, taken_back
from consumers.log.reader import Bounds, Gap, LogAwayError, TopicsReader
from exchange.runtime.city import City
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka import moving_leaders
from tests.nowhere import NO_REGISTRY

TOPIC, OTHER = "records.cremation", "cases"
AT_MS = 1_772_415_000_000
AT = datetime.fromtimestamp(AT_MS / 1000, UTC)


@dataclass
class Told:
    """A message, an end or an error, at an offset."""

    at: int
    code: int | None = None
    of: str = TOPIC

    def error(self) -> KafkaError | None:  # noqa: D102
        return None if self.code is None else KafkaError(self.code)

    def topic(self) -> str:  # noqa: D102
        return self.of

    def partition(self) -> int:  # noqa: D102
        return 0

    def offset(self) -> int:  # noqa: D102
        return self.at

    def timestamp(self) -> tuple[int, int]:  # noqa: D102
        return 2, AT_MS + self.at


def end(at: int, of: str = TOPIC) -> Told:
    """The end of a partition."""
    return Told(at, KafkaError._PARTITION_EOF, of)


@dataclass
class Client:
    """Stands for the client: what comes, batch after batch."""

    batches: deque[list[Told]]
    assigned: list[Any] = field(default_factory=list)

    def assign(self, places: Any) -> None:  # noqa: D102
        self.assigned += places

    def poll(self, _timeout: float) -> Told | None:  # noqa: D102
        self._rest = self.batches.popleft() if self.batches else []
        return self._rest[0] if self._rest else None

    def consume(self, _count: int, **_options: float) -> list[Told]:  # noqa: D102
        return self._rest[1:]

    def close(self) -> None:  # noqa: D102
        pass


def gaps(monkeypatch: pytest.MonkeyPatch, *told: Told, start: int = 0) -> list[Gap]:
    """The gaps that a reader meets."""
    client = Client(deque([list(told)]))
    monkeypatch.setattr(log_reader, "make_consumer", lambda *_: client)
    reader = TopicsReader("", {TOPIC: 1, OTHER: 1}, unbroken=frozenset({TOPIC}))
    reader.start({(TOPIC, 0): start, (OTHER, 0): start})
    reader.read(0)
    found = reader.take_gaps()
    assert reader.take_gaps() == []
    return found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([Told(0), Told(3)], [Gap(TOPIC, 0, 1, 3)]),
        ([Told(4)], [Gap(TOPIC, 0, 0, 4)]),
        ([end(2)], [Gap(TOPIC, 0, 0, 2)]),
        ([Told(0), end(3)], [Gap(TOPIC, 0, 1, 3)]),
        ([Told(0), Told(2), Told(5)], [Gap(TOPIC, 0, 1, 2), Gap(TOPIC, 0, 3, 5)]),
        ([end(2), end(5)], [Gap(TOPIC, 0, 0, 2), Gap(TOPIC, 0, 2, 5)]),
        ([end(2), Told(2), Told(4)], [Gap(TOPIC, 0, 0, 2), Gap(TOPIC, 0, 3, 4)]),
        ([Told(0), Told(2), Told(3), end(5)], [Gap(TOPIC, 0, 1, 2), Gap(TOPIC, 0, 4, 5)]),
        ([Told(1), Told(9, of=OTHER)], [Gap(TOPIC, 0, 0, 1)]),
        ([Told(0), Told(1), Told(8)], [Gap(TOPIC, 0, 2, 8)]),
    ],
)
def test_where_nothing_is_said_is_noted(
    told: list[Told], found: list[Gap], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two records, before the first, before the end."""
    assert gaps(monkeypatch, *told) == found


@pytest.mark.parametrize(
    "told",
    [
        [],
        [Told(0)],
        [Told(0), Told(1), Told(2)],
        [end(0)],
        [Told(0), end(1)],
        [Told(0), end(1), Told(1), end(2)],
        [Told(7, of=OTHER)],
        [Told(0, of=OTHER), Told(9, of=OTHER), end(12, OTHER)],
        [Told(0), Told(5, of=OTHER), Told(1)],
        [Told(0), Told(9, KafkaError._TRANSPORT)],
    ],
)
def test_where_everything_is_said_nothing_is_noted(told: list[Told], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor on topics that the exchange itself writes in transactions."""
    assert gaps(monkeypatch, *told) == []


GAP = Gap(TOPIC, 0, 3, 6)


@pytest.mark.parametrize(
    ("batches", "records"),
    [
        ([[Told(3), Told(4), Told(6)]], 2),
        ([[Told(3), Told(4)], [end(6)]], 2),
        ([[Told(4), Told(5), Told(6), Told(7)]], 2),
        ([[Told(6)]], 0),
        ([[end(6)]], 0),
        ([[Told(5)], [Told(8)]], 1),
    ],
)
def test_what_is_in_a_gap_is_counted(
    batches: list[list[Told]], records: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that were taken back; where only marks are there, none."""
    client = Client(deque(batches))
    monkeypatch.setattr(outside_transactions, "make_auditor", lambda *_: client)
    (found,) = taken_back("", [GAP])
    at = taken_at(batches[0][0]) if records else None
    assert found == TakenBack(TOPIC, 0, 3, 6, records, at)
    assert client.assigned[0].offset == 3


def taken_at(message: Told) -> datetime:
    """When the log took it."""
    return datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)


def test_what_is_not_told_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reconciler begins again, and passes nothing over."""
    for batches, error in (([], LogAwayError), ([[Told(3, KafkaError._TRANSPORT)]], KafkaException)):
        client = Client(deque(batches))
        monkeypatch.setattr(outside_transactions, "make_auditor", lambda *_, known=client: known)
        with pytest.raises(error):
            taken_back("", [GAP])


class Moving:
    """A reader of announcements whose topic's leaders move for this many questions."""

    def __init__(self, times: int, code: int) -> None:
        self._times, self._code = times, code

    def bounds_once(self) -> Bounds:
        """Answer, or fail."""
        self._times -= 1
        if self._times >= 0:
            raise KafkaException(KafkaError(self._code))
        return Bounds({}, {})

    def answers(self) -> bool:
        """The others are there."""
        return True


def follower_of(reader: Moving, monkeypatch: pytest.MonkeyPatch) -> AnnouncementReader:
    """What `follow` reads with."""
    monkeypatch.setattr(announcement_reader, "LogReader", lambda *_: reader)
    monkeypatch.setattr(moving_leaders, "_PAUSE_S", 0)

    class Somewhere:
        kafka, registry, city = "", NO_REGISTRY, City()

    return AnnouncementReader(Somewhere(), "police")  # type: ignore[arg-type]


def test_who_begins_to_follow_while_leaders_move_begins_a_moment_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One of three brokers was killed just before."""
    for code in (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE):
        assert follower_of(Moving(5, code), monkeypatch).bounds() == Bounds({}, {})
    refused = follower_of(Moving(1, KafkaError.TOPIC_AUTHORIZATION_FAILED), monkeypatch)
    with pytest.raises(ExchangeError, match="TOPIC_AUTHORIZATION_FAILED"):
        refused.bounds()
