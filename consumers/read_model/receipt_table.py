"""Receipts in the read model, as they were published: the index by which they are found.

Shape: `receipts`: receipt_id → what they are found by, where the topic holds the receipt, and its framed
Avro bytes. A record that is answered again, after a redelivery, has the later receipt at its later place.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from avro_schemas.typed_documents import ReceiptDocument
from consumers.log.copies import Connection
from consumers.log.projection import Projection, keep_all, storable
from topics.catalogue import Catalogue

_LAYOUT = """
CREATE TABLE receipts (
    receipt_id text PRIMARY KEY,
    department text NOT NULL,
    record_id text,
    case_id text,
    status text NOT NULL,
    record_topic text NOT NULL,
    record_partition integer NOT NULL,
    record_offset bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    value bytea NOT NULL
);
CREATE INDEX ON receipts (department, record_id);
CREATE INDEX ON receipts (department, taken_at, receipt_id);
CREATE INDEX ON receipts (department, partition, "offset");
"""
_PUT = """
INSERT INTO receipts
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::bigint[],
    %s::timestamptz[], %s::integer[], %s::bigint[], %s::bytea[]
)
ON CONFLICT (receipt_id) DO UPDATE SET
    record_id = excluded.record_id, case_id = excluded.case_id, status = excluded.status,
    taken_at = excluded.taken_at, partition = excluded.partition, "offset" = excluded."offset",
    value = excluded.value
"""


class ReceiptRow(NamedTuple):
    """A receipt as it came, and what it is found by."""

    receipt_id: str
    department: str
    record_id: str | None
    case_id: str | None
    status: str
    record_topic: str
    record_partition: int
    record_offset: int
    taken_at: datetime
    partition: int
    offset: int
    value: bytes


def receipt_row(department: str, message: Any, document: ReceiptDocument) -> ReceiptRow:
    """Return the row of a department's receipt."""
    record_id = document["record_id"]
    return ReceiptRow(
        receipt_id=storable(document["receipt_id"]),
        department=department,
        record_id=None if record_id is None else storable(record_id),
        case_id=document["case_id"],
        status=document["status"],
        record_topic=storable(document["record_topic"]),
        record_partition=document["record_partition"],
        record_offset=document["record_offset"],
        taken_at=document["taken_at"],
        partition=message.partition(),
        offset=message.offset(),
        value=message.value(),
    )


def _put(connection: Connection, rows: Sequence[ReceiptRow]) -> None:
    connection.execute(_PUT, [list(column) for column in zip(*rows, strict=True)])


def receipt_tables(catalogue: Catalogue) -> tuple[Projection, ...]:
    """Return how the receipts of each topic become rows of one table; the first makes it."""
    topics = [topic for topic in catalogue.topics if topic.kind == "receipts"]
    return tuple(
        Projection(
            topic.name,
            "receipt",
            "receipt_id",
            "" if number else _LAYOUT,
            partial(receipt_row, topic.department or ""),
            _put,
            keep_all,
            heard=True,
        )
        for number, topic in enumerate(topics)
    )
