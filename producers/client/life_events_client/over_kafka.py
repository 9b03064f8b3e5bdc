"""The way over Kafka: records go to their topics, and receipts and announcements are read from theirs.

What the gateway alone knows is asked over HTTP: the catalogue, schemas, receipts of long ago.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import uuid4

from life_events_client.access import Access, Pauses
from life_events_client.answers import Pending, Receipt
from life_events_client.avro import Unfit, schema_id
from life_events_client.batches import Batch
from life_events_client.bookmarks import Bookmarks, Filter, Place, Start
from life_events_client.errors import ExchangeAway, RecordRefused
from life_events_client.kafka_link import KafkaLink, KafkaReader, Message, Offsets, Sending
from life_events_client.keys import key_of
from life_events_client.model import Publishable
from life_events_client.over_http import OverHttp
from life_events_client.receipt_tail import ReceiptTail
from life_events_client.steps import SLOWEST_S, Conversation, Cut, Do
from life_events_client.topics import Topics

_UUID: Final = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(slots=True)
class _Written:
    """The lines of a batch by their numbers: as they go to Kafka, or the receipt of what cannot."""

    messages: dict[int, Message] = field(default_factory=dict)
    refused: dict[int, Receipt] = field(default_factory=dict)


class OverKafka(OverHttp):
    """Over Kafka; `Way` says what each method does.

    A batch's id says where the receipts ended when it was made. Its own come behind, and there they are found
    after a crash, too.
    """

    def __init__(self, access: Access, link: KafkaLink) -> None:
        super().__init__(access)
        self._link, self._topics = link, Topics(access)
        self._tail = ReceiptTail(self._topics, link.reader)
        self._expected = self._tail.expected

    def batch_id(self) -> Conversation[str]:
        """Return the id for a new batch."""
        topic = yield from self._topics.own("receipts")
        ends = yield from self._ends(topic, self.access.patience_s)
        made: str = yield Do(lambda: f"{uuid4()} {_text(ends)}")
        return made

    def store(self, batch: Batch) -> Conversation[None]:
        """Hand a batch over, all of it. What is stored again is answered by its first receipt."""
        written = yield from self._written(batch, 0)
        if not self._expected.knows(batch):
            yield from self._expect(batch, 0, written)
        yield from self._deliver(written)

    def publish(self, record: Publishable, wait_s: float | None) -> Conversation[Receipt | Pending]:
        """Store one record, and wait so long for its receipt.

        Raises:
            RecordRefused: it is not taken, or cannot be written.
            ClientError: any other of `errors`.
        """
        batch_id = (yield from self.batch_id()) if wait_s else ""
        batch = Batch.of(batch_id, [record])
        written = yield from self._written(batch, 0)
        if written.refused:
            raise _refusal(written.refused[1])
        sending = yield from self._deliver(written)
        came = (yield from self.receipts_behind(batch, 0, wait_s)) if wait_s else ()
        self._expected.forget(batch)
        if not came:
            return Pending(record.record_id, sending.places[0])
        [(_, receipt)] = came
        if receipt.refused:
            raise _refusal(receipt)
        return receipt

    def receipts_behind(
        self, batch: Batch, after: int, wait_s: float
    ) -> Conversation[list[tuple[int, Receipt]]]:
        """Return the receipts that have come for the lines behind one, each with its line's number."""
        if not self._expected.knows(batch):
            yield from self._expect(batch, after, (yield from self._written(batch, after)))
        until, came = self.access.clock() + wait_s, list[tuple[int, Receipt]]()
        while not (came := self._expected.behind(batch, after)) and self.access.clock() < until:
            yield from self._tail.hear()
        if came and came[-1][0] == len(batch.lines):
            self._expected.forget(batch)
        return came

    def follow(
        self, bookmarks: Bookmarks, chosen: Filter, *, name: str, start: Start, anew: bool
    ) -> Conversation[None]:
        """Emit announcements for ever. Positions are those of the way over HTTP, too."""
        topic = yield from self._topics.own("matters")
        place: Place = yield from Place.of(bookmarks, chosen, name, anew)
        if place.vector is None:
            ends = yield from self._ends(topic, None)
            yield from place.pass_over(_text(ends if start == "now" else (0,) * len(ends)))
        reader = yield Do(partial(self._link.reader, topic, _offsets(place.vector)))
        try:
            while True:
                yield from self._follow_on(reader, place, chosen)
        finally:
            reader.close()

    def close(self) -> None:
        """Let the brokers go."""
        self._tail.close()
        self._link.close()

    def _follow_on(self, reader: KafkaReader, place: Place, chosen: Filter) -> Conversation[None]:
        """Hand over what comes next."""
        at = list(reader.place)
        heard = yield Do(reader.read)
        for one in heard:
            at[one.partition] = one.offset + 1
            schema = yield from self._topics.schema(schema_id(one.value))
            if chosen.takes(said := schema.decode(one.value)):
                yield from place.hand_over(said, _text(at))
        if place.vector != _text(at):
            yield from place.pass_over(_text(at))

    def _ends(self, topic: str, patience_s: float | None) -> Conversation[Offsets]:
        """Return where a topic ends, asking again while the brokers are away."""
        pauses = Pauses(self.access, patience_s)
        while isinstance(found := (yield Do(partial(self._link.ends, topic))), Cut):
            yield pauses.before_repeat(found)
        ends: Offsets = found
        return ends

    def _written(self, batch: Batch, after: int) -> Conversation[_Written]:
        """Write the lines behind one, whose content is known."""
        lines = dict(enumerate(map(json.loads, batch.lines[after:]), after + 1))
        for record_type in {line["type"] for line in lines.values()}:
            yield from self._topics.prepare(record_type)
        written: _Written = yield Do(partial(self._write, batch, lines))
        return written

    def _write(self, batch: Batch, lines: Mapping[int, Mapping[str, Any]]) -> _Written:
        written = _Written()
        for number, line in lines.items():
            try:
                written.messages[number] = self._message(line["type"], line["record"])
            except Unfit as unfit:
                record_id = batch.record_ids[number - 1]
                written.refused[number] = Receipt(record_id, "", line["type"], "REJECTED", (unfit.reason,))
        return written

    def _message(self, record_type: str, record: Mapping[str, Any]) -> Message:
        if not _UUID.fullmatch(str(record.get("record_id"))):
            raise Unfit("uuid_wrong", "record_id")  # no receipt would name it
        topic, value = self._topics.write(record_type, record)
        return Message(topic, key_of(record), value, self._topics.headers(record_type, record))

    def _expect(self, batch: Batch, after: int, written: _Written) -> Conversation[None]:
        """Wait for receipts from where the batch says; from the first on, where it began over HTTP."""
        topic = yield from self._topics.own("receipts")
        if batch.since:
            place = _offsets(batch.since)
        else:
            place = (0,) * len((yield from self._ends(topic, self.access.patience_s)))
        yield Do(partial(self._tail.expect, batch, after, written.refused, topic, place))

    def _deliver(self, written: _Written) -> Conversation[Sending]:
        sending: Sending = yield Do(partial(self._link.send, tuple(written.messages.values())))
        until = self.access.clock() + self.access.patience_s + SLOWEST_S
        while not sending.is_over:
            if self.access.clock() > until:  # its producer was given up
                raise ExchangeAway("The brokers have not said what became of the records.")
            yield Do(self._link.look)
        for problem in sending.problems.values():
            raise problem
        return sending


def _refusal(receipt: Receipt) -> RecordRefused:
    return RecordRefused(receipt.record_id, receipt.receipt_id, receipt.reasons)


def _text(place: Sequence[int]) -> str:
    """Return a place in a topic as the exchange writes it."""
    return ",".join(f"{number}:{offset}" for number, offset in enumerate(place))


def _offsets(text: str | None) -> Offsets:
    return tuple(int(one.partition(":")[2]) for one in (text or "").split(","))
