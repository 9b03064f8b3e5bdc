"""The materials of annex 2: which of them shared data already proves, and which the family still brings."""

from dataclasses import dataclass
from typing import Literal

from exchange.domain.conditions import holds
from exchange.domain.facts import Facts
from exchange.domain.matters import application_for
from exchange.domain.policy import Policy
from exchange.domain.policy_models import Material, Matter, MatterMaterial
from verification.records import Record


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A material as it stands for one matter; ``proof`` is the record that stands in for it."""

    kind: int
    state: Literal["verified_by_data", "supplied", "missing", "original_to_sight"]
    proof: Record | None = None


def material_views(matter: Matter, facts: Facts, policy: Policy) -> tuple[MaterialView, ...]:
    """Return every material that annex 2 asks for the matter, in annex 2's order."""
    application = application_for(matter.matter, facts)
    return tuple(
        _view(wanted, policy.materials[wanted.kind], application, facts, policy)
        for wanted in matter.materials
    )


def _view(
    wanted: MatterMaterial, material: Material, application: Record | None, facts: Facts, policy: Policy
) -> MaterialView:
    handed_in = _handed_in(material.kind, application)
    if wanted.original:
        sighted = any(item.get("original_sighted") for item in handed_in)
        return MaterialView(material.kind, "supplied" if sighted else "original_to_sight")
    if proof := _proof(material, application, facts, policy):
        return MaterialView(material.kind, "verified_by_data", proof)
    supplied = handed_in or (material.supplied_by_application and application)
    return MaterialView(material.kind, "supplied" if supplied else "missing")


def _handed_in(kind: int, application: Record | None) -> list[dict[str, object]]:
    materials = (application.facts.get("materials") or ()) if application else ()
    return [material for material in materials if material["kind"] == kind]


def _proof(material: Material, application: Record | None, facts: Facts, policy: Policy) -> Record | None:
    rule = material.verified_by
    if rule is None:
        return None
    if rule.any_record:
        # An application is the family's word, not a department's record.
        records = [r for name, group in facts.in_force.items() if name != "application" for r in group]
    elif rule.prerequisite:
        records = [
            r
            for name in policy.prerequisites[rule.prerequisite].any_record
            for r in facts.in_force.get(name, ())
        ]
    else:
        records = [r for r in facts.in_force.get(rule.record or "", ()) if holds(rule.where or {}, r)]
    if rule.naming_applicant and application:
        records = [record for record in records if _names_applicant(record, application)]
    return min(records, key=lambda record: (record.recorded_at, record.record_id), default=None)


def _names_applicant(record: Record, application: Record) -> bool:
    applicant = application.facts["applicant"]
    return any(
        beneficiary.get("id_number") == applicant["id_number"]
        if beneficiary.get("id_number")
        else beneficiary.get("name") == applicant["name"]
        for beneficiary in record.facts.get("beneficiaries") or ()
    )
