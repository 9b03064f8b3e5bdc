"""How announcements are followed over HTTP: each comes once, over cuts, repeats and restarts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from life_events_client.access import FIRST_PAUSE_S, Access, ask
from life_events_client.bookmarks import Bookmarks, Filter, Place, Start
from life_events_client.steps import SILENCE, SLOWEST_S, Answer, Ask, Conversation, Cut, NextBytes, Wait

SILENCE_S: Final = 45.0
"""A stream that says nothing for so long is cut off: the exchange says something every fifteen seconds."""
SILENT_STREAMS: Final = 2
"""After so many streams in which nothing came at all, a proxy holds them back: ask for pages instead."""
PAGE_WAIT_S: Final = 20.0
UNHEARD_PAUSE_S: Final = 10.0
"""The longest pause after a stream that ended before it said anything."""


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
    place: Place = yield from Place.of(bookmarks, chosen, name, anew)
    asked = {**chosen.params(), "from": start}
    if place.vector is None and start == "now":
        yield from _page(access, place, asked, wait_s=0)  # so that there is a place to go on from after a cut
    silent = 0
    while silent < SILENT_STREAMS:
        silent = silent + 1 if (yield from _stream(access, place, asked)) else 0
    while True:
        yield from _page(access, place, asked, PAGE_WAIT_S)


def _stream(access: Access, place: Place, asked: Mapping[str, str]) -> Conversation[bool]:
    """Hand over what one stream says until it ends; return whether it was silent from first to last."""
    headers = {"accept": "text/event-stream"}
    if place.vector is not None:
        headers["last-event-id"] = place.vector
    path = "/v1/announcements"
    wanted = Ask("GET", path, params=asked, headers=headers, stream=True, patience_s=SILENCE_S)
    yield from ask(access, wanted, patience_s=None)
    reader, heard = EventReader(), False
    while isinstance(came := (yield NextBytes()), bytes):
        heard = True
        for event in reader.read(came):
            if event.name == "announcement":
                yield from place.hand_over(json.loads(event.data), event.id)
    yield Wait(access.jitter(FIRST_PAUSE_S if heard else UNHEARD_PAUSE_S))
    return not heard and isinstance(came, Cut) and came.kind == SILENCE


def _page(access: Access, place: Place, asked: Mapping[str, str], wait_s: float) -> Conversation[None]:
    """Hand over one page of announcements."""
    params = {**asked, "wait": f"{wait_s:g}"}
    if place.vector is not None:
        params["after"] = place.vector
    headers = {"accept": "application/json"}
    wanted = Ask("GET", "/v1/announcements", params, headers, patience_s=SLOWEST_S + wait_s)
    answer: Answer = yield from ask(access, wanted, patience_s=None)
    page = answer.json()
    for said in page["announcements"]:
        yield from place.hand_over(said, None)
    yield from place.pass_over(page["next"])
