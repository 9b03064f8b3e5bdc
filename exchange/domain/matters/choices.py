"""What the family chooses before a department is told: burial or cremation, where custom allows both.

An application says what its applicant chooses, and so does who applies for the matter; of one applicant the
last word counts. Applicants who choose differently have chosen nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.domain.identity.links import names_person
from exchange.domain.matters.applications import applicant_of
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import FamilyChooses, Matter
from exchange.domain.records.findings import Facts
from verification.characters import spelling
from verification.records import Record


@dataclass(frozen=True, slots=True)
class Choice:
    """What the family chose.

    Attributes:
        declined: The applications by which it does without the matter; none if it may not.
        undecided: Whether the matter waits for its choice: none was made, or not as one.
        told: What a family is told that would do without the matter and may not.
    """

    declined: tuple[Record, ...] = ()
    undecided: bool = False
    told: str | None = None


NO_CHOICE: Final = Choice()


def choice_of(matter: Matter, facts: Facts, policy: Policy) -> Choice:
    """Return what the family chose, where it has a choice and the matter is not done yet."""
    rule = matter.family_chooses
    if rule is None or any(facts.in_force.get(name) for name in matter.done_by.record):
        return NO_CHOICE
    words = _words(matter, rule, facts)
    declined = tuple(one for one in words if one.facts.get(rule.by) is True)
    if _is_bound(rule, facts):
        return Choice(told=rule.bound if declined else None)
    if not words:
        return Choice(undecided=_is_custom(rule, facts, policy))
    return Choice(undecided=True) if 0 < len(declined) < len(words) else Choice(declined)


def _is_bound(rule: FamilyChooses, facts: Facts) -> bool:
    """Say whether the cause of the death, by any certificate, leaves the family no choice."""
    codes = (one.facts.get("death_cause_icd10") for one in facts.live.get("death_certificate", ()))
    return any(spelling(code or "").upper().startswith(rule.never_after_icd10) for code in codes)


def _words(matter: Matter, rule: FamilyChooses, facts: Facts) -> tuple[Record, ...]:
    """Return the last word of each applicant who says anything of it."""
    said = (
        one
        for one in facts.in_force.get("application", ())
        if one.facts.get(rule.by) is not None or matter.matter in one.facts["matters"]
    )
    return tuple({applicant_of(one): one for one in said}.values())


def _is_custom(rule: FamilyChooses, facts: Facts, policy: Policy) -> bool:
    """Say whether the deceased was of such a people, or of such a region, as far as records tell."""
    peoples = (one.facts.get("ethnicity") for one in facts.live.get("death_certificate", ()))
    named = (one for name, records in facts.live.items() if names_person(name) for one in records)
    return (
        any(people in rule.peoples for people in peoples)
        or any((one.id_number or "").startswith(rule.regions) for one in named)
        or any(spelling(county) in rule.county_names for county in _counties(facts, policy))
    )


def _counties(facts: Facts, policy: Policy) -> Iterator[str]:
    for name in (*policy.death.established_by, *policy.county_records):
        yield from (one.county for one in facts.live.get(name, ()) if one.county)
