"""What transactions leave in the log is no message that waits."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from confluent_kafka import KafkaError

from exchange.runtime.join import feed as module
from exchange.runtime.join.feed import Feed
from tests.cells import each_cell
from tests.nowhere import NO_BROKERS

PLACE = ("records.cremation", 3)


@dataclass
class Told:
    """A record, or the end of a partition, at an offset."""

    at: int
    end: bool = False

    def error(self) -> KafkaError | None:  # noqa: D102
        return KafkaError(KafkaError._PARTITION_EOF) if self.end else None

    def topic(self) -> str:  # noqa: D102
        return PLACE[0]

    def partition(self) -> int:  # noqa: D102
        return PLACE[1]

    def offset(self) -> int:  # noqa: D102
        return self.at


@dataclass
class Client:
    """Stands for the client: fetches one after another, and where brokers say that the partition ends."""

    fetches: deque[list[Told]]
    high: int
    held: list[Told] = field(default_factory=list)
    askers: list[int] = field(default_factory=list)

    def assign(self, places: Any) -> None:  # noqa: D102
        pass

    def seek(self, place: Any) -> None:  # noqa: D102
        pass

    def poll(self, _timeout: float) -> Told | None:  # noqa: D102
        if not self.fetches:
            return None
        first, *self.held = self.fetches.popleft()
        return first

    def consume(self, _count: int, **_options: float) -> list[Told]:  # noqa: D102
        return self.held

    def get_watermark_offsets(self, _place: Any, *, cached: bool) -> tuple[int, int]:  # noqa: D102
        assert cached
        self.askers.append(threading.get_ident())
        return 0, self.high


def behind(high: int, *fetches: list[Told], start: int = 0) -> list[int]:
    """How far the feed is behind after each fetch, when everything fetched is taken at once."""
    client = Client(deque(fetches), high)
    feed = Feed(NO_BROKERS, lambda _topic: "civil_affairs", client)
    feed.assign({PLACE: start})
    found = []
    for _ in fetches:
        feed.fetch(0)
        found.append(feed.behind)
    return found


@each_cell(
    ("high", "fetches", "left"),
    [
        pytest.param(3, [[Told(3, end=True)]], [0], id="one aborted, and its mark"),
        pytest.param(4, [[Told(0), Told(1)], [Told(4, end=True)]], [2, 0], id="behind what was read"),
        pytest.param(1, [[Told(1, end=True)]], [0], id="the mark of an empty one"),
        pytest.param(2, [[Told(0), Told(2, end=True)]], [0], id="committed: the mark behind its record"),
        pytest.param(90, [[Told(90, end=True)]], [0], id="many, nothing else"),
        pytest.param(7, [[Told(3, end=True)]], [4], id="one stands open: what is behind it does wait"),
        pytest.param(5, [[Told(0)], [Told(5, end=True)]], [4, 0], id="until the end is met, more is told"),
        pytest.param(3, [[Told(0), Told(1), Told(2)]], [0], id="none: all taken"),
        pytest.param(3, [[Told(0)]], [2], id="none: two wait"),
        pytest.param(0, [[Told(0, end=True)]], [0], id="an empty partition"),
    ],
)
def test_only_messages_wait(high: int, fetches: list[list[Told]], left: list[int]) -> None:
    """An operator who reads that something waits finds something that does."""
    assert behind(high, *fetches) == left


def test_an_end_met_by_what_is_refused_is_none() -> None:
    """A jump is read again: until then what is behind it waits."""
    assert behind(9, [Told(9, end=True)], [Told(5)], start=3) == [0, 6]


def test_who_asks_how_much_waits_does_not_wait_for_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it waits for messages it answers no other thread: each partition would cost half a second."""
    client = Client(deque([[Told(0)], [Told(0)], [Told(1)]]), high=3)
    feed = Feed(NO_BROKERS, lambda _topic: "civil_affairs", client)
    feed.assign({PLACE: 0})
    feed.fetch(0)
    client.high = 9
    with ThreadPoolExecutor(1) as page:
        assert page.submit(lambda: feed.behind).result() == 2
        feed.fetch(0)
        assert page.submit(lambda: feed.behind).result() == 2  # it was noted a moment ago
        monkeypatch.setattr(module, "HIGHS_S", 0)
        feed.fetch(0)
        assert page.submit(lambda: feed.behind).result() == 7
    assert client.askers == [threading.get_ident()] * 2
