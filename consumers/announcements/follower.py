"""Follows a department's announcements as they are published."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from avro_schemas.typed_documents import AnnouncementDocument
from consumers.announcements.reader import AnnouncementReader
from exchange.runtime.settings import Settings

IDS_REMEMBERED = 100_000
READ_S = 0.2


@dataclass
class Seen:
    """Remembers a fixed number of the latest ids: an announcement is repeated soon or not at all."""

    limit: int = IDS_REMEMBERED
    _ids: "OrderedDict[str, None]" = field(default_factory=OrderedDict)

    def first_time(self, announcement_id: str) -> bool:
        """Say whether the id is new, and remember it as the latest."""
        new = announcement_id not in self._ids
        self._ids[announcement_id] = None
        self._ids.move_to_end(announcement_id)
        if len(self._ids) > self.limit:
            self._ids.popitem(last=False)
        return new


class Follower:
    """A department's place in its own announcements.

    Opening it fixes where it starts: whatever is published afterwards is seen, however late it is read. While
    the brokers are away, opening it waits for them.

    Args:
        settings: the exchange.
        department: one that decides matters.
        from_start: from the first announcement; else from now on.
        told: called with True when the brokers are found away, and with False when they answer again.

    Raises:
        ExchangeError: the brokers answer, and there is no such topic.
    """

    def __init__(
        self,
        settings: Settings,
        department: str,
        *,
        from_start: bool = False,
        told: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._reader = AnnouncementReader(settings, department, told)
        self._seen = Seen()
        bounds = self._reader.bounds()
        self._reader.start(bounds.first if from_start else bounds.end)

    def __enter__(self) -> "Follower":
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def announcements(self, until_idle_s: float | None = None) -> Iterator[AnnouncementDocument]:
        """Yield each announcement once, as ``exchange.events.Announcement``.

        Args:
            until_idle_s: end when everything was read and nothing has come for this long; never, if None. The
                time while the brokers are away does not count.

        Raises:
            ExchangeError: the topic was cut or made anew under the reader.
        """
        last = time.monotonic()
        while True:
            wait_s = READ_S if until_idle_s is None else min(READ_S, until_idle_s + 0.01)
            read = self._reader.read(wait_s)
            for one in read:
                if one.announcement is not None and self._seen.first_time(one.announcement["id"]):
                    yield one.announcement
            now = time.monotonic()
            if read or not self._reader.at_end:
                last = now
            elif until_idle_s is not None and now - last >= until_idle_s:
                return


def follow(
    settings: Settings, department: str, *, from_start: bool = False, until_idle_s: float | None = None
) -> Iterator[AnnouncementDocument]:
    """Yield a department's announcements, each once; see `Follower`.

    Whoever shows them notes the access first (`exchange.desk.access_records`).
    """
    with Follower(settings, department, from_start=from_start) as follower:
        yield from follower.announcements(until_idle_s)
