"""The feed hands records on only when each follows on the last of its partition."""

from collections import Counter, deque
from contextlib import closing
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import NewTopic

from exchange.runtime.join import feed as module
from exchange.runtime.join.feed import MAX_BATCH, SHARED_BATCH, Feed
from exchange.runtime.kafka.clients import make_admin, make_consumer
from exchange.runtime.settings import Settings
from exchange.runtime.waiting import wait_until
from tests.journeys.log_tools import produce
from tests.nowhere import NO_BROKERS
from tests.waiting import PATIENCE_S

PLACE = ("records.cremation", 3)


@dataclass
class Message:
    """A record's place in the log; the feed looks at nothing else."""

    at: int
    place: tuple[str, int] = PLACE

    def error(self) -> None:  # noqa: D102
        return None

    def topic(self) -> str:  # noqa: D102
        return self.place[0]

    def partition(self) -> int:  # noqa: D102
        return self.place[1]

    def offset(self) -> int:  # noqa: D102
        return self.at


@dataclass
class Reader:
    """Stands for the client: fetches that come one after another, and what it was told to go back to."""

    fetches: deque[list[int]]
    sought: list[int] = field(default_factory=list)
    waiting: list[Message] = field(default_factory=list)

    def assign(self, places: Any) -> None:  # noqa: D102
        pass

    def poll(self, _timeout: float) -> Message | None:  # noqa: D102
        if not self.fetches:
            return None
        first, *self.waiting = [Message(at) for at in self.fetches.popleft()]
        return first

    def consume(self, _count: int, **_options: float) -> list[Message]:  # noqa: D102
        return self.waiting

    def get_watermark_offsets(self, _place: Any, **_options: bool) -> tuple[int, int]:  # noqa: D102
        return 0, 0

    def seek(self, place: Any) -> None:  # noqa: D102
        self.sought.append(place.offset)


def offsets(*fetches: list[int], start: int = 2) -> tuple[list[int], list[int]]:
    """What the feed hands on of these fetches, and the offsets that it sought."""
    reader = Reader(deque(fetches))
    feed = Feed(NO_BROKERS, lambda _topic: "civil_affairs", reader)
    feed.assign({PLACE: start})
    return [message.offset() for _ in fetches for message in feed.fetch(0)], reader.sought


def test_records_that_follow_are_handed_on() -> None:
    """The ordinary day."""
    assert offsets([2, 3], [4]) == ([2, 3, 4], [])


def test_what_came_before_is_dropped() -> None:
    """A record delivered again takes no effect again."""
    assert offsets([2, 3], [3, 4]) == ([2, 3, 4], [])


def test_a_jump_is_refused_and_read_again() -> None:
    """Records that were skipped come first; nothing is passed over."""
    assert offsets([2, 5, 6], [3, 4, 5, 6]) == ([2, 3, 4, 5, 6], [3])


def test_a_gap_of_the_log_itself_does_not_stop_the_partition() -> None:
    """What is missing the second time too was never there: a transaction's marker takes an offset."""
    assert offsets([2, 4, 5], [4, 5]) == ([2, 4, 5], [3])


@dataclass
class Queue:
    """Stands for the client: what it has fetched, oldest first, but nothing of what is paused."""

    fetched: list[Message]
    paused: set[str] = field(default_factory=set)

    def assign(self, places: Any) -> None:  # noqa: D102
        pass

    def poll(self, _timeout: float) -> Message | None:  # noqa: D102
        return next(iter(self._take(1)), None)

    def consume(self, count: int, **_options: float) -> list[Message]:  # noqa: D102
        return self._take(count)

    def get_watermark_offsets(self, _place: Any, **_options: bool) -> tuple[int, int]:  # noqa: D102
        return 0, 0

    def pause(self, places: list[Any]) -> None:  # noqa: D102
        self.paused |= {place.topic for place in places}

    def resume(self, places: list[Any]) -> None:  # noqa: D102
        self.paused -= {place.topic for place in places}

    def _take(self, count: int) -> list[Message]:
        taken: list[Message] = []
        kept: list[Message] = []
        for message in self.fetched:
            wanted = len(taken) < count and message.topic() not in self.paused
            (taken if wanted else kept).append(message)
        self.fetched = kept
        return taken


def feed_of(fetched: list[Message]) -> tuple[Feed, Queue]:
    """A feed of three topics, each of a department of its own name."""
    queue = Queue(fetched)
    feed = Feed(NO_BROKERS, lambda topic: topic, queue)
    feed.assign({(name, 0): 0 for name in ("flood", "calm", "quiet")})
    return feed, queue


def records(name: str, count: int, first: int = 0) -> list[Message]:
    """So many records of one topic."""
    return [Message(at, (name, 0)) for at in range(first, first + count)]


def names(batch: list[Message]) -> Counter[str]:
    """How many there are of each topic."""
    return Counter(message.topic() for message in batch)


def test_a_flood_of_one_department_does_not_hold_up_the_others() -> None:
    """Theirs are in the very next batch, and that is a short one."""
    feed, _ = feed_of([*records("flood", 3000), *records("calm", 2), *records("quiet", 1)])
    batch = feed.fetch(0)
    assert names(batch) == {"flood": SHARED_BATCH - 3, "calm": 2, "quiet": 1}


def test_a_department_that_is_alone_gets_whole_batches() -> None:
    """Nobody waits for it; so too where all are behind."""
    feed, _ = feed_of(records("flood", 3000))
    assert names(feed.fetch(0)) == {"flood": MAX_BATCH}
    feed, _ = feed_of([*records("flood", 900), *records("calm", 900)])
    assert names(feed.fetch(0)) == {"flood": MAX_BATCH // 2, "calm": MAX_BATCH // 2}


def test_a_batch_that_would_be_smaller_than_asked_for_waits_for_more() -> None:
    """What is folded ahead of a transaction is worth one of its own."""
    feed, _ = feed_of(records("calm", 3))
    assert feed.fetch(0, least=4) == []
    assert names(feed.fetch(0, least=3)) == {"calm": 3}


def test_each_departments_records_keep_their_order_and_none_is_lost() -> None:
    """In whatever portions they come."""
    feed, queue = feed_of([*records("flood", 10_000), *records("calm", 70)])
    got: list[Message] = []
    while batch := feed.fetch(0):
        got += batch
    assert not queue.fetched
    for name, count in (("flood", 10_000), ("calm", 70)):
        assert [m.offset() for m in got if m.topic() == name] == list(range(count))


def test_what_nobody_can_take_is_not_fetched_any_further() -> None:
    """Memory does not grow with a flood; the rest of it is fetched when there is room."""
    feed, queue = feed_of(records("flood", 20_000))
    feed.fetch(0)
    assert queue.paused == {"flood"}
    left = len(queue.fetched)
    feed.fetch(0)
    assert len(queue.fetched) == left
    while len(queue.fetched) == left:
        assert feed.fetch(0)
    assert len(queue.fetched) < left


def test_reading_goes_on_where_the_group_has_committed(
    stack: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was never committed is read from its beginning."""
    group, places = f"feed.{uuid4().hex}", [(PLACE[0], partition) for partition in range(3)]
    monkeypatch.setattr(module, "JOIN_GROUP", group)
    with closing(make_consumer(stack.kafka, {"group.id": group})) as member:
        member.commit(offsets=[TopicPartition(*places[1], 17)], asynchronous=False)
    with closing(Feed(stack.kafka, lambda _topic: "civil_affairs")) as feed:
        assert feed.committed(places) == dict(zip(places, (0, 17, 0), strict=True))


class MovingCoordinator:
    """Stands in for a client whose group's coordinator is elsewhere at first."""

    def __init__(self) -> None:
        self.asked = 0

    def committed(self, places: list[TopicPartition], _: float) -> list[Any]:
        """Say nothing at first, nothing of some partitions then, and all at last."""
        self.asked += 1
        if self.asked == 1:
            raise KafkaException(KafkaError(KafkaError.NOT_COORDINATOR))
        late = KafkaError(KafkaError.COORDINATOR_LOAD_IN_PROGRESS) if self.asked == 2 else None
        return [SimpleNamespace(topic=p.topic, partition=p.partition, offset=17, error=late) for p in places]


def test_it_asks_again_while_the_groups_coordinator_moves() -> None:
    """A worker that ends instead begins anew, and asks the same too early again."""
    client = MovingCoordinator()
    feed = Feed(NO_BROKERS, lambda _topic: "civil_affairs", client)
    assert (feed.committed([PLACE]), client.asked) == ({PLACE: 17}, 3)


def test_what_was_held_back_comes_when_its_partition_is_assigned_anew(
    stack: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client keeps a pause through an assignment: a worker that was behind would stand still for good."""
    monkeypatch.setattr(module, "MOST_WAITING", 50)
    monkeypatch.setattr(module, "MAX_BATCH", 1)
    topic, count = f"feed.{uuid4().hex}", 150
    admin = make_admin(stack.kafka)
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(PATIENCE_S)
    produce(stack, [(topic, "key", b"value")] * count)
    with closing(Feed(stack.kafka, lambda _topic: "civil_affairs")) as feed:
        feed.assign({(topic, 0): 0})
        for _ in range(20):
            feed.fetch(PATIENCE_S)
        feed.assign({(topic, 0): 0})
        got: list[int] = []
        wait_until(lambda: got.extend(m.offset() for m in feed.fetch(0.1)) or len(got) == count, PATIENCE_S)
    admin.delete_topics([topic])[topic].result(PATIENCE_S)
    assert got == list(range(count))
