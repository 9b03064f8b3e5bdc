"""What the family chooses before a department is told: burial or cremation, where custom allows both.

An application says what its applicant chooses, and so does who applies for the matter; of one applicant the
last word counts. Applicants who choose differently have chosen nothing.
"""

from collections.abc import Iterator

from exchange.domain.identity.links import names_person
from exchange.domain.matters.applications import applicant_of
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import FamilyChooses, Matter
from exchange.domain.records.findings import Facts
from verification.characters import spelling
from verification.records import Record


def declining(matter: Matter, facts: Facts) -> tuple[Record, ...]:
    """Return the applications by which the family does without the matter; none if it may not."""
    rule = matter.family_chooses
    if rule is None or _is_done(matter, facts) or is_bound(rule, facts):
        return ()
    words = _words(matter, rule, facts)
    return tuple(one for one in words if _declines(one, rule)) if _are_of_one_mind(words, rule) else ()


def is_undecided(matter: Matter, facts: Facts, policy: Policy) -> bool:
    """Say whether the matter waits for the family's choice: none was made, or not as one."""
    rule = matter.family_chooses
    if rule is None or _is_done(matter, facts) or is_bound(rule, facts):
        return False
    words = _words(matter, rule, facts)
    return not _are_of_one_mind(words, rule) if words else _is_custom(rule, facts, policy)


def told_of_choice(matter: Matter, facts: Facts) -> str | None:
    """Return what is told a family that would do without the matter and may not."""
    rule = matter.family_chooses
    if rule is None or _is_done(matter, facts) or not is_bound(rule, facts):
        return None
    return rule.bound if any(_declines(one, rule) for one in _words(matter, rule, facts)) else None


def is_bound(rule: FamilyChooses, facts: Facts) -> bool:
    """Say whether the cause of the death, by any certificate, leaves the family no choice."""
    codes = (one.facts.get("death_cause_icd10") for one in facts.live.get("death_certificate", ()))
    return any(spelling(code or "").upper().startswith(rule.never_after_icd10) for code in codes)


def _is_done(matter: Matter, facts: Facts) -> bool:
    return any(facts.in_force.get(name) for name in matter.done_by.record)


def _words(matter: Matter, rule: FamilyChooses, facts: Facts) -> tuple[Record, ...]:
    """Return the last word of each applicant who says anything of it."""
    said = (
        one
        for one in facts.in_force.get("application", ())
        if one.facts.get(rule.by) is not None or matter.matter in one.facts["matters"]
    )
    return tuple({applicant_of(one): one for one in said}.values())


def _declines(application: Record, rule: FamilyChooses) -> bool:
    return application.facts.get(rule.by) is True


def _are_of_one_mind(words: tuple[Record, ...], rule: FamilyChooses) -> bool:
    return len({_declines(one, rule) for one in words}) == 1


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
