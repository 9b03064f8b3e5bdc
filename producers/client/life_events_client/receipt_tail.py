"""Reads a department's topic of receipts, for those that are expected. Any thread may use it."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any

from life_events_client.answers import Receipt
from life_events_client.avro import schema_id
from life_events_client.batches import Batch
from life_events_client.expected import Expected
from life_events_client.kafka_link import Heard, KafkaReader, Offsets
from life_events_client.steps import Conversation, Do
from life_events_client.topics import Topics


class ReceiptTail:
    """The place up to which receipts are read.

    Args:
        topics: Tells how receipts are written.
        open_at: Reads a topic from a place on.
    """

    def __init__(self, topics: Topics, open_at: Callable[[str, Offsets], KafkaReader]) -> None:
        self._topics, self._open_at = topics, open_at
        self.expected = Expected()
        self._reader: KafkaReader | None = None
        self._lock = Lock()

    def expect(
        self, batch: Batch, after: int, refused: Mapping[int, Receipt], topic: str, place: Offsets
    ) -> None:
        """Wait for the receipts of a batch's lines behind one, which come behind a place in a topic."""
        with self._lock:
            if self._reader:
                self._reader.go_back(place)  # what was read before is read again
            else:
                self._reader = self._open_at(topic, place)
            self.expected.expect(batch, after, refused)

    def hear(self) -> Conversation[None]:
        """Take the receipts that come next."""
        unknown = yield Do(self._take)
        if unknown is not None:
            yield from self._topics.schema(unknown)

    def close(self) -> None:
        """Read no more."""
        with self._lock:
            if self._reader:
                self._reader.close()

    def _take(self) -> int | None:
        """Take receipts, up to one whose schema is not known: that one's id is returned."""
        with self._lock:
            if not self._reader:
                return None
            heard = self._reader.read()
            for number, one in enumerate(heard):
                said = self._topics.read(one.value)
                if said is None:
                    _leave(self._reader, heard[number:])
                    return schema_id(one.value)
                self.expected.take(_receipt(said))
        return None


def _leave(reader: KafkaReader, unread: Sequence[Heard]) -> None:
    """Go back to the first of these messages."""
    first = {one.partition: one.offset for one in reversed(unread)}
    reader.go_back(tuple(first.get(number, offset) for number, offset in enumerate(reader.place)))


def _receipt(said: Mapping[str, Any]) -> Receipt:
    record_type = said["record_topic"].removeprefix("records.").partition(".")[0]
    return Receipt.of({**said, "type": record_type})
