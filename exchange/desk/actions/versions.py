"""Versions of a record: which one stands for it by now, and how a new one names the one that it replaces."""

from collections.abc import Iterator, Mapping
from typing import Literal

from avro_schemas.typed_documents import CaseDocument


def latest(document: CaseDocument, record_id: str) -> str:
    """Return the id of the last record that stands in the place of one, or takes it back; else its own."""
    after = {one["supersedes"]: one["record_id"] for one in document["records"]}
    while record_id in after:
        record_id = after.pop(record_id)
    return record_id


def versions_of(document: CaseDocument, record_id: str) -> Iterator[str]:
    """Yield the ids of a record and of all that it stands for, the last first."""
    before = {one["record_id"]: one["supersedes"] for one in document["records"]}
    version: str | None = record_id
    while version:
        yield version
        version = before.pop(version, None)


def in_place_of(
    document: CaseDocument, record_id: str | None, action: Literal["AMENDED", "REVOKED"]
) -> Mapping[str, object]:
    """Return how a record says that it replaces, or takes back, one of the case."""
    revisions = {one["record_id"]: one["revision"] for one in document["records"]}
    return {"action": action, "supersedes": record_id, "revision": revisions.get(record_id or "", 1) + 1}
