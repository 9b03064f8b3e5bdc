"""`/v1/receipts…`: what became of what was handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath, QueryParameter
from litestar.response import ServerSentEvent
from litestar.status_codes import HTTP_200_OK

from avro_schemas.typed_documents import ReceiptDocument
from consumers.log.copies import Connection
from consumers.log.offsets import Offsets
from consumers.read_model.rows import plain
from consumers.receipts.index import (
    STATUSES,
    CursorUnreadableError,
    counts_of_day,
    receipts_after,
    receipts_now,
    receipts_of_day,
    receipts_of_record,
)
from exchange.gateway.access import allowed
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway, GatewayHere
from exchange.gateway.openapi import ANYWHERE
from exchange.gateway.shown_receipts import ReceiptShown, shown
from exchange.gateway.streams import PAGE, AskPage, Begin, LastEventId, Page, begin_at, events, page_of
from exchange.gateway.submissions import counts_of_own, own_of
from exchange.serving.openapi import EVENT_STREAM, TellsEvents, answer, answers
from exchange.serving.problems import ProblemError
from topics.catalogue import receipts_topic

MOST_A_PAGE: Final = 1000
StatusAsked = Annotated[
    Literal["ACCEPTED", "DUPLICATE", "HELD", "REJECTED"] | None,
    QueryParameter(name="status", description="With this one alone."),
]


@dataclass
class ReceiptsShown:
    """All receipts of one record id, the oldest first."""

    receipts: list[ReceiptShown]


@dataclass
class DayShown:
    """A page of a day's receipts, and what the whole day comes to: the counts add up to the total."""

    day: date
    counts: dict[str, int]
    total: int
    receipts: list[ReceiptShown]
    next_cursor: str | None


DayAsked = Annotated[date, QueryParameter(name="day", description="In Asia/Shanghai: YYYY-MM-DD.")]
Cursor = Annotated[str | None, QueryParameter(name="cursor", description="`next_cursor` of the page before.")]
ReceiptsLimit = Annotated[int, QueryParameter(name="limit", ge=1, le=MOST_A_PAGE)]


@get(
    "/v1/receipts/{record_id:uuid}",
    guards=[allowed("read_receipts")],
    responses=answers(*ANYWHERE),
    tags=["Receipts"],
)
async def find_receipts(
    request: Request[Caller, Any, Any], gateway: GatewayHere, record_id: FromPath[UUID]
) -> ReceiptsShown:
    """Return all receipts of a record id: of every time that it was handed in."""
    caller = request.user

    def find(connection: Connection) -> list[ReceiptDocument]:
        decode = gateway.decoders.receipt
        found = receipts_of_record(connection, caller.department, str(record_id), decode)
        return _own(connection, caller, found)

    found = await gateway.ask(caller.principal, find)
    if not found:
        raise ProblemError("not_found", 404)
    return ReceiptsShown([shown(one, gateway.settings.city.catalogue) for one in found])


@get("/v1/receipts", guards=[allowed("read_receipts")], responses=answers(*ANYWHERE), tags=["Receipts"])
async def list_receipts(
    request: Request[Caller, Any, Any],
    gateway: GatewayHere,
    day: DayAsked,
    status: StatusAsked = None,
    cursor: Cursor = None,
    limit: ReceiptsLimit = 100,
) -> DayShown:
    """Return a page of a day's receipts, and what became of all that was handed in on that day."""
    caller, city = request.user, gateway.settings.city

    def find(connection: Connection) -> DayShown:
        page = receipts_of_day(
            connection, caller.department, day, limit, gateway.decoders.receipt, status=status, cursor=cursor
        )
        counts = _counts(connection, caller, day)
        found = [shown(one, city.catalogue) for one in _own(connection, caller, page.receipts)]
        return DayShown(day, counts, sum(counts.values()), found, page.next_cursor)

    try:
        return await gateway.ask(caller.principal, find)
    except CursorUnreadableError:
        raise ProblemError("position_wrong", 400) from None
    except OverflowError:  # of the days in UTC that it touches, one is beyond the calendar
        raise ProblemError("parameter_wrong", 400, names="day") from None


@get(
    "/v1/receipts/stream",
    guards=[allowed("read_receipts")],
    operation_class=TellsEvents,
    responses={
        HTTP_200_OK: answer(str, "Receipts as they come.", EVENT_STREAM),
        **answers(*ANYWHERE, 410),
    },
    tags=["Receipts"],
)
async def stream_receipts(
    request: Request[Caller, Any, Any], gateway: GatewayHere, begin: Begin = None, last_id: LastEventId = None
) -> ServerSentEvent:
    """Tell receipts as they come (server-sent events); an id goes on after it, in `Last-Event-ID`."""
    caller = request.user
    topic = receipts_topic(caller.department)

    async def now() -> Offsets:
        return await gateway.ask(
            caller.principal, lambda connection: receipts_now(connection, caller.department)
        )

    place = await begin_at(gateway, topic, last_id, begin, now)
    ask = _asking(gateway, caller)
    return ServerSentEvent(await events(gateway, caller, topic, "receipt", place, ask))


def _asking(gateway: Gateway, caller: Caller) -> AskPage:
    catalogue = gateway.settings.city.catalogue

    def read(connection: Connection, place: Offsets) -> Page:
        found = receipts_after(connection, caller.department, place, PAGE, gateway.decoders.receipt)
        own = _own(connection, caller, (one.document for one in found.documents))
        rows = {one["receipt_id"]: plain(vars(shown(one, catalogue))) for one in own}
        return page_of(found, place, lambda receipt: rows.get(receipt["receipt_id"]))

    async def ask(place: Offsets) -> Page:
        return await gateway.ask(caller.principal, lambda connection: read(connection, place))

    return ask


def _own(connection: Connection, caller: Caller, found: Iterable[ReceiptDocument]) -> list[ReceiptDocument]:
    """Return the caller's own: a department's are all, a bank's or a county's those of what it handed in."""
    found = list(found)
    if not caller.is_part:
        return found
    own = own_of(connection, caller.principal, [one["receipt_id"] for one in found])
    return [one for one in found if one["receipt_id"] in own]


def _counts(connection: Connection, caller: Caller, day: date) -> dict[str, int]:
    if caller.is_part:
        return {**dict.fromkeys(STATUSES, 0), **counts_of_own(connection, caller.principal, day)}
    return dict(counts_of_day(connection, caller.department, day).by_status)
