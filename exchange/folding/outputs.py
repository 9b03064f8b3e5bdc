"""What the join publishes: receipts, announcements, cases and quarantine entries, as messages to produce.

Shape: every output goes to the partition number of the record that caused it, so that all of one person
stays in order; its key is the case id, or for what belongs to no case the receipt's id.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from avro_schemas.catalogue import CasePart
from avro_schemas.typed_documents import (
    AnnouncementDocument,
    CaseDocument,
    MoveKindSymbol,
    PersonMoveDocument,
    QuarantineEntryDocument,
    ReasonDocument,
    ReceiptDocument,
    TaskDocument,
)
from exchange.domain.values import Address, Claim, Loan, Position, ReceiptStatus
from exchange.folding.cloud_events import Headers, cloud_event
from exchange.folding.sizes import QUARANTINED_BYTES
from exchange.folding.states import encode_claim, encode_loan
from exchange.folding.written import Encode
from topics.catalogue import CASES, MOVES, TASKS, matters_topic, quarantine_topic, receipts_topic
from verification.reasons import Reason
from verification.times import instant_text

SOURCE: Final = "/exchange/joiner"


@dataclass(frozen=True, slots=True)
class Output:
    """One message to produce.

    ``document`` is what its value says, for those who ask in the same process. For a case, which is large and
    compared by its bytes, it is empty.
    """

    topic: str
    partition: int
    key: bytes
    value: bytes
    headers: Headers
    document: Any


def receipt_document(
    position: Position,
    taken_at: datetime,
    status: ReceiptStatus,
    *,
    record_id: str | None,
    case_id: str | None = None,
    reasons: tuple[Reason, ...] = (),
    warnings: tuple[Reason, ...] = (),
) -> ReceiptDocument:
    """Return a receipt as ``exchange.events.Receipt``; its id is the record's place in the log."""
    return {
        "receipt_id": str(position),
        "record_topic": position.topic,
        "record_partition": position.partition,
        "record_offset": position.offset,
        "record_id": record_id,
        "case_id": case_id,
        "status": status,
        "reasons": reason_documents(reasons),
        "warnings": reason_documents(warnings),
        "taken_at": taken_at,
    }


def quarantine_document(
    position: Position,
    taken_at: datetime,
    payload: bytes,
    record_id: str | None,
    reasons: tuple[Reason, ...],
) -> QuarantineEntryDocument:
    """Return ``exchange.events.QuarantineEntry`` with the record's bytes as they came, up to a limit."""
    return {
        "entry_id": str(position),
        "source": "log",
        "record_topic": position.topic,
        "partition": position.partition,
        "offset": position.offset,
        "record_id": record_id,
        "reasons": reason_documents(reasons),
        "payload": payload[:QUARANTINED_BYTES],
        "payload_sha256": sha256(payload).hexdigest(),
        "truncated": len(payload) > QUARANTINED_BYTES,
        "taken_at": taken_at,
    }


def reason_documents(reasons: tuple[Reason, ...]) -> list[ReasonDocument]:
    """Return reasons as receipts and quarantine entries hold them."""
    return [
        {
            "code": reason.code,
            "field": reason.field or None,
            "message": reason.message_zh,
            "message_en": reason.message_en,
        }
        for reason in reasons
    ]


@dataclass(frozen=True)
class Outputs:
    """Turns documents into messages.

    Attributes:
        encoders: Topic → its encoder (schema and registered id).
        part_encoders: What writes a part of a case, unframed, by the name of its schema.
        cause: The receipt id of the message that brings them about, which each of them names.
    """

    encoders: Mapping[str, Encode]
    part_encoders: Mapping[CasePart, Encode]
    cause: str = ""

    def caused_by(self, position: Position) -> "Outputs":
        """Return the same for messages that the log's message at this position brings about."""
        return replace(self, cause=str(position))

    def receipt(self, document: ReceiptDocument, owner: str, partition: int) -> Output:
        """Return the message that tells a department what became of its record."""
        key = document["case_id"] or document["receipt_id"]
        headers = self._headers("receipt", document["receipt_id"], document["taken_at"])
        return self._output(receipts_topic(owner), partition, key, document, headers)

    def quarantine(self, document: QuarantineEntryDocument, owner: str, partition: int) -> Output:
        """Return the message that keeps a refused record's bytes."""
        headers = self._headers("quarantine_entry", document["entry_id"], document["taken_at"])
        return self._output(quarantine_topic(owner), partition, document["entry_id"], document, headers)

    def announcement(self, document: AnnouncementDocument, partition: int) -> Output:
        """Return the message that tells a department of one matter."""
        headers = self._headers("announcement", document["id"], document["at"])
        topic = matters_topic(document["department"])
        return self._output(topic, partition, document["case_id"], document, headers)

    def case(self, document: CaseDocument, partition: int, taken_at: datetime) -> Output:
        """Return the message that replaces the case; its event id follows from its content.

        Args:
            document: The case; parts of it may be written already.
            partition: Where it lives.
            taken_at: The log's time of what changed it.
        """
        value = self.encoders[CASES](document)
        headers = self._headers("case", sha256(value).hexdigest()[:32], taken_at)
        return Output(CASES, partition, document["case_id"].encode(), value, headers, {})

    def task(self, document: TaskDocument, partition: int) -> Output:
        """Return the message that says what somebody owes; it replaces the task's previous message."""
        headers = self._headers("task", f"{document['task_id']}/{document['state']}", document["at"])
        return self._output(TASKS, partition, document["task_id"], document, headers)

    def claim(self, claim: Claim, case_id: str, partition: int, at: datetime) -> Output:
        """Return the message that asks a partition for a record, wherever it was filed."""
        return self._move("CLAIM", case_id, None, encode_claim(claim), partition, at)

    def loan(self, loan: Loan, to: Address, at: datetime) -> Output:
        """Return the message that hands records over to the case where they belong."""
        return self._move("LEND", loan.lender, to.case_id, encode_loan(loan), to.partition, at)

    def _move(
        self,
        kind: MoveKindSymbol,
        case_id: str,
        to_case_id: str | None,
        body: bytes,
        partition: int,
        at: datetime,
    ) -> Output:
        document: PersonMoveDocument = {
            "kind": kind,
            "from_case_id": case_id,
            "to_case_id": to_case_id,
            "body": body,
        }
        headers = self._headers("person_move", sha256(body).hexdigest()[:32], at)
        return self._output(MOVES, partition, to_case_id or case_id, document, headers)

    def _output(
        self, topic: str, partition: int, key: str, document: Mapping[str, Any], headers: Headers
    ) -> Output:
        return Output(topic, partition, key.encode(), self.encoders[topic](document), headers, document)

    def _headers(self, name: str, event_id: str, moment: datetime) -> Headers:
        return cloud_event(f"exchange.events.{name}", event_id, SOURCE, instant_text(moment), self.cause)
