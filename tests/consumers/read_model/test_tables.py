"""What a batch of messages changes in the read model."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from io import BytesIO
from typing import Any

from fastavro import parse_schema, schemaless_writer

from avro_schemas.catalogue import schema
from consumers.log.copies import READ_MODEL
from consumers.log.projection import Changes, DecodeValue, changes_of
from consumers.read_model.search_keys import SearchKeys
from consumers.read_model.tables import ReadModelTables
from exchange.runtime.city import City
from exchange.runtime.registry.serde import Decoder, Encoder
from tests.case_documents import case_document, task_document
from topics.catalogue import CASES, TASKS

QUARANTINE = "quarantine.police"
SCHEMAS = {7: schema("case"), 8: schema("quarantine_entry"), 9: schema("task")}
ENCODE = {CASES: Encoder(schema("case"), 7).encode, TASKS: Encoder(schema("task"), 9).encode}
DECODERS: dict[str, DecodeValue] = {
    CASES: Decoder(schema("case"), SCHEMAS.get).decode,
    TASKS: Decoder(schema("task"), SCHEMAS.get).decode,
    QUARANTINE: Decoder(schema("quarantine_entry"), SCHEMAS.get).decode,
}
KEYS = SearchKeys(b"s" * 32)
PROJECTIONS = ReadModelTables(City(), KEYS).projections
ONE, TWO = "0" * 31 + "1", "0" * 31 + "2"


class Message:
    """A message as the Kafka client hands it over: everything is asked by a call."""

    def __init__(self, offset: int, value: bytes | None, key: str = ONE, topic: str = CASES) -> None:
        self.topic: Callable[[], str] = lambda: topic
        self.offset: Callable[[], int] = lambda: offset
        self.value: Callable[[], bytes | None] = lambda: value
        self.key = key.encode
        self.partition: Callable[[], int] = lambda: 3
        self.timestamp: Callable[[], tuple[int, int]] = lambda: (2, 1_767_580_200_123)


LAYOUT = "78e362f069dc8ee5"
"""Names the layout of the version below; a home of before is built anew only where the version is another."""
VERSION = 12


def test_another_layout_has_another_version() -> None:
    """Whoever changes the one sees here that the other must go up."""
    layout = ReadModelTables(City(), KEYS).writer.layout
    assert READ_MODEL.version in READ_MODEL.readable
    assert (READ_MODEL.version, blake2b(layout.encode(), digest_size=8).hexdigest()) == (VERSION, LAYOUT)


def case(offset: int, case_id: str = ONE, **more: Any) -> Message:
    return Message(offset, ENCODE[CASES](case_document(case_id, **more)), case_id)


def task(offset: int, task_id: str, **more: Any) -> Message:
    return Message(offset, ENCODE[TASKS](task_document(task_id, **more)), task_id, TASKS)


def changes(*messages: Message) -> dict[str, Changes]:
    return changes_of(messages, PROJECTIONS, DECODERS)


def test_the_last_state_of_a_case_in_a_batch_stands() -> None:
    """One row per person, however often the case changed meanwhile."""
    found = changes(case(5), case(6, TWO), case(7, death_established=False))
    assert found[CASES].rows.keys() == {ONE, TWO}
    assert not found[CASES].rows[ONE].death_established


def test_a_row_holds_the_bytes_as_they_came_and_the_logs_time() -> None:
    """So that a rebuild gives the same row."""
    message = case(5)
    row = changes(message)[CASES].rows[ONE]
    assert row.document == message.value()
    assert row.schema_id == 7
    assert row.updated_at == datetime(2026, 1, 5, 2, 30, 0, 123_000, tzinfo=UTC)
    assert [(m["matter"], m["state"]) for m in row.matters] == [(3, "READY"), (8, "WAITING"), (10, "READY")]


def test_a_deleted_case_is_removed_unless_it_came_again() -> None:
    """A tombstone ends what was before it and nothing after."""
    gone = changes(case(5), Message(6, None))[CASES]
    assert not gone.rows
    assert gone.removed == {ONE}
    assert changes(Message(6, None), case(7))[CASES].rows.keys() == {ONE}


def test_what_is_no_case_is_passed_over_and_the_rest_goes_on() -> None:
    """One broken message must not keep everybody's cases away."""
    found = changes(Message(5, b"rubbish"), case(6, TWO))
    assert found[CASES].rows.keys() == {TWO}


def test_a_case_of_an_older_schema_is_read() -> None:
    """The writer's schema is found by its id; the reader's is ours."""
    older = {**schema("case"), "fields": [f for f in schema("case")["fields"] if f["name"] != "forwards_to"]}
    buffer = BytesIO(b"\x00\x00\x00\x00\x08")
    buffer.seek(5)
    schemaless_writer(buffer, parse_schema(dict(older)), case_document())
    decoders = {CASES: Decoder(schema("case"), lambda _: older).decode}
    found = changes_of([Message(5, buffer.getvalue())], PROJECTIONS, decoders)
    assert found[CASES].rows[ONE].schema_id == 8


def test_cases_and_tasks_of_one_batch_keep_apart() -> None:
    """Two topics have the same partition numbers and their own offsets."""
    found = changes(case(5), task(40, "a"), task(41, "b"), task(42, "a", state="DONE"))
    assert found[CASES].rows.keys() == {ONE}
    assert {name: row["state"] for name, row in found[TASKS].rows.items()} == {
        "a": "DONE",
        "b": "OPEN",
    }


def test_a_text_that_postgresql_does_not_take_is_made_one_that_it_takes() -> None:
    """A bank's name is a department's text, and one such character would stop everybody's rows."""
    row = changes(task(1, "a", instance="甘肃\0银行", records=["r\0"]))[TASKS].rows["a"]
    assert (row["instance"], row["records"]) == ("甘肃\ufffd银行", ["r\ufffd"])
    assert row["due"] == task_document()["due"]


def test_of_an_entry_in_quarantine_the_department_and_the_reasons_are_kept_and_none_of_its_bytes() -> None:
    """The bytes are a person's record: they stay in the one topic that only its owner reads."""
    entry = {
        "entry_id": "records.driving_licence/3/17",
        "source": "log",
        "record_topic": "records.driving_licence",
        "reasons": [
            {"code": code, "field": None, "message": "", "message_en": ""}
            for code in ("rule_failed", "id_checksum_wrong", "rule_failed")
        ],
        "payload": b"620502194711020686",
        "payload_sha256": "0" * 64,
        "taken_at": datetime(2026, 1, 5, tzinfo=UTC),
    }
    value = Encoder(schema("quarantine_entry"), 8).encode(entry)
    found = changes(Message(5, value, entry["entry_id"], QUARANTINE))
    row = found[QUARANTINE].rows["records.driving_licence/3/17"]
    assert row["department"] == "police"
    assert row["record_topic"] == "records.driving_licence"
    assert row["codes"] == ["id_checksum_wrong", "rule_failed"]
    assert (row["topic"], row["partition"], row["offset"]) == (QUARANTINE, 3, 5)
    assert row["size_bytes"] == len(b"620502194711020686")
    assert "620502194711020686" not in str(row)
