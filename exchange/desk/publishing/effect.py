"""What came of a record, once everybody who looks sees it."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from avro_schemas.typed_documents import ReceiptDocument
from consumers.log.copies import Connection
from consumers.log.copy_session import Session, session_on
from consumers.read_model.case_reader import FIND_CASE
from consumers.read_model.under_way import SentRecord
from consumers.receipts.index import receipts_of, receipts_of_record
from exchange.desk.actions.drawn import DrawnForm
from exchange.desk.desk import Desk
from producers.receipts import REJECTED

SEEN_WITHIN_S: Final = 10.0
_LOOK_S: Final = 0.01
T = TypeVar("T")


def receipt_if_seen(desk: Desk, connection: Connection, sent: SentRecord) -> ReceiptDocument | None:
    """Return the receipt of a record once its case shows it; None while that is still being processed.

    What was rejected has no case to show it. The case is the one with which the record was filed, even if it
    forwards to another.
    """
    with connection.transaction(), session_on(connection):
        receipt = _receipt(desk, connection, sent)
        if receipt is None or receipt["status"] == REJECTED or _shows(desk, connection, receipt):
            return receipt
    return None


def is_taken(desk: Desk, session: Session, form: DrawnForm) -> bool:
    """Say whether a department's record of a form is there already: also in a case that forwards by now.

    Raises:
        ExchangeError: the read model is not yet built.
    """
    session.require_complete()
    department, decode = form.subject.department or "", desk.codec.decode_receipt
    found = receipts_of_record(session.connection, department, form.record_id, decode)
    return any(receipt["status"] != REJECTED for receipt in found)


def awaited(look: Callable[[], T], within_s: float) -> T:
    """Return what a look finds as soon as it finds anything, or what the last one does within the limit."""
    limit = time.monotonic() + within_s
    while not (found := look()) and time.monotonic() < limit:
        time.sleep(_LOOK_S)
    return found


def _receipt(desk: Desk, connection: Connection, sent: SentRecord) -> ReceiptDocument | None:
    """Return the receipt at the record's place in the log; without a place, the last of that record."""
    decode = desk.codec.decode_receipt
    if sent.receipt_id is not None:
        return receipts_of(connection, sent.department, [sent.receipt_id], decode).get(sent.receipt_id)
    found = receipts_of_record(connection, sent.department, sent.record_id, decode)
    return found[-1] if found else None


def _shows(desk: Desk, connection: Connection, receipt: ReceiptDocument) -> bool:
    row = connection.execute(FIND_CASE, (receipt["case_id"],)).fetchone()
    records = desk.decode_case.decode(row[0])["records"] if row else ()
    return any(entry["record_id"] == receipt["record_id"] for entry in records)
