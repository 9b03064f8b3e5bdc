"""What it takes to get records to the exchange and its answers back: a way. There are two, HTTP and Kafka.

Whatever is built on a way, `send_many` and the outbox, is the same over both.
"""

from typing import Protocol

from life_events_client.access import Access
from life_events_client.answers import Pending, Receipt
from life_events_client.batches import Batch
from life_events_client.bookmarks import Bookmarks, Filter, Start
from life_events_client.model import Publishable
from life_events_client.steps import Conversation


class Way(Protocol):
    """A way to the exchange. Its methods are conversations, and raise `ClientError`, any of `errors`."""

    access: Access

    def batch_id(self) -> Conversation[str]:
        """Return the id for a new batch."""

    def store(self, batch: Batch) -> Conversation[None]:
        """Hand a batch over, all of it. Done again, after a cut or a crash, it does no harm."""

    def receipts_behind(
        self, batch: Batch, after: int, wait_s: float
    ) -> Conversation[list[tuple[int, Receipt]]]:
        """Return the receipts that have come for the lines behind one, each with its line's number."""

    def publish(self, record: Publishable, wait_s: float | None) -> Conversation[Receipt | Pending]:
        """Store one record, and wait so long for its receipt."""

    def receipts_of(self, record_id: str) -> Conversation[tuple[Receipt, ...]]:
        """Return all receipts of an id, oldest first; none if there is none yet."""

    def follow(
        self, bookmarks: Bookmarks, chosen: Filter, *, name: str, start: Start, anew: bool
    ) -> Conversation[None]:
        """Emit announcements for ever. One counts as taken once the caller asks for the next."""

    def close(self) -> None:
        """Let go what it holds."""
