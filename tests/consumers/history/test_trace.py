"""One id leads from a record to all that it brought about, and shows nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from consumers.history.trace import Trace, Tracer
from consumers.log.source import NOTHING_KNOWN, Keep, KnownSpots, log_order
from exchange.command.trace import trace_row
from exchange.folding.cloud_events import Headers
from exchange.folding.memory_states import MemoryStates
from tests.cases import given, record_id
from tests.made_log import CATALOGUE, SCHEMAS, TAKEN_AT_MS, Log, Message, new_step
from tests.people import LI_XIULAN

NAME = "李秀兰"


@dataclass
class Published(Message):
    """What the join published, with its headers."""

    head: Headers = field(default_factory=list)

    def headers(self) -> Headers:  # noqa: D102
        return self.head


class Known:
    """A registry that knows every schema."""

    def schema_by_id(self, number: int) -> Any:
        """The schema."""
        return SCHEMAS.get(number)


class Taken:
    """A log with what the join made of some records, some of it twice, as after a crash."""

    def __init__(self) -> None:
        self.log = Log()
        self.records = [
            self.log.message(given("death_certificate")),
            self.log.message(given("social_insurance")),
            self.log.append("records.cremation", 5, b"x", b"no framing", TAKEN_AT_MS),
        ]
        self.messages: list[Published] = []
        step, states = new_step(), MemoryStates()
        for number, record in enumerate(self.records):
            batch = step.run([record], states)
            states.apply(batch)
            for _ in range(2):
                self._publish(batch.outputs, TAKEN_AT_MS + 10 * (number + 1))

    def _publish(self, outputs: Iterable[Any], at_ms: int) -> None:
        for one in outputs:
            placed = self.log.append(one.topic, one.partition, one.key, one.value, at_ms)
            self.messages.append(Published(**vars(placed), head=one.headers))

    def read(
        self, keeps: Mapping[str, Keep], partitions: Iterable[int], known: KnownSpots = NOTHING_KNOWN
    ) -> list[Any]:
        """As `CaseLog` reads."""
        del known  # all of the log is at hand
        wanted = set(partitions)
        found = [one for one in self.messages if one.topic() in keeps and one.partition() in wanted]
        return sorted((one for one in found if keeps[one.topic()](one)), key=log_order)

    def find(self, asked: str) -> list[Trace]:
        """The traces of an id."""
        return Tracer(self, Known(), CATALOGUE).find(asked)  # type: ignore[arg-type]

    def place(self, number: int) -> str:
        """A record's receipt id."""
        record = self.records[number]
        return f"{record.topic()}/{record.partition()}/{record.offset()}"


@pytest.fixture(scope="module")
def taken() -> Taken:
    """The log."""
    return Taken()


def test_a_receipt_id_leads_to_all_that_the_record_brought_about_each_once(taken: Taken) -> None:
    """What a crash repeats has the same id, and is one event."""
    (trace,) = taken.find(taken.place(0))
    kinds = [event.kind for event in trace.events]
    assert {"receipts", "matters", "cases"} <= set(kinds)
    assert kinds.count("receipts") == 1
    assert trace.taken_at is not None
    assert {(event.at - trace.taken_at).total_seconds() for event in trace.events} == {0.01}
    ids = [event.what["id"] for event in trace.events if event.kind == "matters"]
    assert len(ids) == len(set(ids)) > 0


def test_a_record_id_and_an_announcement_id_lead_to_the_same(taken: Taken) -> None:
    """Whoever holds any of the three ids finds the way."""
    (trace,) = taken.find(taken.place(0))
    assert taken.find(record_id("death_certificate")) == [trace]
    told = next(event.what["id"] for event in trace.events if event.kind == "matters")
    assert taken.find(str(told)) == [trace]


def test_of_a_record_that_could_not_be_read_the_entry_in_quarantine_is_shown(taken: Taken) -> None:
    """It has no receipt, and is not lost."""
    (trace,) = taken.find(taken.place(2))
    assert [(event.kind, event.what) for event in trace.events] == [
        ("quarantine", {"entry_id": taken.place(2), "reasons": ["not_framed"]})
    ]


@pytest.mark.parametrize(
    "asked",
    ["records.cremation/5/99", "records.cremation/9999/0", "0f8fad5b-d9cb-469f-a165-70867728950e", "", "x"],
)
def test_of_an_id_that_nothing_has_nothing_is_found(taken: Taken, asked: str) -> None:
    """And nothing is made up."""
    assert taken.find(asked) == []


def test_a_trace_shows_no_name_and_no_number(taken: Taken) -> None:
    """It is no look at a person, so it leaves no access record."""
    for number in range(3):
        text = orjson.dumps([trace_row(one) for one in taken.find(taken.place(number))]).decode()
        assert NAME not in text
        assert LI_XIULAN not in text
