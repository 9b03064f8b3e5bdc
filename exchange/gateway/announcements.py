"""`/v1/announcements`: what a department is told, to each holder its own alone, and never without a trace.

Source: domain rules of disclosure (按需共享); an access record notes each stream and each push before it.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from litestar import Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter
from litestar.response import ServerSentEvent
from litestar.status_codes import HTTP_200_OK

from avro_schemas.catalogue import Document, schema
from avro_schemas.typed_documents import AnnouncementDocument
from consumers.announcements.index import AnnouncementFilter, announcements_after, announcements_now
from consumers.log.copies import Connection
from consumers.log.offsets import Offsets
from consumers.read_model.rows import announcement_row
from exchange.desk.access_records import Access, distinct
from exchange.domain.disclosure import disclosed
from exchange.gateway.access import allowed
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway, GatewayHere
from exchange.gateway.index import LOOK_S
from exchange.gateway.openapi import ANYWHERE
from exchange.gateway.parameters import WaitSeconds
from exchange.gateway.streams import (
    PAGE,
    Begin,
    LastEventId,
    Page,
    asked,
    begin_at,
    events,
    page_of,
)
from exchange.serving.openapi import EVENT_STREAM, TellsEvents, answer, answers
from exchange.serving.problems import ProblemError
from exchange.serving.waiting import passed
from topics.catalogue import matters_topic

COMMAND: Final = "GET /v1/announcements"
WORD: Final = r"^\w{1,100}$"

OfMatter = Annotated[int | None, QueryParameter(name="matter", description="Of this matter alone.")]
if TYPE_CHECKING:
    from avro_schemas.typed_documents import TransitionSymbol as Transition
else:
    _SYMBOLS = (
        one["type"]["symbols"] for one in schema("announcement")["fields"] if one["name"] == "transition"
    )
    Transition = Literal[*next(_SYMBOLS)]
OfInstance = Annotated[
    str | None, QueryParameter(name="instance", pattern=WORD, description="Of this bank alone, by its USCC.")
]
OfCounty = Annotated[
    str | None,
    QueryParameter(name="county", pattern=WORD, description="Of this county's people alone, by its name."),
]
OfTransition = Annotated[
    Transition | None, QueryParameter(name="state", description="With this transition alone.")
]
After = Annotated[str | None, QueryParameter(name="after", description="`next` of the answer before.")]
AnnouncementsLimit = Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE)]


@dataclass
class AnnouncementsShown:
    """What came, and where to go on."""

    announcements: list[dict[str, Any]]
    next: str


@dataclass(frozen=True)
class _Asked:
    """Whose announcements are asked for, and which of them."""

    gateway: Gateway
    caller: Caller
    only: AnnouncementFilter

    @property
    def topic(self) -> str:
        return matters_topic(self.caller.department)

    async def page(self, place: Offsets, limit: int = PAGE) -> Page:
        """Return what comes after a place, once it is noted who is shown whom."""
        found = await self.gateway.ask(
            self.caller.principal, lambda connection: self._read(connection, place, limit)
        )
        if found.events:
            await self.gateway.notes.write(self._access([row for _, row in found.events]))
        return found

    async def note_opened(self) -> None:
        """Note that somebody begins to listen."""
        await self.gateway.notes.write(self._access([]))

    async def begin_at(self, given: str | None, begin: str | None) -> Offsets:
        """Return where to begin."""
        department = self.caller.department
        return await begin_at(
            self.gateway,
            self.topic,
            given,
            begin,
            lambda: self.gateway.ask(
                self.caller.principal, lambda connection: announcements_now(connection, department)
            ),
        )

    def _read(self, connection: Connection, place: Offsets, limit: int) -> Page:
        department, decode = self.caller.department, self.gateway.decoders.announcement
        found = announcements_after(connection, department, place, limit, decode, self.only)
        return page_of(found, place, self._shown)

    def _shown(self, document: AnnouncementDocument) -> Document | None:
        policy = self.gateway.settings.city.policy
        seen = disclosed(document, self.caller.recipient(policy), policy)
        return None if seen is None else announcement_row(seen)

    def _access(self, rows: Iterable[Document]) -> Access:
        shown = list(rows)
        return Access(
            self.caller.asker,
            "follow",
            COMMAND,
            distinct(row["case_id"] for row in shown),
            fields=tuple(name for row in shown for name in row["draft"]),
            unmasked=True,
        )


@dataclass(frozen=True)
class _Begins:
    """Where an answer begins, as it may be said in three ways."""

    begin: str | None
    after: str | None
    last_id: str | None


async def _filter(
    matter: OfMatter = None,
    instance: OfInstance = None,
    county: OfCounty = None,
    transition: OfTransition = None,
) -> AnnouncementFilter:
    return AnnouncementFilter(matter, instance, county, transition)


async def _begins(begin: Begin = None, after: After = None, last_id: LastEventId = None) -> _Begins:
    return _Begins(begin, after, last_id)


@get(
    "/v1/announcements",
    dependencies={"only": Provide(_filter), "begins": Provide(_begins)},
    guards=[allowed("follow")],
    operation_class=TellsEvents,
    responses={
        HTTP_200_OK: answer(AnnouncementsShown, "What came, or nothing yet."),
        **answers(*ANYWHERE, 406, 410),
    },
    tags=["Announcements"],
)
async def follow(
    request: Request[Caller, Any, Any],
    gateway: GatewayHere,
    only: NamedDependency[AnnouncementFilter],
    begins: NamedDependency[_Begins],
    wait: WaitSeconds = 0,
    limit: AnnouncementsLimit = 100,
) -> Response[AnnouncementsShown] | ServerSentEvent:
    """Tell what has become of the department's matters: each case's in order, each at least once.

    With `Accept: text/event-stream` they come as they happen, and an event's id goes on after it in
    `Last-Event-ID`; else as one JSON answer, which waits for the first one if it may.
    """
    wanted = _Asked(gateway, request.user, only)
    streams = _wants_stream(request.headers.get("accept", "*/*"))
    place = await wanted.begin_at((streams and begins.last_id) or begins.after, begins.begin)
    if not streams:
        page = await _first_page(wanted, place, limit, wait)
        shown = AnnouncementsShown([row for _, row in page.events], str(page.reached))
        return Response(shown, headers={"Cache-Control": "no-store"})
    await wanted.note_opened()
    told = await events(gateway, request.user, wanted.topic, "announcement", place, wanted.page)
    return ServerSentEvent(told)


async def _first_page(wanted: _Asked, place: Offsets, limit: int, wait_s: float) -> Page:
    """Return the first page with something in it, or what there is when the time is over."""
    end = time.monotonic() + wait_s
    while True:
        news = wanted.gateway.news.next(wanted.topic)
        page = await asked(wanted.gateway, wanted.topic, lambda where: wanted.page(where, limit), place)
        left = end - time.monotonic()
        # Where much is others', its own may still follow: what is empty says that nothing does.
        over = left <= 0 and not page.full
        if page.events or over or not wanted.gateway.serves(wanted.caller.client_id):
            return page
        place = page.reached
        if not page.full:
            await passed(news, min(left, LOOK_S))


def _wants_stream(accept: str) -> bool:
    """Say whether events are wanted rather than one answer.

    Raises:
        ProblemError: neither is.
    """
    named = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    if EVENT_STREAM in named:
        return True
    if not {"application/json", "application/*", "*/*", ""} & set(named):
        raise ProblemError("not_acceptable", 406)
    return False
