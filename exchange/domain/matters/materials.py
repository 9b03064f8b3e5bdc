"""The materials of annex 2: which of them shared data already proves, and which the family still brings."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from exchange.domain.matters.applications import applications_for, names_applicant
from exchange.domain.matters.examinations import handed_in
from exchange.domain.matters.views import MaterialView
from exchange.domain.matters.waivers import waived_kinds
from exchange.domain.news import News
from exchange.domain.policy import NO_PROOF, Policy
from exchange.domain.policy_files.conditions import holds
from exchange.domain.policy_files.models import Material, Matter, MatterMaterial
from exchange.domain.records.findings import Facts
from exchange.domain.values import recording
from verification.records import Record

Records = tuple[Record, ...]
Proofs = Mapping[int, Records]
Given = list[Mapping[str, Any]]
"""The materials that were handed in."""


def material_views(
    facts: Facts, policy: Policy, news: News | None = None
) -> Mapping[int, tuple[MaterialView, ...]]:
    """Return, by matter, every material that annex 2 asks for it, in annex 2's order.

    Args:
        facts: What is known of the person.
        policy: The materials.
        news: What has come since they were worked out; without it, all are.
    """
    proofs = {kind: _proofs(material, facts, policy) for kind, material in policy.materials.items()}
    if news is None:
        return {one.matter: _of_matter(one, proofs, facts, policy) for one in policy.matters}
    changed = {
        kind
        for kind, material in policy.materials.items()
        if news.any_of(policy.read_for_material[kind])
        and _proofs(material, news.facts_before, policy) != proofs[kind]
    }
    return {
        one.matter: _of_matter(one, proofs, facts, policy)
        if news.asks_for(one.matter, policy)
        or any(wanted.kind in changed for wanted in one.materials)
        or waived_kinds(one, facts) != waived_kinds(one, news.facts_before)
        else news.materials[one.matter]
        for one in policy.matters
    }


def _of_matter(matter: Matter, proofs: Proofs, facts: Facts, policy: Policy) -> tuple[MaterialView, ...]:
    applications = applications_for(matter.matter, facts)
    given = handed_in(applications, facts)
    waived = waived_kinds(matter, facts)
    return tuple(
        _view(
            _unless(waived, wanted), policy.materials[wanted.kind], proofs[wanted.kind], applications, given
        )
        for wanted in matter.materials
    )


def _unless(waived: frozenset[int], wanted: MatterMaterial) -> MatterMaterial:
    """Return the material; one that is waived is listed and not required."""
    return wanted.model_copy(update={"required": False}) if wanted.kind in waived else wanted


def _view(
    wanted: MatterMaterial, material: Material, proofs: Records, applications: Records, given: Given
) -> MaterialView:
    if not applications:
        return _not_handed_in(wanted, () if wanted.original else proofs)
    own = _of_kinds((material.kind,), given)
    sighted = any(item.get("original_sighted") for item in own)
    files = [str(item["sha256"]) for item in own if item.get("sha256")]
    seen = (files[-1] if files else None, sighted, wanted.required)
    if wanted.original:
        return MaterialView(material.kind, "supplied" if sighted else "original_to_sight", None, *seen)
    if material.verified_by and material.verified_by.naming_applicant and applications:
        proofs = tuple(record for record in proofs if names_applicant(record, applications))
    if proofs:
        return MaterialView(material.kind, "verified_by_data", proofs[0], *seen)
    supplied = own or _of_kinds(material.or_materials, given) or material.supplied_by_application
    return MaterialView(material.kind, "supplied" if supplied else "missing", None, *seen)


def _not_handed_in(wanted: MatterMaterial, proofs: Records) -> MaterialView:
    if proofs:
        return MaterialView(wanted.kind, "verified_by_data", proofs[0], required=wanted.required)
    return _lacking(wanted.kind, "original_to_sight" if wanted.original else "missing", wanted.required)


@cache
def _lacking(kind: int, state: Literal["missing", "original_to_sight"], required: bool) -> MaterialView:
    """Return the view of what nobody handed in and nothing proves: most is so, until somebody applies."""
    return MaterialView(kind, state, required=required)


def _of_kinds(kinds: tuple[int, ...], given: Given) -> Given:
    return [material for material in given if material["kind"] in kinds]


def _proofs(material: Material, facts: Facts, policy: Policy) -> tuple[Record, ...]:
    """Return what stands in for the material: the first recorded, or all, if it has to name the applicant."""
    rule = material.verified_by
    if rule is None:
        return ()
    if rule.any_record:
        records = [r for name, group in facts.in_force.items() if name not in NO_PROOF for r in group]
    elif rule.prerequisite:
        types = policy.prerequisites[rule.prerequisite].any_record
        records = [r for name in types for r in facts.in_force.get(name, ())]
    else:
        records = [r for r in facts.in_force.get(rule.record or "", ()) if holds(rule.where or {}, r)]
    if rule.naming_applicant:
        return tuple(sorted(records, key=recording))
    return (min(records, key=recording),) if records else ()
