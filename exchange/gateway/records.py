"""`POST /v1/records/{type}`: one record."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import uuid4

from litestar import Request, Response, post
from litestar.params import FromPath, HeaderParameter
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from exchange.folding.outputs import reason_documents
from exchange.gateway.access import allowed
from exchange.gateway.answers import AnswerKey, KeptAnswer
from exchange.gateway.bodies import RECORD_JSON_BYTES
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway, GatewayHere
from exchange.gateway.intake import Outcome, RefusedInput, StoredInput
from exchange.gateway.openapi import ANYWHERE, RecordOperation
from exchange.gateway.parameters import WaitSeconds
from exchange.gateway.shown_receipts import ReceiptShown, note_own, wait_for_receipt
from exchange.serving.bodies import whole_body
from exchange.serving.language import language_of
from exchange.serving.openapi import answer, answers
from exchange.serving.problems import PROBLEM_JSON, ProblemError
from producers.submissions import Submission
from topics.labels import Language

_JSON: Final = ("application/json", "")
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
        HTTP_202_ACCEPTED: answer(StoredShown, "Kafka has it."),
        HTTP_200_OK: answer(ReceiptShown, "Its receipt, for which was waited."),
        **answers(*ANYWHERE, 408, 409, 413, 415, 422),
    },
    tags=["Records"],
)
async def publish_record(
    request: Request[Caller, Any, Any],
    gateway: GatewayHere,
    record_type: FromPath[str],
    wait: WaitSeconds = 0,
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

    async def publish() -> KeptAnswer:
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


async def _once(
    gateway: Gateway, under: AnswerKey, publish: Callable[[], Awaitable[KeptAnswer]]
) -> KeptAnswer:
    """Return the first answer under a key, which is given now if it was not yet.

    Raises:
        ProblemError: it is being worked on, the key came with another body, or it could not be kept.
    """
    if under.name in gateway.answering:
        raise ProblemError("idempotency_in_progress", 409, retry_s=1)
    gateway.answering.add(under.name)
    try:
        known = await gateway.ask(under.principal, under.find)
        if known is not None:
            return known
        answer = await publish()
        await gateway.ask(under.principal, lambda connection: under.keep(connection, answer))
        return answer
    finally:
        gateway.answering.discard(under.name)


async def _publish(
    gateway: Gateway, caller: Caller, record_type: str, body: bytes, language: Language
) -> KeptAnswer:
    envelope = b'{"type":%s,"record":%s}' % (json.dumps(record_type).encode(), body)
    submission = Submission(1, envelope)
    (outcome,) = await gateway.intake.take(caller.holder, [submission], uuid4())
    await note_own(gateway, caller, [outcome.receipt_id])
    return _answer(outcome, language)


def _answer(outcome: Outcome, language: Language) -> KeptAnswer:
    if isinstance(outcome, StoredInput):
        location = {"Location": f"/v1/receipts/{outcome.record_id}"}
        return KeptAnswer(
            HTTP_202_ACCEPTED, StoredShown(outcome.record_id, outcome.receipt_id).__dict__, location
        )
    problem = refused(outcome)
    return KeptAnswer(problem.status, problem.body(language), {})


def refused(outcome: RefusedInput) -> ProblemError:
    """Return what is answered of a record that was refused."""
    problem = ProblemError("record_refused", 422)
    problem.more = {
        "reasons": reason_documents(outcome.reasons),
        "record_id": outcome.record_id,
        "receipt_id": outcome.receipt_id,
    }
    return problem
