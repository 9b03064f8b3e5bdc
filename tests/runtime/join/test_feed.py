"""The feed hands records on only when each follows on the last of its partition."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from exchange.runtime.join.feed import Feed

PLACE = ("records.cremation", 3)


@dataclass
class Message:
    """A record's place in the log; the feed looks at nothing else."""

    at: int

    def error(self) -> None:  # noqa: D102
        return None

    def topic(self) -> str:  # noqa: D102
        return PLACE[0]

    def partition(self) -> int:  # noqa: D102
        return PLACE[1]

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

    def seek(self, place: Any) -> None:  # noqa: D102
        self.sought.append(place.offset)


def offsets(*fetches: list[int], start: int = 2) -> tuple[list[int], list[int]]:
    """What the feed hands on of these fetches, and the offsets that it sought."""
    reader = Reader(deque(fetches))
    feed = Feed("", lambda _topic: "civil_affairs", reader)
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
