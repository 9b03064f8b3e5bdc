"""Whose application counts for a matter, where several people apply for it.

Two people who want the same thing are not two values of one field, so who came first settles nothing
between them: where money is paid, the matter is held until a handler decides in favour of one application.
"""

from collections.abc import Collection, Iterable

from avro_schemas.typed_documents import ApplicantFacts, BeneficiaryFacts
from exchange.domain.records.findings import Facts
from exchange.domain.values import Standing, covers, recording
from verification.names.keys import name_key, same_name
from verification.records import Record


def applications_for(matter: int, facts: Facts) -> tuple[Record, ...]:
    """Return the applications in force that ask for the matter and were not overruled, oldest first."""
    asking = all_asking(matter, facts)
    ruling = ruling_on(matter, facts) if facts.application_rulings else None
    chosen = next((one for one in asking if ruling and one.record_id == ruling.facts["in_favour_of"]), None)
    if ruling is None or chosen is None:
        return asking
    return tuple(
        one for one in asking if applicant_of(one) == applicant_of(chosen) or not covers(ruling, one)
    )


def are_of_several(applications: Iterable[Record]) -> bool:
    """Say whether more than one person applies: another number, or another name on the same number."""
    return len({applicant_of(one) for one in applications}) > 1


def ruling_on(matter: int, facts: Facts) -> Record | None:
    """Return the last decision in favour of an application for the matter, if there is anything to decide.

    A decision that names a matter is about that one alone.
    """
    if not are_of_several(all_asking(matter, facts)):
        return None
    return max(_rulings(matter, facts), key=recording, default=None)


def application_standings(
    matters: Iterable[int], of_one: Collection[int], facts: Facts
) -> dict[str, Standing]:
    """Say whether each decision between applicants counts: REOPENED for one matter is REOPENED for all.

    Only the matters ``of_one`` applicant are held, so only another applicant for one of them reopens it.
    """
    found: dict[str, set[Standing]] = {}
    for matter in matters if facts.application_rulings else ():
        latest = ruling_on(matter, facts)
        still = matter in of_one and are_of_several(applications_for(matter, facts))
        for ruling in _rulings(matter, facts) if latest else ():
            standing: Standing = "REOPENED" if still else "IN_FORCE"
            found.setdefault(ruling.record_id, set()).add(standing if ruling is latest else "OVERTAKEN")
    order: tuple[Standing, ...] = ("REOPENED", "IN_FORCE", "OVERTAKEN")
    return {ruling: min(said, key=order.index) for ruling, said in found.items()}


def is_same_person(beneficiary: BeneficiaryFacts, applicant: ApplicantFacts) -> bool:
    """Say whether an applicant is one of those whom a deed names: by number, or by name where it has none."""
    if beneficiary.get("id_number"):
        return beneficiary["id_number"] == applicant["id_number"]
    return same_name(beneficiary["name"], applicant["name"])


def names_applicant(record: Record, applications: Iterable[Record]) -> bool:
    """Say whether a notary record names any of the applicants among its beneficiaries."""
    return any(
        is_same_person(beneficiary, application.facts["applicant"])
        for beneficiary in record.facts.get("beneficiaries") or ()
        for application in applications
    )


def all_asking(matter: int, facts: Facts) -> tuple[Record, ...]:
    """Return the applications in force that ask for the matter, overruled ones too, oldest first."""
    return tuple(one for one in facts.in_force.get("application", ()) if matter in one.facts["matters"])


def _rulings(matter: int, facts: Facts) -> list[Record]:
    return [
        ruling
        for ruling, favoured in facts.application_rulings
        if ruling.facts.get("matter") in (None, matter) and matter in favoured.facts["matters"]
    ]


def applicant_of(application: Record) -> tuple[str, str]:
    """Return what tells one applicant from another: the number, and the name as it is compared."""
    applicant = application.facts["applicant"]
    return applicant["id_number"], name_key(applicant["name"])
