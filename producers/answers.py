"""Which input a receipt answers, matched by the place that the log gave its record."""

from dataclasses import dataclass
from typing import Any, Final

from avro_schemas.typed_documents import ReceiptDocument
from producers.receipts import Receipt, receipt_of

_MOST_EARLY: Final = 50_000
_UNPLACED: Final = "place unknown"


@dataclass(slots=True)
class Pending:
    """One input under way; `receipt` is set once it may be told."""

    number: int
    receipt: Receipt | None = None
    refusal: Receipt | None = None
    deliveries_due: int = 1


class Answers:
    """Matches delivery reports with receipts, whichever of the two comes first.

    Other publishers of the department are answered on the same topic: a receipt that matches nothing is kept
    only while some record of ours has no place yet.
    """

    def __init__(self) -> None:
        self._undelivered = 0
        self._expected: dict[str, Pending] = {}
        self._early: dict[str, ReceiptDocument] = {}
        self.count = 0
        self.failure: str | None = None

    @property
    def awaits_join(self) -> bool:
        """Whether any record is in the log but not answered."""
        return bool(self._expected)

    @property
    def crowded(self) -> bool:
        """Whether so many receipts are kept that what is under way should be delivered first."""
        return len(self._early) > _MOST_EARLY

    def expect(self, number: int, refusal: Receipt | None = None, deliveries: int = 1) -> Pending:
        """Note an input whose messages are being sent; a refusal is told as soon as they are delivered."""
        self._undelivered += deliveries
        return Pending(number, refusal=refusal, deliveries_due=deliveries)

    def delivered(self, pending: Pending, error: Any, message: Any) -> None:
        """Take a delivery report, as the client calls back with it."""
        self.count += 1
        self._undelivered -= 1
        pending.deliveries_due -= 1
        if error is not None:
            self.failure = error.name()
        elif pending.refusal is not None:
            pending.receipt = pending.refusal if pending.deliveries_due == 0 else None
        elif message.offset() is None:  # a broker died before it told: its receipt is any of many
            self.failure = _UNPLACED
        else:
            self._place(pending, f"{message.topic()}/{message.partition()}/{message.offset()}")
        if self._undelivered == 0:
            self._early.clear()

    def received(self, event: ReceiptDocument) -> None:
        """Take a receipt of the department, for us or for another publisher."""
        pending = self._expected.pop(event["receipt_id"], None)
        if pending:
            self.count += 1
            pending.receipt = receipt_of(event, pending.number)
        elif self._undelivered:
            self._early[event["receipt_id"]] = event

    def _place(self, pending: Pending, receipt_id: str) -> None:
        early = self._early.pop(receipt_id, None)
        if early is None:
            self._expected[receipt_id] = pending
        else:
            pending.receipt = receipt_of(early, pending.number)
