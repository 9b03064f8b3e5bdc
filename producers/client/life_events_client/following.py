"""How announcements are followed: each comes to the caller once, over cuts, repeats and restarts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol
from urllib.parse import urlencode

from life_events_client.access import FIRST_PAUSE_S, Access, ask
from life_events_client.answers import Announcement
from life_events_client.steps import (
    SILENCE,
    SLOWEST_S,
    Answer,
    Ask,
    Conversation,
    Cut,
    Do,
    Emit,
    NextBytes,
    Wait,
)

Start = Literal["start", "now"]
SILENCE_S: Final = 45.0
"""A stream that says nothing for so long is cut off: the exchange says something every fifteen seconds."""
SILENT_STREAMS: Final = 2
"""After so many streams in which nothing came at all, a proxy holds them back: ask for pages instead."""
PAGE_WAIT_S: Final = 20.0
UNHEARD_PAUSE_S: Final = 10.0
"""The longest pause after a stream that ended before it said anything."""


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


ALL: Final = Filter()


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream, as the standard has it."""

    id: str
    name: str
    data: str


@dataclass(slots=True)
class EventReader:
    """Makes events of the bytes of a stream (`text/event-stream`).

    Only what ends a line there does so here: a text may hold other marks that Python takes for ends.
    """

    _rest: bytes = b""
    _fields: dict[str, str] = field(default_factory=dict)
    _data: list[str] = field(default_factory=list)

    def read(self, more: bytes) -> Iterator[Event]:
        """Yield the events that these bytes complete."""
        *lines, self._rest = (self._rest + more).split(b"\n")
        for line in lines:
            if event := self._line(line.removesuffix(b"\r").decode()):
                yield event

    def _line(self, text: str) -> Event | None:
        if not text:
            found = Event(self._fields.get("id", ""), self._fields.get("event", ""), "\n".join(self._data))
            is_one = bool(self._data)
            self._fields, self._data = {}, []
            return found if is_one else None
        name, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name:
            self._fields[name] = value
        return None


def follow(
    access: Access, bookmarks: Bookmarks, chosen: Filter, *, name: str, start: Start, anew: bool
) -> Conversation[None]:
    """Emit announcements for ever. One counts as taken once the caller asks for the next.

    Args:
        access: Who follows.
        bookmarks: Where it is kept how far the follower has come.
        chosen: Which announcements.
        name: Of the follower; each gets everything.
        start: Where a new follower begins.
        anew: Forget how far it has come.

    Raises:
        PositionGone: the exchange no longer holds what comes next.
        ClientError: any other of `errors` that waiting does not mend.
    """
    follower = f"{name}?{urlencode(chosen.params())}"
    if anew:
        yield Do(lambda: bookmarks.forget(follower))
    vector: str | None = yield Do(lambda: bookmarks.vector(follower))
    place = _Place(access, bookmarks, follower, {**chosen.params(), "from": start}, vector)
    if vector is None and start == "now":
        yield from _page(place, wait_s=0)  # so that there is a place to go on from after a cut
    silent = 0
    while silent < SILENT_STREAMS:
        silent = silent + 1 if (yield from _stream(place)) else 0
    while True:
        yield from _page(place, PAGE_WAIT_S)


@dataclass(slots=True)
class _Place:
    """How far a follower has come."""

    access: Access
    bookmarks: Bookmarks
    follower: str
    params: Mapping[str, str]
    vector: str | None

    def hand_over(self, said: Mapping[str, Any], vector: str | None) -> Conversation[None]:
        """Let the caller take an announcement that it does not have, then keep that it has."""
        announcement = Announcement.of(said)
        known = yield Do(lambda: self.bookmarks.seen(self.follower, announcement.id))
        if not known:
            yield Emit(announcement)
        yield Do(lambda: self.bookmarks.take(self.follower, announcement.id, vector))
        self.vector = vector or self.vector


def _stream(place: _Place) -> Conversation[bool]:
    """Hand over what one stream says until it ends; return whether it was silent from first to last."""
    headers = {"accept": "text/event-stream"}
    if place.vector is not None:
        headers["last-event-id"] = place.vector
    path = "/v1/announcements"
    wanted = Ask("GET", path, params=place.params, headers=headers, stream=True, patience_s=SILENCE_S)
    yield from ask(place.access, wanted, patience_s=None)
    reader, heard = EventReader(), False
    while isinstance(came := (yield NextBytes()), bytes):
        heard = True
        for event in reader.read(came):
            if event.name == "announcement":
                yield from place.hand_over(json.loads(event.data), event.id)
    yield Wait(place.access.jitter(FIRST_PAUSE_S if heard else UNHEARD_PAUSE_S))
    return not heard and isinstance(came, Cut) and came.kind == SILENCE


def _page(place: _Place, wait_s: float) -> Conversation[None]:
    """Hand over one page of announcements."""
    params = {**place.params, "wait": f"{wait_s:g}"}
    if place.vector is not None:
        params["after"] = place.vector
    headers = {"accept": "application/json"}
    wanted = Ask("GET", "/v1/announcements", params, headers, patience_s=SLOWEST_S + wait_s)
    answer: Answer = yield from ask(place.access, wanted, patience_s=None)
    page = answer.json()
    for said in page["announcements"]:
        yield from place.hand_over(said, None)
    place.vector = page["next"]
    yield Do(lambda: place.bookmarks.take(place.follower, None, page["next"]))
