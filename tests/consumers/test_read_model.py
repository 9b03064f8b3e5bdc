"""What a batch of messages changes in the read model."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from fastavro import parse_schema, schemaless_writer

from avro_schemas.catalogue import schema
from consumers.read_model import batch_of
from exchange.runtime.serde import Decoder, Encoder
from tests.case_documents import case_document

ENCODE = Encoder(schema("case"), 7).encode
DECODE = Decoder(schema("case"), lambda schema_id: schema("case") if schema_id == 7 else None).decode
ONE, TWO = "0" * 31 + "1", "0" * 31 + "2"


class Message:
    """A message as the Kafka client hands it over: everything is asked by a call."""

    def __init__(self, offset: int, value: bytes | None, key: str = ONE) -> None:
        self.offset: Callable[[], int] = lambda: offset
        self.value: Callable[[], bytes | None] = lambda: value
        self.key = key.encode
        self.partition: Callable[[], int] = lambda: 3
        self.timestamp: Callable[[], tuple[int, int]] = lambda: (2, 1_767_580_200_123)


def case(offset: int, case_id: str = ONE, **more: Any) -> Message:
    return Message(offset, ENCODE(case_document(case_id, **more)), case_id)


def test_the_last_state_of_a_case_in_a_batch_stands() -> None:
    """One row per person, however often the case changed meanwhile."""
    batch = batch_of([case(5), case(6, TWO), case(7, death_established=False)], DECODE)
    assert batch.cases.keys() == {ONE, TWO}
    assert not batch.cases[ONE].death_established
    assert batch.positions == {3: 8}


def test_a_row_holds_the_bytes_as_they_came_and_the_logs_time() -> None:
    """So that a rebuild gives the same row."""
    message = case(5)
    row = batch_of([message], DECODE).cases[ONE]
    assert row.document == message.value()
    assert row.schema_id == 7
    assert row.updated_at == datetime(2026, 1, 5, 2, 30, 0, 123_000, tzinfo=UTC)
    assert [(m["matter"], m["state"]) for m in row.matters] == [(3, "READY"), (8, "WAITING"), (10, "READY")]


def test_a_deleted_case_is_removed_unless_it_came_again() -> None:
    """A tombstone ends what was before it and nothing after."""
    gone = batch_of([case(5), Message(6, None)], DECODE)
    assert not gone.cases
    assert gone.removed == {ONE}
    assert batch_of([Message(6, None), case(7)], DECODE).cases.keys() == {ONE}


def test_what_is_no_case_is_passed_over_and_the_rest_goes_on() -> None:
    """One broken message must not keep everybody's cases away."""
    batch = batch_of([Message(5, b"rubbish"), case(6, TWO)], DECODE)
    assert batch.cases.keys() == {TWO}
    assert batch.positions == {3: 7}


def test_a_case_of_an_older_schema_is_read() -> None:
    """The writer's schema is found by its id; the reader's is ours."""
    older = {**schema("case"), "fields": [f for f in schema("case")["fields"] if f["name"] != "forwards_to"]}
    buffer = BytesIO(b"\x00\x00\x00\x00\x08")
    buffer.seek(5)
    schemaless_writer(buffer, parse_schema(dict(older)), case_document())
    decode = Decoder(schema("case"), lambda _: older).decode
    assert batch_of([Message(5, buffer.getvalue())], decode).cases[ONE].schema_id == 8
