"""`POST /v1/records/{type}`: one record."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import uuid4

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from exchange.gateway.access import allowed
from exchange.gateway.answers import Answer, AnswerKey
from exchange.gateway.bodies import RECORD_JSON_BYTES, whole_body
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway
from exchange.gateway.intake import Outcome, Refused, Stored
from exchange.gateway.openapi import ANYWHERE, RecordOperation, answers
from exchange.gateway.problems import PROBLEM_JSON, ProblemError, language_of
from exchange.gateway.receipts import ReceiptShown, wait_for_receipt
from exchange.gateway.submissions import note_submitted
from producers.submissions import Submission
from topics.labels import Language
from verification.reasons import Reason

MOST_WAIT_S: Final = 60
_JSON: Final = ("application/json", "")
Wait = Annotated[
    float, QueryParameter(name="wait", ge=0, le=MOST_WAIT_S, description="Seconds to wait for it.")
]
Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", description="Repeats the first answer.")]


@dataclass
class StoredShown:
    """The log has the record; its receipt comes."""

    record_id: str
    receipt_id: str
    status: str = "PENDING"


@post(
    "/v1/records/{record_type:str}",
    status_code=HTTP_202_ACCEPTED,
    guards=[allowed("publish")],
    operation_class=RecordOperation,
    responses={
        HTTP_202_ACCEPTED: ResponseSpec(StoredShown, generate_examples=False),
        HTTP_200_OK: ResponseSpec(ReceiptShown, generate_examples=False),
        **answers(*ANYWHERE, 408, 409, 413, 415, 422),
    },
    tags=["Records"],
)
async def publish_record(
    request: Request[Caller, Any, Any],
    gateway: NamedDependency[Gateway],
    record_type: FromPath[str],
    wait: Wait = 0,
    key: Key = None,
) -> Response[Any]:
    """Publish one record; the body is the record itself.

    202: Kafka has it. With `wait`, 200 with the receipt once it is there. 422: it is refused; it has its
    receipt, and its bytes are in quarantine. Whatever else is answered, send it again with the same
    record_id: it is never taken twice.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _JSON:
        raise ProblemError("media_type_wrong", 415, wanted="application/json")
    body = await whole_body(request, RECORD_JSON_BYTES)
    caller, language = request.user, language_of(request)

    async def publish() -> Answer:
        return await _publish(gateway, caller, record_type, body, language)

    digest = sha256(record_type.encode() + b"\n" + body).hexdigest()
    under = None if key is None else AnswerKey(caller.principal, key, digest)
    answer = await (publish() if under is None else _once(gateway, under, publish))
    if wait and answer.status == HTTP_202_ACCEPTED:
        receipt = await wait_for_receipt(gateway, caller, answer.body["receipt_id"], wait)
        if receipt is not None:
            return Response(receipt, status_code=HTTP_200_OK)
    media_type = PROBLEM_JSON if answer.status >= 400 else "application/json"
    return Response(answer.body, status_code=answer.status, headers=answer.headers, media_type=media_type)


async def _once(gateway: Gateway, under: AnswerKey, publish: Callable[[], Awaitable[Answer]]) -> Answer:
    """Return the first answer under a key, which is given now if it was not yet.

    Raises:
        ProblemError: it is being worked on, the key came with another body, or it could not be kept.
    """
    if under.name in gateway.answering:
        raise ProblemError("idempotency_in_progress", 409, retry_s=1)
    gateway.answering.add(under.name)
    try:
        known = await gateway.database.ask(under.find)
        if known is not None:
            return known
        answer = await publish()
        await gateway.database.ask(lambda connection: under.keep(connection, answer))
        return answer
    finally:
        gateway.answering.discard(under.name)


async def _publish(
    gateway: Gateway, caller: Caller, record_type: str, body: bytes, language: Language
) -> Answer:
    envelope = b'{"type":%s,"record":%s}' % (json.dumps(record_type).encode(), body)
    submission = Submission(1, envelope)
    (outcome,) = await gateway.intake.take(caller.holder, [submission], uuid4())
    await note_own(gateway, caller, [outcome])
    return _answer(outcome, language)


def _answer(outcome: Outcome, language: Language) -> Answer:
    if isinstance(outcome, Stored):
        location = {"Location": f"/v1/receipts/{outcome.record_id}"}
        return Answer(
            HTTP_202_ACCEPTED, StoredShown(outcome.record_id, outcome.receipt_id).__dict__, location
        )
    problem = refused(outcome)
    return Answer(problem.status, problem.body(language), {})


def refused(outcome: Refused) -> ProblemError:
    """Return what is answered of a record that was refused."""
    problem = ProblemError("record_refused", 422)
    problem.more = {
        "reasons": [_reason(one) for one in outcome.reasons],
        "record_id": outcome.record_id,
        "receipt_id": outcome.receipt_id,
    }
    return problem


async def note_own(gateway: Gateway, caller: Caller, outcomes: Iterable[Outcome]) -> None:
    """Note what a bank or a county has handed in, so that it may see its receipts; a department sees all."""
    if caller.is_part:
        ids = [outcome.receipt_id for outcome in outcomes]
        await gateway.database.ask(lambda connection: note_submitted(connection, caller.principal, ids))


def _reason(one: Reason) -> dict[str, str | None]:
    return {
        "code": one.code,
        "field": one.field or None,
        "message": one.message_zh,
        "message_en": one.message_en,
    }
