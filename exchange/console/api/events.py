"""`/desk/v1/queue/events`: says that there is something new in a queue, so that whoever shows it asks again.

An event shows nobody, so it leaves no access record; what is asked for after it does.
"""

import time
from collections.abc import AsyncIterator
from typing import Annotated, Final

from litestar import get
from litestar.params import HeaderParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from exchange.console.console import ConsoleHere, DeskConsole, SessionHere
from exchange.console.queue_marks import LOOK_S
from exchange.console.request_session import API
from exchange.desk.queue_news import queue_topic
from exchange.desk.sessions import DeskSession
from exchange.runtime.errors import ExchangeError
from exchange.serving.openapi import TellsEvents, answers
from exchange.serving.waiting import passed

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
    return await queue_stream(console, signed_in, last_seen)


async def queue_stream(console: DeskConsole, session: DeskSession, last_seen: str | None) -> ServerSentEvent:
    """Return the stream of a session's queue, once its first event is there.

    Raises:
        ProblemError, ExchangeError: as `queue_events`.
    """
    events = queue_events(console, session, last_seen)
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
    topic = queue_topic(console.desk, session.asker)
    with console.limits.stream(session.holder), console.watch.following(session):
        seen = last_seen or str(await console.marks.of(topic))
        yield ServerSentEventMessage(None, retry=RETRY_MS, id=seen)
        told = time.monotonic()
        async for mark in _marks(console, session, topic):
            if mark != seen:
                seen, told = mark, time.monotonic()
                yield ServerSentEventMessage("{}", event="changed", id=mark)
            elif time.monotonic() - told > KEEP_ALIVE_S:
                told = time.monotonic()
                yield ServerSentEventMessage(None, comment="keep-alive")


async def _marks(console: DeskConsole, session: DeskSession, topic: str) -> AsyncIterator[str]:
    """Yield the mark again and again, while the session holds, the console runs and its parts answer."""
    while not await passed(console.stopping, LOOK_S):
        try:
            if not await console.watch.holds(session):
                return
            yield str(await console.marks.of(topic))
        except ExchangeError:
            return
