"""Server-sent events whose ids hold the offsets of all partitions: whoever is cut off goes on where it was.

Source: WHATWG HTML, section 9.2 (server-sent events).
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeVar

import orjson
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import ServerSentEventMessage

from avro_schemas.catalogue import Document
from consumers.log.offsets import Offsets, OffsetsUnreadableError
from consumers.log.reader import PositionGoneError
from consumers.read_model.indexed import IndexedAfter
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway
from exchange.gateway.index import LOOK_S
from exchange.runtime.errors import ExchangeError
from exchange.serving.problems import ProblemError
from exchange.serving.waiting import passed

KEEP_ALIVE_S: Final = 15.0
"""Less than the time after which proxies cut what is silent."""
PAGE: Final = 200
RETRY_MS: Final = 1000
D = TypeVar("D")

Begin = Annotated[
    Literal["start", "now"] | None,
    QueryParameter(
        name="from", description="Where to begin: with the first there ever was, or with the next."
    ),
]
LastEventId = Annotated[
    str | None, HeaderParameter(name="Last-Event-ID", description="Goes on after this id of an event.")
]


@dataclass(frozen=True, slots=True)
class Page:
    """What came after a place.

    Attributes:
        events: what is shown, each with the place after it.
        reached: the place after all that was looked at.
        full: whether there may be more already.
    """

    events: Sequence[tuple[Offsets, Document]]
    reached: Offsets
    full: bool


def page_of(found: IndexedAfter[D], place: Offsets, shown: Callable[[D], Document | None]) -> Page:
    """Return what the index has after a place as it is shown; what is shown as None is passed over."""
    rows: list[tuple[Offsets, Document]] = []
    for one in found.documents:
        place = place.passed(one.partition, one.offset)
        if (row := shown(one.document)) is not None:
            rows.append((place, row))
    return Page(rows, found.reached, found.full)


AskPage = Callable[[Offsets], Awaitable[Page]]
"""Place → what comes after it. It raises `PositionGoneError`, and `ProblemError` while a part is away."""


async def begin_at(
    gateway: Gateway, topic: str, given: str | None, begin: str | None, now: Callable[[], Awaitable[Offsets]]
) -> Offsets:
    """Return where to begin in a topic: at a place that a client was given, with the first there was, or now.

    Raises:
        ProblemError: the place is none, or PostgreSQL is away.
    """
    partitions = gateway.settings.city.catalogue.by_name[topic].partitions
    if given is not None:
        try:
            return Offsets.parse(given, partitions)
        except OffsetsUnreadableError:
            raise ProblemError("position_wrong", 400) from None
    return Offsets.start(partitions) if begin == "start" else await now()


async def asked(gateway: Gateway, topic: str, ask: AskPage, place: Offsets) -> Page:
    """Return what comes after a place; nothing yet, where the index has not come to it.

    Raises:
        ProblemError: the log has no such place any more, or a part is away.
    """
    try:
        return await ask(place)
    except PositionGoneError:
        if await gateway.topic_ends.reach(topic, place):
            return Page((), place, False)
        raise ProblemError("position_gone", 410) from None


async def events(
    gateway: Gateway, caller: Caller, topic: str, kind: str, place: Offsets, ask: AskPage
) -> AsyncIterator[ServerSentEventMessage]:
    """Return what comes after a place, and then what comes, until the credential or the gateway ends.

    Raises:
        ProblemError: the credential has as many streams as it may, the log has no such place any more, or a
            part is away. Later on, a part that is away is waited for.
    """
    messages = _events(gateway, caller, topic, kind, place, ask)
    first = await anext(messages)  # so what hinders it is answered, and no stream begins

    async def begun() -> AsyncIterator[ServerSentEventMessage]:
        yield first
        async for message in messages:
            yield message

    return begun()


async def _events(
    gateway: Gateway, caller: Caller, topic: str, kind: str, place: Offsets, ask: AskPage
) -> AsyncIterator[ServerSentEventMessage]:
    with gateway.limits.stream(caller.client_id):
        news = gateway.news.next(topic)
        page: Page | None = await asked(gateway, topic, ask, place)
        # Whoever is cut off before the first event goes on from here, too.
        yield ServerSentEventMessage(None, retry=RETRY_MS, id=str(place))
        told = time.monotonic()
        while page is not None:
            for after, row in page.events:
                yield ServerSentEventMessage(data=orjson.dumps(row).decode(), event=kind, id=str(after))
            if page.reached != place or page.events:
                told = time.monotonic()
            if page.reached != (page.events[-1][0] if page.events else place):
                yield ServerSentEventMessage(None, id=str(page.reached))  # passes over what is not shown
            place = page.reached
            if not page.full:
                await passed(news, LOOK_S)
            if time.monotonic() - told > KEEP_ALIVE_S:
                told = time.monotonic()
                yield ServerSentEventMessage(None, comment="keep-alive")
            if not gateway.serves(caller.client_id):
                return
            news = gateway.news.next(topic)
            page = await _patiently(gateway, topic, ask, place)
        yield _gone()


async def _patiently(gateway: Gateway, topic: str, ask: AskPage, place: Offsets) -> Page | None:
    """Return what comes after a place; nothing while a part is away; None if the place is gone."""
    try:
        return await asked(gateway, topic, ask, place)
    except ProblemError as problem:
        return None if problem.code == "position_gone" else Page((), place, False)
    except ExchangeError:
        return Page((), place, False)


def _gone() -> ServerSentEventMessage:
    body = ProblemError("position_gone", 410).body("zh")
    return ServerSentEventMessage(data=orjson.dumps(body).decode(), event="problem")
