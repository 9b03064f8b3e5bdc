"""Whose people somebody is, as `counties` says, read from a case: for who has the case alone."""

from collections.abc import Iterable, Mapping

from avro_schemas.typed_documents import CaseDocument, MatterDocument, RecordEntryDocument
from exchange.domain.policy import Policy


def own_county_in(matter: MatterDocument, proofs: Iterable[RecordEntryDocument]) -> str | None:
    """Return the county of the last proof of the deciding department's own that names one, as `county_of`."""
    own = [one for one in proofs if one["department"] == matter["department"] and one["county"]]
    return max(own, key=lambda one: (one["recorded_at"], one["record_id"]))["county"] if own else None


def persons_county_in(document: CaseDocument, policy: Policy) -> str | None:
    """Return the person's own county by the case as it was written, as `persons_county`."""
    asked = (
        one["county"]
        for name in policy.county_records
        for one in document["records"]
        if one["type"] == name and one["in_force"] and one["county"]
    )
    return next(asked, None)


def counties_of_applications(document: CaseDocument) -> Mapping[str, str]:
    """Return where applications in force were taken, the last one last: record id → county, if it names one.

    Until a record tells whose person it is, the windows of these counties have the case.
    """
    own = (one for one in document["records"] if one["type"] == "application" and one["in_force"])
    return {
        one["record_id"]: one["county"]
        for one in sorted(own, key=lambda one: (one["recorded_at"], one["record_id"]))
        if one["county"]
    }
