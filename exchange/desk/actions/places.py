"""Where a matter, or a person, belongs: by that it is told who may act."""

from avro_schemas.typed_documents import CaseDocument, MatterDocument
from exchange.domain.access.may import WorkPlace
from exchange.domain.case_counties import counties_of_applications, own_county_in, persons_county_in
from exchange.domain.policy import Policy
from exchange.domain.policy_files.access import KeptWithin
from verification.characters import spelling


def place_of_matter(document: CaseDocument, matter: MatterDocument, policy: Policy) -> WorkPlace:
    """Return where a matter belongs: its department, the bank that it is about, the county and the case."""
    place: dict[KeptWithin, str] = {"case": document["case_id"], "department": matter["department"]}
    if matter["instance"] is not None:
        place["bank"] = matter["instance"]
    proofs = [one for one in document["records"] if one["record_id"] in matter["proofs"]]
    county = own_county_in(matter, proofs) or persons_county_in(document, policy)
    return _with_county(place, county, policy)


def place_of_person(document: CaseDocument, department: str, policy: Policy) -> WorkPlace:
    """Return where a person's case belongs for a department that is no matter's: that of the window."""
    place: dict[KeptWithin, str] = {"case": document["case_id"], "department": department}
    return _with_county(place, persons_county_in(document, policy), policy)


def place_of_application(
    document: CaseDocument, application: str | None, department: str, policy: Policy
) -> WorkPlace:
    """Return where an application, or without one the last, belongs for the department of the window."""
    taken = counties_of_applications(document)
    *_, last = None, *taken.values()
    here = taken.get(application) if application else last
    place: dict[KeptWithin, str] = {"case": document["case_id"], "department": department}
    return _with_county(place, persons_county_in(document, policy) or here, policy)


def _with_county(place: WorkPlace, county: str | None, policy: Policy) -> WorkPlace:
    """Return a place with the code of a county that records name; of one that the city lacks, its name."""
    if county is None:
        return place
    codes = {spelling(name): code for code, name in policy.city.county_names.items()}
    return {**place, "county": codes.get(spelling(county), county)}
