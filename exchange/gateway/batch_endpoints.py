"""`/v1/batches`: many records as lines, under an id by which whoever is cut off asks and goes on."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import orjson
from litestar import Request, get, post, put
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from consumers.log.copies import Connection
from consumers.read_model.rows import plain
from consumers.receipts.index import receipts_of
from exchange.gateway.access import allowed
from exchange.gateway.batches import (
    BatchLine,
    complete_batch,
    counts_of,
    is_complete,
    lines_after,
    new_lines,
    open_batch,
    put_lines,
    ranges_of,
)
from exchange.gateway.bodies import Lines
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway, GatewayHere
from exchange.gateway.index import LOOK_S
from exchange.gateway.intake import PreparedInput
from exchange.gateway.openapi import ANYWHERE, LinesOperation
from exchange.gateway.parameters import WaitSeconds
from exchange.gateway.shown_receipts import note_own, shown
from exchange.runtime.errors import ExchangeError
from exchange.serving.bodies import pieces
from exchange.serving.openapi import answer, answers
from exchange.serving.problems import ProblemError
from exchange.serving.waiting import passed
from producers.admission import TurnedAway
from topics.catalogue import receipts_topic

NDJSON: Final = "application/x-ndjson"
AT_ONCE: Final = 500
AT_ONCE_BYTES: Final = 1 << 20
_TYPES: Final = (NDJSON, "application/jsonl", "application/ndjson")
_REFUSED: Final = (*ANYWHERE, 408, 409, 413, 415, 422)
_RECEIPTS_AT_ONCE: Final = 500

AfterLine = Annotated[int, QueryParameter(name="after", ge=0, description="Goes on after this line.")]


@dataclass
class BatchTaken:
    """All lines that came are dealt with: stored in Kafka, or refused with a receipt each."""

    batch_id: UUID
    lines: int
    stored: int
    refused: int


@dataclass
class BatchShown:
    """How a batch stands; `ranges` are runs of lines that are dealt with, first and last."""

    batch_id: UUID
    state: str
    lines: int
    stored: int
    refused: int
    ranges: list[list[int]]


@post(
    "/v1/batches",
    status_code=HTTP_202_ACCEPTED,
    guards=[allowed("publish")],
    operation_class=LinesOperation,
    responses=answers(*_REFUSED),
    tags=["Batches"],
)
async def publish_batch(request: Request[Caller, Any, Any], gateway: GatewayHere) -> BatchTaken:
    """Publish many records, one `{"type": …, "record": {…}}` a line; the id of the batch is made here."""
    return await _take(request, gateway, uuid4())


@put(
    "/v1/batches/{batch_id:uuid}",
    status_code=HTTP_202_ACCEPTED,
    guards=[allowed("publish")],
    operation_class=LinesOperation,
    responses=answers(*_REFUSED),
    tags=["Batches"],
)
async def publish_batch_as(
    request: Request[Caller, Any, Any], gateway: GatewayHere, batch_id: FromPath[UUID]
) -> BatchTaken:
    """Publish many records under an id of the client's own; sent again, it goes on where it was cut off."""
    return await _take(request, gateway, batch_id)


@get(
    "/v1/batches/{batch_id:uuid}", guards=[allowed("publish")], responses=answers(*ANYWHERE), tags=["Batches"]
)
async def find_batch(
    request: Request[Caller, Any, Any], gateway: GatewayHere, batch_id: FromPath[UUID]
) -> BatchShown:
    """Say which lines of a batch are dealt with."""
    principal = request.user.principal
    return await gateway.ask(principal, lambda connection: _shown(connection, batch_id, principal))


@get(
    "/v1/batches/{batch_id:uuid}/receipts",
    guards=[allowed("read_receipts")],
    responses={
        HTTP_200_OK: answer(str, 'Lines of {"line": …} with what /v1/receipts shows of it.', NDJSON),
        **answers(*ANYWHERE),
    },
    tags=["Batches"],
)
async def batch_receipts(
    request: Request[Caller, Any, Any],
    gateway: GatewayHere,
    batch_id: FromPath[UUID],
    after: AfterLine = 0,
    wait: WaitSeconds = 0,
) -> Stream:
    """Return the receipts of a batch by its lines, up to the first that has none yet."""
    principal = request.user.principal
    await gateway.ask(principal, lambda connection: is_complete(connection, batch_id, principal))
    return Stream(_receipts(gateway, request.user, batch_id, after, wait), media_type=NDJSON)


async def _take(request: Request[Caller, Any, Any], gateway: Gateway, batch_id: UUID) -> BatchTaken:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in _TYPES:
        raise ProblemError("media_type_wrong", 415, wanted=NDJSON)
    caller = request.user
    await gateway.ask(caller.principal, lambda connection: open_batch(connection, batch_id, caller.principal))
    if batch_id in gateway.uploading:
        raise ProblemError("batch_in_progress", 409, retry_s=1)
    gateway.uploading.add(batch_id)
    try:
        await _deal_with(_chunks(request), _Upload(gateway, caller, batch_id))
        return await gateway.ask(caller.principal, lambda connection: _completed(connection, batch_id))
    finally:
        gateway.uploading.discard(batch_id)


def _completed(connection: Connection, batch_id: UUID) -> BatchTaken:
    complete_batch(connection, batch_id)
    lines, stored = counts_of(connection, batch_id)
    return BatchTaken(batch_id, lines, stored, lines - stored)


def _shown(connection: Connection, batch_id: UUID, principal: str) -> BatchShown:
    state = "COMPLETE" if is_complete(connection, batch_id, principal) else "OPEN"
    lines, stored = counts_of(connection, batch_id)
    ranges = [list(one) for one in ranges_of(connection, batch_id)]
    return BatchShown(batch_id, state, lines, stored, lines - stored, ranges)


async def _chunks(request: Request[Caller, Any, Any]) -> AsyncIterator[list[BatchLine]]:
    """Yield the lines that come, some at a time."""
    lines, chunk, size = Lines(), list[BatchLine](), 0
    async for piece in pieces(request):
        for line in lines.feed(piece):
            chunk.append(line)
            size += len(line.raw)
            if len(chunk) >= AT_ONCE or size >= AT_ONCE_BYTES:
                yield chunk
                chunk, size = [], 0
    chunk += lines.finish()
    if chunk:
        yield chunk


@dataclass(frozen=True)
class _Upload:
    """A batch that is coming in."""

    gateway: Gateway
    caller: Caller
    batch_id: UUID

    async def prepare(
        self, lines: Sequence[BatchLine]
    ) -> tuple[Sequence[BatchLine], Sequence[PreparedInput]]:
        """Return those of the lines that are not dealt with yet, admitted or refused.

        Raises:
            ProblemError: too many were refused; what came before stands, and the batch goes on later.
        """
        new = await self.gateway.ask(
            self.caller.principal, lambda connection: new_lines(connection, self.batch_id, lines)
        )
        submissions = [line.submission for line in new]
        prepared = await self.gateway.intake.prepare(self.caller.holder, submissions, self.batch_id)
        if refused := sum(isinstance(one.verdict, TurnedAway) for one in prepared):
            self.gateway.limits.count_refused(self.caller.principal, refused)
        return new, prepared

    async def store(self, lines: Sequence[BatchLine], prepared: Sequence[PreparedInput]) -> None:
        """Have Kafka take lines, and note it once it has them."""
        if not lines:
            return
        outcomes = await self.gateway.intake.store(self.caller.holder, prepared)
        await self.gateway.ask(
            self.caller.principal, lambda connection: put_lines(connection, self.batch_id, lines, outcomes)
        )
        await note_own(self.gateway, self.caller, (one.receipt_id for one in outcomes))


async def _deal_with(chunks: AsyncIterator[Sequence[BatchLine]], batch: _Upload) -> None:
    """Read and admit lines while those before them go to Kafka, and store nothing before those are stored."""
    storing = asyncio.create_task(batch.store((), ()))
    try:
        async for lines in chunks:
            prepared = await batch.prepare(lines)
            await storing
            storing = asyncio.create_task(batch.store(*prepared))
    finally:
        await storing  # also of a batch that is cut off: what Kafka has is noted


async def _receipts(
    gateway: Gateway, caller: Caller, batch_id: UUID, after: int, wait_s: float
) -> AsyncIterator[bytes]:
    topic, end = receipts_topic(caller.department), time.monotonic() + wait_s

    def read(connection: Connection) -> tuple[list[bytes], int, bool]:
        lines = lines_after(connection, batch_id, after, _RECEIPTS_AT_ONCE)
        ids = [receipt_id for _, receipt_id in lines]
        found = receipts_of(connection, caller.department, ids, gateway.decoders.receipt)
        rows, reached = list[bytes](), after
        for line, receipt_id in lines:
            if receipt_id not in found:
                return rows, reached, True
            row = plain(vars(shown(found[receipt_id], gateway.settings.city.catalogue)))
            rows.append(orjson.dumps({"line": line, **row}) + b"\n")
            reached = line
        return rows, reached, False

    while True:
        news = gateway.news.next(topic)
        try:
            rows, after, awaited = await gateway.ask(caller.principal, read)
        except (ProblemError, ExchangeError):  # what was sent stands: the client goes on from there
            return
        if rows:
            yield b"".join(rows)
        left = end - time.monotonic()
        if not (rows or awaited) or (awaited and (left <= 0 or not gateway.serves(caller.client_id))):
            return
        if awaited:
            await passed(news, min(left, LOOK_S))
