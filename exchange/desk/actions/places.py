"""Where a matter, or a person, belongs: by that it is told who may act."""

from collections.abc import Iterator

from avro_schemas.typed_documents import CaseDocument, MatterDocument, RecordEntryDocument
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy
from exchange.domain.policy_files.access import KeptWithin
from verification.characters import spelling


def place_of_matter(document: CaseDocument, matter: MatterDocument, policy: Policy) -> WorkPlace:
    """Return where a matter belongs: its department, the bank that it is about, the county and the case."""
    place: dict[KeptWithin, str] = {"case": document["case_id"], "department": matter["department"]}
    if matter["instance"] is not None:
        place["bank"] = matter["instance"]
    if (county := _county_of(document, matter, policy)) is not None:
        place["county"] = county
    return place


def place_of_person(document: CaseDocument, department: str, policy: Policy) -> WorkPlace:
    """Return where a person's case belongs for a department that is no matter's: that of the window."""
    place: dict[KeptWithin, str] = {"case": document["case_id"], "department": department}
    county = _last_county(_of_the_person(document, policy), policy)
    return place if county is None else {**place, "county": county}


def _county_of(document: CaseDocument, matter: MatterDocument, policy: Policy) -> str | None:
    """Return the county by the deciding department's own records, as `exchange.domain.counties` does."""
    proofs = set(matter["proofs"])
    own = (
        entry
        for entry in document["records"]
        if entry["record_id"] in proofs and entry["department"] == matter["department"]
    )
    return _last_county(own, policy) or _last_county(_of_the_person(document, policy), policy)


def _of_the_person(document: CaseDocument, policy: Policy) -> Iterator[RecordEntryDocument]:
    return (one for one in document["records"] if one["in_force"] and one["type"] in policy.county_records)


def _last_county(entries: Iterator[RecordEntryDocument], policy: Policy) -> str | None:
    """Return the code of the county that the latest of them names; of one that the city lacks, its name."""
    naming = [entry for entry in entries if entry["county"]]
    if not naming:
        return None
    written = max(naming, key=lambda entry: (entry["recorded_at"], entry["record_id"]))["county"] or ""
    codes = {spelling(name): code for code, name in policy.city.county_names.items()}
    return codes.get(spelling(written), written)
