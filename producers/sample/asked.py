"""What a family applies for and hands in: as the policy has it, and as far as a family can know."""

from collections.abc import Iterable, Mapping
from typing import Any

from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Matter
from producers.sample.clerk import Clerk, SampleLine

Matters = tuple[Matter, ...]


def matters_for(known: Iterable[SampleLine], policy: Policy) -> Matters:
    """The matters that a department answers, or that are about something which these records say there is."""
    records = list(known)
    return tuple(one for one in policy.matters if _concerns(one, records))


def usual_matters(known: Iterable[SampleLine], policy: Policy) -> Matters:
    """Those of them for which most families apply."""
    return tuple(one for one in matters_for(known, policy) if is_usual(one, policy))


def is_usual(matter: Matter, policy: Policy) -> bool:
    """Say whether most families apply for it, once there is something: few ask what heirs alone are told."""
    if matter.without_application:
        return False
    rules = (policy.materials[one.kind].verified_by for one in matter.materials)
    return matter.applies.record is not None or not any(rule and rule.naming_applicant for rule in rules)


def known_conditions(matter: Matter) -> Mapping[str, Any]:
    """What a record of which the matter is says on its face, amounts apart: no family knows them."""
    where = matter.applies.where or {}
    return {
        field: wanted
        for field, wanted in where.items()
        if "." not in field and not isinstance(wanted, Mapping)
    }


def is_answered(matter: Matter) -> bool:
    """Say whether the department gives one answer: no record ends the matter, and no bank answers itself."""
    return matter.done_by.result and matter.instance is None


def usual_papers(policy: Policy) -> tuple[int, ...]:
    """The kinds of material that every family hands in: not what records prove, or banks alone ask for."""
    wanted = {paper.kind for one in policy.matters if one.instance is None for paper in one.materials}
    proved = {kind for kind, one in policy.materials.items() if one.verified_by and one.verified_by.record}
    return tuple(kind for kind in policy.materials if kind in wanted - proved)


def papers_for(clerk: Clerk, matters: Matters) -> tuple[int, ...]:
    """The usual ones, and what will do in place of a record: who has to brings it, and some do anyway."""
    policy, usual = clerk.policy, usual_papers(clerk.policy)
    needed = {policy.prerequisites[name].or_material for one in matters for name in one.prerequisites}
    instead = dict.fromkeys(
        one.or_material
        for one in policy.prerequisites.values()
        if one.or_material is not None and one.or_material not in usual
    )
    return (*usual, *(kind for kind in instead if kind in needed or clerk.chance(0.3)))


def _concerns(matter: Matter, known: list[SampleLine]) -> bool:
    if matter.applies.record is None:
        return matter.done_by.result
    wanted = known_conditions(matter).items()
    return any(
        line["type"] == matter.applies.record
        and all(line["record"].get(field) == one for field, one in wanted)
        for line in known
    )
