"""What is in quarantine, in the read model: which department's record, and why; never its bytes.

Shape: topics `quarantine.<department>` → `quarantine`: entry_id → department, topic, reasons, time.
"""

from collections.abc import Sequence
from typing import Any, Final

from consumers.projection import Connection, Projection, storable
from exchange.domain.documents import Document
from topics.catalogue import load_catalogue, quarantine_topic

_LAYOUT = """
CREATE TABLE read_model.quarantine (
    entry_id text PRIMARY KEY,
    department text NOT NULL,
    record_topic text,
    codes text[] NOT NULL,
    taken_at timestamptz NOT NULL
);
CREATE INDEX ON read_model.quarantine (taken_at);
"""
_PUT = """
INSERT INTO read_model.quarantine VALUES (
    %(entry_id)s, %(department)s, %(record_topic)s, %(codes)s, %(taken_at)s
)
ON CONFLICT (entry_id) DO NOTHING
"""
_FORGET = "DELETE FROM read_model.quarantine WHERE entry_id = ANY(%s)"
_EVENT: Final = "quarantine_entry"


def entry_row(message: Any, document: Document) -> Document:
    """Return the row of an entry; the topic's last word is the department."""
    return {
        "entry_id": document["entry_id"],
        "department": message.topic().rpartition(".")[2],
        "record_topic": storable(document["record_topic"] or "") or None,
        "codes": sorted({storable(reason["code"]) for reason in document["reasons"]}),
        "taken_at": document["taken_at"],
    }


def _put(connection: Connection, rows: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, rows)


def _forget(connection: Connection, entry_ids: Sequence[str]) -> None:
    connection.execute(_FORGET, (list(entry_ids),))


def _projections() -> tuple[Projection, ...]:
    """Return one for each department that has a quarantine; the first of them makes the table for all."""
    known = load_catalogue()
    topics = [quarantine_topic(code) for code in known.departments if quarantine_topic(code) in known.by_name]
    return tuple(
        Projection(topic, _EVENT, "entry_id", "" if number else _LAYOUT, entry_row, _put, _forget)
        for number, topic in enumerate(topics)
    )


QUARANTINE_TABLE: Final = _projections()
