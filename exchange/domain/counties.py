"""Whose people somebody is: the county whose department handles a matter, as far as records tell."""

from exchange.domain.matters.views import MatterView
from exchange.domain.policy import Policy
from exchange.domain.records.findings import Facts
from exchange.domain.values import recording


def county_of(view: MatterView, facts: Facts, policy: Policy) -> str | None:
    """Return the county of a matter as records write it; None if none does.

    County departments publish as their city department, so a record of the deciding department's own says
    whose the matter is, the last one first; where it rests on none that does, it is the person's county.
    """
    own = [one for one in view.proofs if one.department == view.department and one.county]
    return max(own, key=recording).county if own else persons_county(facts, policy)


def persons_county(facts: Facts, policy: Policy) -> str | None:
    """Return the person's own county, by the records that the policy asks for it; None if they tell none."""
    asked = (one for name in policy.county_records for one in facts.in_force.get(name, ()))
    return next((one.county for one in asked if one.county), None)
