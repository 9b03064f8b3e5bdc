"""Receipts as they are sent, and waited for."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from avro_schemas.typed_documents import ReasonDocument, ReceiptDocument
from consumers.log.copies import Connection
from consumers.receipts.index import receipts_of
from exchange.gateway.callers import Caller
from exchange.gateway.gateway import Gateway
from exchange.gateway.index import LOOK_S
from exchange.gateway.submissions import note_submitted
from exchange.runtime.errors import ExchangeError
from exchange.serving.openapi import ReasonShown
from exchange.serving.problems import ProblemError
from exchange.serving.waiting import passed
from topics.catalogue import RECORDS, Catalogue, receipts_topic


@dataclass
class ReceiptShown:
    """What became of one record: ACCEPTED, DUPLICATE, HELD or REJECTED."""

    receipt_id: str
    record_id: str | None
    type: str | None
    status: str
    reasons: list[ReasonShown]
    warnings: list[ReasonShown]
    case_id: str | None
    taken_at: datetime


async def wait_for_receipt(
    gateway: Gateway, caller: Caller, receipt_id: str, within_s: float
) -> ReceiptShown | None:
    """Return a receipt as soon as it is there; None if it is not within that time, or a part is away."""
    topic, limit = receipts_topic(caller.department), time.monotonic() + within_s
    find = _finding(gateway, caller, receipt_id)
    while True:
        news = gateway.news.next(topic)
        try:
            found = await gateway.ask(caller.principal, find)
        except (ProblemError, ExchangeError):
            return None
        left = limit - time.monotonic()
        if found is not None or left <= 0 or not gateway.serves(caller.client_id):
            return None if found is None else shown(found, gateway.settings.city.catalogue)
        await passed(news, min(left, LOOK_S))


async def note_own(gateway: Gateway, caller: Caller, receipt_ids: Iterable[str]) -> None:
    """Note what a bank or a county has handed in, so that it may see its receipts; a department sees all."""
    if caller.is_part:
        ids = list(receipt_ids)
        await gateway.ask(
            caller.principal, lambda connection: note_submitted(connection, caller.principal, ids)
        )


def _finding(
    gateway: Gateway, caller: Caller, receipt_id: str
) -> Callable[[Connection], ReceiptDocument | None]:
    def find(connection: Connection) -> ReceiptDocument | None:
        decode = gateway.decoders.receipt
        return receipts_of(connection, caller.department, [receipt_id], decode).get(receipt_id)

    return find


def shown(receipt: ReceiptDocument, catalogue: Catalogue) -> ReceiptShown:
    """Return a receipt as it is sent."""
    topic = catalogue.by_name.get(receipt["record_topic"])
    return ReceiptShown(
        receipt_id=receipt["receipt_id"],
        record_id=receipt["record_id"],
        type=topic.schema if topic is not None and topic.kind == RECORDS else None,
        status=receipt["status"],
        reasons=_reasons(receipt["reasons"]),
        warnings=_reasons(receipt["warnings"]),
        case_id=receipt["case_id"],
        taken_at=receipt["taken_at"],
    )


def _reasons(found: Iterable[ReasonDocument]) -> list[ReasonShown]:
    return [ReasonShown(one["code"], one["field"], one["message"], one["message_en"]) for one in found]
