"""Materials that a matter does without where its records say little enough: a small amount needs no deed."""

from exchange.domain.policy_files.conditions import hold_together
from exchange.domain.policy_files.models import Matter, MatterMaterial
from exchange.domain.records.findings import Facts


def wanted_materials(matter: Matter, facts: Facts) -> tuple[MatterMaterial, ...]:
    """Return the materials of a matter; what is waived for this person is listed and not required."""
    return tuple(
        one.model_copy(update={"required": False}) if _is_waived(one, matter, facts) else one
        for one in matter.materials
    )


def does_without(kind: int | None, matter: Matter, facts: Facts) -> bool:
    """Say whether the matter wants no material of this kind of this person."""
    return any(one.kind == kind and _is_waived(one, matter, facts) for one in matter.materials)


def _is_waived(material: MatterMaterial, matter: Matter, facts: Facts) -> bool:
    if material.waived_together is None:
        return False
    records = facts.at_death.get(matter.applies.record or "", ())
    return bool(records) and hold_together(material.waived_together, records)
