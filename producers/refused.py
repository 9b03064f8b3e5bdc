"""What the exchange keeps of an input turned away at admission, as messages to produce.

Shape: a submission, and why it was turned away → an entry for `quarantine.<department>` with the bytes as
they came and, if the department publishes, a receipt for `receipts.<department>`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from exchange.folding.cloud_events import Headers, cloud_event
from exchange.folding.outputs import reason_documents
from producers.admission import TurnedAway
from producers.receipts import REJECTED
from producers.submissions import KEPT_BYTES, Submission
from topics.catalogue import quarantine_topic, receipts_topic
from verification.times import instant_text

SOURCE: Final = "/exchange/gateway"
NOT_IN_THE_LOG: Final = -1
"""Partition and offset of a record that reached no topic."""


@dataclass(frozen=True, slots=True)
class RefusalMessage:
    """One event to produce, its value not encoded yet."""

    topic: str
    key: bytes
    value: dict[str, Any] = field(repr=False)
    headers: Headers


def refusal_messages(
    submission: Submission, turned_away: TurnedAway, run: UUID, taken_at: datetime, bureau: str
) -> Iterator[RefusalMessage]:
    """The quarantine entry, then the receipt. Their common id tells runs, and lines of one run, apart.

    The bureau publishes nothing, and so has no receipts.
    """
    digest = submission.digest
    event_id = f"gateway/{uuid5(run, f'{submission.number}/{digest}')}"
    shared = {
        "record_topic": turned_away.topic,
        "record_id": turned_away.record_id,
        "reasons": reason_documents(turned_away.reasons),
        "taken_at": taken_at,
    }
    entry = shared | {
        "entry_id": event_id,
        "source": "gateway",
        "payload": submission.payload[:KEPT_BYTES],
        "payload_sha256": digest,
        "truncated": submission.truncated,
    }
    yield _message("quarantine_entry", quarantine_topic(turned_away.department), event_id, entry)
    if turned_away.department != bureau:
        receipt = shared | {
            "receipt_id": event_id,
            "record_topic": turned_away.topic or "",
            "record_partition": NOT_IN_THE_LOG,
            "record_offset": NOT_IN_THE_LOG,
            "status": REJECTED,
        }
        yield _message("receipt", receipts_topic(turned_away.department), event_id, receipt)


def _message(event: str, topic: str, event_id: str, value: dict[str, Any]) -> RefusalMessage:
    time = instant_text(value["taken_at"])
    return RefusalMessage(
        topic, event_id.encode(), value, cloud_event(f"exchange.events.{event}", event_id, SOURCE, time)
    )
