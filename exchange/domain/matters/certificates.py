"""How the certificates stand that would prove a material and do not count: held, in conflict or revoked."""

from collections.abc import Mapping
from dataclasses import replace

from exchange.domain.identity.persons import Persons
from exchange.domain.matters.views import CertificateStanding, MaterialView
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Material
from exchange.domain.records.document_versions import is_revoked
from exchange.domain.records.findings import Facts

Materials = Mapping[int, tuple[MaterialView, ...]]


def with_standings(materials: Materials, persons: Persons, facts: Facts, policy: Policy) -> Materials:
    """Return the materials, each that is not handed in with how its certificate stands, if that came."""
    if not facts.fallen:
        return materials
    found = {
        kind: _standing(types, persons, facts, in_conflict=_is_held_up(policy.materials[kind], facts))
        for kind, types in policy.certificates.items()
    }
    return {
        matter: tuple(
            replace(one, standing=found[one.kind]) if one.state != "supplied" and found.get(one.kind) else one
            for one in views
        )
        for matter, views in materials.items()
    }


def _is_held_up(material: Material, facts: Facts) -> bool:
    return bool(material.verified_by and material.verified_by.prerequisite in facts.held_up)


def _standing(
    types: tuple[str, ...], persons: Persons, facts: Facts, *, in_conflict: bool
) -> CertificateStanding | None:
    live = any(facts.live.get(name) for name in types)
    if live and not in_conflict:
        return None
    came = [versions for versions in persons.documents if versions[-1].record.type in types]
    if any(entry.record.record_id in facts.held for versions in came for entry in versions):
        return "HELD"
    return "IN_CONFLICT" if live else "REVOKED" if any(map(is_revoked, came)) else None
