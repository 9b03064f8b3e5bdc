"""Materials that a matter does without where its records say little enough: a small amount needs no deed."""

from exchange.domain.policy_files.conditions import hold_together
from exchange.domain.policy_files.models import Matter
from exchange.domain.records.findings import Facts


def waived_kinds(matter: Matter, facts: Facts) -> frozenset[int]:
    """Return the kinds of material that the matter does without, for this person."""
    records = facts.at_death.get(matter.applies.record or "", ())
    return frozenset(
        one.kind
        for one in (matter.materials if records else ())
        if one.waived_together is not None and hold_together(one.waived_together, records)
    )
