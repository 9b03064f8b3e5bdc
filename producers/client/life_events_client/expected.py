"""Which receipt answers which record, of all that come to a department.

The first receipt of a record's id answers the line that was sent first. So what had to be sent again has the
verdict that it had first, and the repeat's is passed over.
"""

from collections import deque
from collections.abc import Mapping
from threading import Lock

from life_events_client.answers import Receipt
from life_events_client.batches import Batch


class Expected:
    """The lines that wait for a receipt. Any thread may use it."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[tuple[str, int]]] = {}
        self._come: dict[str, dict[int, Receipt]] = {}
        self._lock = Lock()

    def knows(self, batch: Batch) -> bool:
        """Return whether receipts of a batch are expected."""
        return batch.id in self._come

    def expect(self, batch: Batch, after: int, refused: Mapping[int, Receipt]) -> None:
        """Wait for the receipts of the lines behind one, except for those that are refused here."""
        with self._lock:
            self._come[batch.id] = dict(refused)
            for line, record_id in enumerate(batch.record_ids, 1):
                if line > after and line not in refused:
                    self._waiting.setdefault(record_id.lower(), deque()).append((batch.id, line))

    def take(self, receipt: Receipt) -> None:
        """Take a receipt, which may be of another program's record."""
        record_id = receipt.record_id.lower()
        with self._lock:
            if waiting := self._waiting.get(record_id):
                batch_id, line = waiting.popleft()
                self._come[batch_id][line] = receipt
                if not waiting:
                    del self._waiting[record_id]

    def behind(self, batch: Batch, after: int) -> list[tuple[int, Receipt]]:
        """Return the receipts of the lines behind one, up to the first that has none yet."""
        come, found = self._come[batch.id], list[tuple[int, Receipt]]()
        while receipt := come.get(after + 1):
            after += 1
            found.append((after, receipt))
        return found

    def forget(self, batch: Batch) -> None:
        """Wait for no receipts of a batch any more."""
        with self._lock:
            self._come.pop(batch.id, None)
            for record_id in {one.lower() for one in batch.record_ids} & self._waiting.keys():
                left = deque(one for one in self._waiting.pop(record_id) if one[0] != batch.id)
                if left:
                    self._waiting[record_id] = left
