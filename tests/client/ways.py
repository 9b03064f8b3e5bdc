"""Both ways to the exchange of the tests: Kafka, too, is in memory, beside the gateway, with its faults."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, Literal

import pytest
from fastavro import parse_schema, schemaless_reader, schemaless_writer

from avro_schemas.catalogue import schema
from life_events_client.errors import ExchangeAway
from life_events_client.kafka_link import Heard, Message, Offsets, Sending
from life_events_client.over_http import OverHttp
from life_events_client.over_kafka import OverKafka
from life_events_client.way import Way
from tests.client.gateway import SCHEMAS, Gateway
from tests.client.memory import Clock, access_to

Kind = Literal["http", "kafka"]
over_both_ways: Final = pytest.mark.parametrize("kind", ["http", "kafka"])
PARTITIONS: Final = 3
AT_ONCE: Final = 2
FRAME: Final = 5


def way_to(kind: Kind, gateway: Gateway, clock: Clock, patience_s: float = 1e9) -> Way:
    """A way to a gateway, or to Kafka beside it."""
    access = access_to(clock, patience_s)
    link: Any = MemoryLink(gateway, clock, patience_s)
    return OverHttp(access) if kind == "http" else OverKafka(access, link)


class MemoryLink:
    """Brokers that keep what the gateway keeps, and fail as it does, for as long as the library would try."""

    def __init__(self, gateway: Gateway, clock: Clock, patience_s: float) -> None:
        self._gateway, self._clock, self._patience_s = gateway, clock, patience_s

    def ends(self, topic: str) -> Offsets:
        """Where a topic ends."""
        count = len(self._log(topic))
        return tuple(len(range(number, count, PARTITIONS)) for number in range(PARTITIONS))

    def send(self, messages: Sequence[Message]) -> Sending:
        """Store messages; after a fault all are sent again, as the library does."""
        sending, until = Sending(len(messages)), self._clock() + self._patience_s
        while (fault := next(self._gateway.faults, "")) or True:
            stored = {"": len(messages), "lost": len(messages), "part": len(messages) // 2}.get(fault, 0)
            places = [self._store(one) for one in messages[:stored]]
            if not fault:
                sending.places.update(enumerate(places))
                return sending
            self._clock.now += 2
            if self._clock() > until:
                sending.problems.update(dict.fromkeys(range(len(messages)), ExchangeAway("gone")))
                return sending
        raise AssertionError

    def look(self) -> None:
        """Everything is told at once; where it is not, time passes."""
        self._clock.now += 1

    def reader(self, topic: str, place: Offsets) -> "MemoryReader":
        """Read from a place on."""
        return MemoryReader(lambda: self._log(topic), self._clock, place)

    def close(self) -> None:
        """Nothing is open."""

    def _store(self, message: Message) -> str:
        name = message.topic.removeprefix("records.").partition(".")[0]
        record = read(name, message.value)
        assert message.key in {record["id_number"], f"provisional:{record['record_id']}"}
        self._gateway.told.append({"receipt_id": "another program's", "record_id": None, "status": "HELD"})
        return str(self._gateway.store(name, record)["receipt_id"])

    def _log(self, topic: str) -> list[bytes]:
        """All messages of a topic, as they are spread over its partitions by turns."""
        if topic == "matters.police":
            told = [{"at": 0, "department": "police", **one} for one in self._gateway.announcements]
            return [written("announcement", one) for one in told]
        assert topic == "receipts.police"
        told = [] if self._gateway.late else self._gateway.told
        return [written("receipt", _receipt(one)) for one in told]


class MemoryReader:
    """A place in a topic in memory."""

    def __init__(self, log: Callable[[], list[bytes]], clock: Clock, place: Offsets) -> None:
        self._log, self._clock, self.place = log, clock, place

    def read(self) -> list[Heard]:
        """The next two messages."""
        heard = list(islice(self._unread(), AT_ONCE))
        place = list(self.place)
        for one in heard:
            place[one.partition] = one.offset + 1
        self.place = tuple(place)
        self._clock.now += 0 if heard else 1
        return heard

    def _unread(self) -> Iterator[Heard]:
        for number, value in enumerate(self._log()):
            offset, partition = divmod(number, PARTITIONS)
            if offset >= self.place[partition]:
                yield Heard(partition, offset, value)

    def go_back(self, place: Offsets) -> None:
        """Read again."""
        self.place = tuple(map(min, place, self.place))

    def close(self) -> None:
        """Nothing is open."""


def _receipt(said: Mapping[str, Any]) -> dict[str, Any]:
    where = {"record_partition": 0, "record_offset": 0, "taken_at": 0}
    return {**where, **said, "record_topic": f"records.{said.get('type', 'result.police')}"}


def written(name: str, value: Mapping[str, Any]) -> bytes:
    """A value as it is on its topic."""
    buffer = io.BytesIO()
    buffer.write(b"\0" + SCHEMAS.index(name).to_bytes(4))
    schemaless_writer(buffer, parse_schema(schema(name)), value)
    return buffer.getvalue()


def read(name: str, message: bytes) -> dict[str, Any]:
    """What a message of a topic says."""
    assert message[:FRAME] == b"\0" + SCHEMAS.index(name).to_bytes(4)
    found: Any = schemaless_reader(io.BytesIO(message[FRAME:]), parse_schema(schema(name)), None)
    return dict(found)
