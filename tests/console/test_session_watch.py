"""Whether the sessions of open streams hold is asked once for all of them, and not at each look."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack

from exchange.console.session_watch import VALID_S, SessionWatch
from exchange.desk.asker import Asker
from exchange.desk.sessions import DeskSession


class Door:
    """Where sessions are; it counts how often it is asked, and about how many."""

    def __init__(self) -> None:
        self.now = 100.0
        self.out: set[bytes] = set()
        self.asked: list[int] = []
        self.watch = SessionWatch(self._read, lambda: self.now)

    async def _read(self, sessions: Sequence[DeskSession]) -> list[DeskSession]:
        self.asked.append(len(sessions))
        return [one for one in sessions if one.digest not in self.out]


def session(number: int) -> DeskSession:
    """Somebody's session."""
    name = f"zhang{number}"
    return DeskSession(name.encode(), name, None, False, Asker(name, "window_clerk", {}, "console"))


def test_who_is_shut_out_is_found_by_one_question_about_all() -> None:
    """However many look; and it is not asked again before the answer is old."""

    async def run() -> None:
        door, all_of_them = Door(), [session(number) for number in range(9)]
        with ExitStack() as followed:
            for one in all_of_them:
                followed.enter_context(door.watch.following(one))
            assert await asyncio.gather(*map(door.watch.holds, all_of_them)) == [True] * 9
            door.out.add(all_of_them[3].digest)
            assert await door.watch.holds(all_of_them[3])
            door.now += VALID_S
            held = await asyncio.gather(*map(door.watch.holds, all_of_them))
            assert held == [number != 3 for number in range(9)]
            assert door.asked == [9, 9]

    asyncio.run(run())


def test_a_stream_that_ends_is_asked_about_no_more() -> None:
    """Another of the same session still is; one that begins meanwhile holds until it was asked about."""

    async def run() -> None:
        door, first, second, later = Door(), session(1), session(1), session(2)
        with door.watch.following(second):
            with door.watch.following(first):
                assert await door.watch.holds(first)
            door.out = {first.digest, later.digest}
            with door.watch.following(later):
                assert await door.watch.holds(later)
                door.now += VALID_S
                assert not await door.watch.holds(later)
            assert not await door.watch.holds(second)
        assert door.asked == [2, 2]

    asyncio.run(run())
