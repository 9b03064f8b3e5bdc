"""How far followers have come: kept on disk, and the same whichever way announcements come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol
from urllib.parse import urlencode

from life_events_client.answers import Announcement
from life_events_client.steps import Conversation, Do, Emit

Start = Literal["start", "now"]


class Bookmarks(Protocol):
    """Where it is kept how far each follower has come."""

    def vector(self, follower: str) -> str | None:
        """Return the position behind the last announcement taken; None: none was taken yet."""

    def seen(self, follower: str, announcement_id: str) -> bool:
        """Return whether the announcement was taken before."""

    def take(self, follower: str, announcement_id: str | None, vector: str | None) -> None:
        """Keep that an announcement was taken, and the position behind it; both or neither."""

    def forget(self, follower: str) -> None:
        """Keep nothing of the follower any more."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which announcements are followed; None: all that the department is told."""

    matter: int | None = None
    instance: str | None = None
    county: str | None = None
    state: str | None = None

    def params(self) -> dict[str, str]:
        """Return it as the exchange is asked."""
        said = {"matter": self.matter, "instance": self.instance, "county": self.county, "state": self.state}
        return {name: str(value) for name, value in said.items() if value is not None}

    def takes(self, said: Mapping[str, Any]) -> bool:
        """Return whether an announcement is one of these."""
        fields = {**said, "state": said["transition"]}
        return all(str(fields[name]) == value for name, value in self.params().items())


ALL: Final = Filter()


@dataclass(slots=True)
class Place:
    """How far a follower has come.

    Attributes:
        vector: The position in the department's announcements; None: nowhere yet.
    """

    bookmarks: Bookmarks
    follower: str
    vector: str | None

    @classmethod
    def of(cls, bookmarks: Bookmarks, chosen: Filter, name: str, anew: bool) -> "Conversation[Place]":
        """Return where a follower goes on; with `anew`, nowhere."""
        follower = f"{name}?{urlencode(chosen.params())}"
        if anew:
            yield Do(lambda: bookmarks.forget(follower))
        vector: str | None = yield Do(lambda: bookmarks.vector(follower))
        return cls(bookmarks, follower, vector)

    def hand_over(self, said: Mapping[str, Any], vector: str | None) -> Conversation[None]:
        """Let the caller take an announcement that it does not have, then keep that it has."""
        announcement = Announcement.of(said)
        known = yield Do(lambda: self.bookmarks.seen(self.follower, announcement.id))
        if not known:
            yield Emit(announcement)
        yield Do(lambda: self.bookmarks.take(self.follower, announcement.id, vector))
        self.vector = vector or self.vector

    def pass_over(self, vector: str) -> Conversation[None]:
        """Keep that everything up to a position has been handed over, or is not for this follower."""
        yield Do(lambda: self.bookmarks.take(self.follower, None, vector))
        self.vector = vector
