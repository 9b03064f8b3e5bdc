"""`/desk/v1/queue/events`: says that there is something new in a queue, so that whoever shows it asks again.

An event shows nobody, so it leaves no access record; what is asked for after it does.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Final

from litestar import get
from litestar.params import HeaderParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from exchange.console.access import API
from exchange.console.console import ConsoleHere, DeskConsole, SessionHere
from exchange.desk.queue_news import queue_mark
from exchange.desk.sessions import DeskSession
from exchange.runtime.errors import ExchangeError
from exchange.serving.openapi import TellsEvents, answers
from exchange.serving.waiting import passed

LOOK_S: Final = 1.0
"""How often it is looked whether there is something new, and whether the session still holds."""
KEEP_ALIVE_S: Final = 15.0
"""Less than the time after which proxies cut what is silent."""
RETRY_MS: Final = 2000
LastSeen = Annotated[
    str | None, HeaderParameter(name="Last-Event-ID", description="The last event that was seen.")
]


@get(
    f"{API}/queue/events",
    operation_class=TellsEvents,
    responses=answers(400, 401, 403, 429, 503),
    tags=["Queue"],
)
async def follow_queue(
    console: ConsoleHere, signed_in: SessionHere, last_seen: LastSeen = None
) -> ServerSentEvent:
    """Tell by an event `changed` that there is something new in my queue, until the session ends."""
    events = queue_events(console, signed_in, last_seen)
    first = await anext(events)  # so what hinders it is answered, and no stream begins

    async def begun() -> AsyncIterator[ServerSentEventMessage]:
        yield first
        async for event in events:
            yield event

    return ServerSentEvent(begun(), headers={"Cache-Control": "no-store"})


async def queue_events(
    console: DeskConsole, session: DeskSession, last_seen: str | None
) -> AsyncIterator[ServerSentEventMessage]:
    """Yield an event for each change; it ends with the session, with the console, or with a part of ours.

    Raises:
        ProblemError: the holder has as many streams as it may.
        ExchangeError: at the beginning: the asker has no queue, or a part does not answer.
    """
    with console.limits.stream(session.holder):
        mark = await asyncio.to_thread(queue_mark, console.desk, session.asker)
        yield ServerSentEventMessage(None, retry=RETRY_MS, id=last_seen or mark)
        seen, told = last_seen or mark, time.monotonic()
        while (now := await _look(console, session)) is not None:
            if now != seen:
                seen, told = now, time.monotonic()
                yield ServerSentEventMessage("{}", event="changed", id=now)
            elif time.monotonic() - told > KEEP_ALIVE_S:
                told = time.monotonic()
                yield ServerSentEventMessage(None, comment="keep-alive")
            if await passed(console.stopping, LOOK_S):
                return


async def _look(console: DeskConsole, session: DeskSession) -> str | None:
    """Return the mark of now; None where the session has ended, or nobody can say whether it has."""
    try:
        return await asyncio.to_thread(_mark_if_valid, console, session)
    except ExchangeError:
        return None


def _mark_if_valid(console: DeskConsole, session: DeskSession) -> str | None:
    if not console.sign_in.sessions.still_valid(session, datetime.now(UTC)):
        return None
    return queue_mark(console.desk, session.asker)
