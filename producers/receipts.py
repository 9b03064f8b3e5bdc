"""Receipts: what a publisher is told of each of its inputs, by the join or at admission."""

from dataclasses import dataclass
from typing import Final

from avro_schemas.typed_documents import ReasonDocument, ReceiptDocument
from verification.reasons import Reason

REJECTED: Final = "REJECTED"
DUPLICATE: Final = "DUPLICATE"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one input; holds no personal data.

    Attributes:
        number: the input's line or position.
        status: ACCEPTED, DUPLICATE, REJECTED or HELD.
        case_id: null if the record was rejected.
    """

    number: int
    record_id: str | None
    status: str
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    case_id: str | None

    def as_json(self) -> dict[str, object]:
        """As a publisher's program reads it; `warnings` is there only if there are any."""
        row: dict[str, object] = {
            "record_id": self.record_id,
            "status": self.status,
            "reasons": [_as_json(reason) for reason in self.reasons],
            "case_id": self.case_id,
        }
        return row | ({"warnings": [_as_json(reason) for reason in self.warnings]} if self.warnings else {})


def receipt_of(event: ReceiptDocument, number: int) -> Receipt:
    """The receipt that the join wrote."""
    return Receipt(
        number=number,
        record_id=event["record_id"],
        status=event["status"],
        reasons=_reasons(event["reasons"]),
        warnings=_reasons(event["warnings"]),
        case_id=event["case_id"],
    )


def _reasons(found: list[ReasonDocument]) -> tuple[Reason, ...]:
    return tuple(Reason(r["code"], r["field"] or "", r["message"], r["message_en"]) for r in found)


def _as_json(reason: Reason) -> dict[str, object]:
    return {
        "code": reason.code,
        "field": reason.field or None,
        "message": reason.message_zh,
        "message_en": reason.message_en,
    }
