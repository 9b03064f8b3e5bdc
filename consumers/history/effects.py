"""What one message of the log does to a case, as a frozen value."""

from dataclasses import dataclass
from datetime import datetime

from avro_schemas.typed_documents import CaseDocument, ReceiptDocument
from exchange.folding.messages import LogRecord


@dataclass(frozen=True, slots=True)
class Effect:
    """What one message of the log came to.

    Attributes:
        message: As the log has it.
        at: When the log took it.
        before: The case as it was, ``exchange.events.Case``; None while nothing was known.
        after: The case as it is with the message.
        receipt: The answer to the department, ``exchange.events.Receipt``; None if the message is no record.
        announced: The ids of the announcements that follow.
    """

    message: LogRecord
    at: datetime
    before: CaseDocument | None
    after: CaseDocument | None
    receipt: ReceiptDocument | None = None
    announced: frozenset[str] = frozenset()
