"""Which topics the ledger is made of, and how little of each message it reads."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from avro_schemas.catalogue import Document
from consumers.log.projection import only_fields
from exchange.folding.sizes import RECORD_BYTES
from exchange.runtime.registry.serde import Decoder, ResolveSchema
from topics.catalogue import CASES, RECORDS, REDELIVERIES, Catalogue

Schema = Mapping[str, Any]

_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    RECORDS: frozenset({"record_id"}),
    "receipts": frozenset(
        {"record_topic", "record_partition", "record_offset", "record_id", "case_id", "status", "taken_at"}
    ),
    "quarantine": frozenset(
        {"entry_id", "source", "record_topic", "partition", "offset", "reasons", "taken_at"}
    ),
    CASES: frozenset({"case_id", "records"}),
    REDELIVERIES: frozenset({"record_topic", "record_offset", "taken_at", "cause"}),
}
"""Kind of topic → the fields that are read; all else is skipped, personal data included."""


def ledger_topics(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the names of the topics that say what came of a record, and of those that hold records."""
    return tuple(topic.name for topic in catalogue.topics if topic.kind in _FIELDS)


def ledger_decoders(
    catalogue: Catalogue, resolve: ResolveSchema
) -> Mapping[str, Callable[[bytes], Document]]:
    """Return how the messages of each topic are read; a record larger than the join takes is not one."""
    return {
        topic.name: Decoder(
            narrowed(topic.kind, catalogue.schema_of(topic.name)),
            resolve,
            RECORD_BYTES if topic.kind == RECORDS else None,
        ).decode
        for topic in catalogue.topics
        if topic.kind in _FIELDS
    }


def narrowed(kind: str, full: Schema) -> Schema:
    """Return the schema with only the fields that the ledger reads: Avro then skips the others."""
    read = only_fields(full, _FIELDS[kind])
    if kind != CASES:
        return read
    return {**read, "fields": [_ids_alone(f) if f["name"] == "records" else f for f in read["fields"]]}


def _ids_alone(records: Schema) -> Schema:
    entry = records["type"]["items"]
    ids = [field for field in entry["fields"] if field["name"] == "record_id"]
    return {**records, "type": {**records["type"], "items": {**entry, "fields": ids}}}
