"""An announcement is shown once, in bounded memory; and who follows until nothing comes is patient."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from consumers.announcements import follower as follower_module
from consumers.announcements.follower import Follower, Seen
from tests.nowhere import nowhere


def test_an_announcement_repeated_is_not_new() -> None:
    """At least once on the way, once on the screen."""
    seen = Seen()
    assert [seen.first_time(one) for one in "abaab"] == [True, True, False, False, False]


def test_memory_of_ids_is_bounded_and_keeps_the_latest() -> None:
    """A follower may run for years."""
    seen = Seen(limit=2)
    for one in "abac":
        seen.first_time(one)
    assert not seen.first_time("a")
    assert not seen.first_time("c")
    assert seen.first_time("b")


class Away:
    """A reader whose brokers are away for two looks, each of a minute; then all was read."""

    def __init__(self) -> None:
        self.now = 0.0
        self.looks = 0
        self.closed = False

    def bounds(self) -> SimpleNamespace:
        """Nothing is there."""
        return SimpleNamespace(first={}, end={})

    def start(self, _positions: object) -> None:
        """Read from there on."""

    def read(self, timeout_s: float) -> list[Any]:
        """Take as long as brokers do that are away, or else as long as asked."""
        self.looks += 1
        self.now += timeout_s if self.at_end else 60
        return []

    @property
    def at_end(self) -> bool:
        """Not while the brokers are away."""
        return self.looks > 2

    def close(self) -> None:
        """Be of no more use."""
        self.closed = True


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[Away]:
    """The reader of whoever follows, by whose clock it goes."""
    reader = Away()
    monkeypatch.setattr(follower_module, "AnnouncementReader", lambda *_: reader)
    monkeypatch.setattr(follower_module, "time", SimpleNamespace(monotonic=lambda: reader.now))
    yield reader
    assert reader.closed


def test_the_time_while_the_brokers_are_away_is_no_idle_time(away: Away, tmp_path: Path) -> None:
    """Who waits for three idle seconds waits for them once the brokers are back."""
    with Follower(nowhere(tmp_path), "justice") as follower:
        assert list(follower.announcements(until_idle_s=3)) == []
    assert 123 <= away.now < 124
