"""The way out: what somebody can do instead where a matter does not apply, or not in this way for them."""

from collections.abc import Iterable
from dataclasses import replace

from exchange.domain.matters.applications import applications_for
from exchange.domain.matters.groups import Group
from exchange.domain.matters.materials import names_applicant
from exchange.domain.matters.views import ApplicationView, MatterView
from exchange.domain.policy import Policy
from exchange.domain.policy_files.conditions import hold_together, holds
from exchange.domain.policy_files.models import Entitled, Matter, WayOut
from exchange.domain.records.findings import Facts
from verification.records import Record


def instead(matter: Matter, group: Group, deciding: tuple[Record, ...]) -> str | None:
    """Return the way out of a matter that does not apply; a handler's decision has a reason of its own."""
    if any(record.type == "decision" for record in deciding):
        return None
    if matter.family_chooses and any(record.type == "application" for record in deciding):
        return matter.family_chooses.declined
    return next((one.way_out for one in matter.ways_out if _leads(one, group.records)), None)


def besides(matter: Matter, asked: Iterable[Record], facts: Facts) -> str | None:
    """Return the way out for those who apply, if the matter is meant for none of them."""
    rule, asked = matter.entitled, tuple(asked)
    if rule is None or not asked or any(_is_entitled(one, rule, facts) for one in asked):
        return None
    return rule.way_out


def with_own_ways_out(view: MatterView, matter: Matter, facts: Facts, policy: Policy) -> MatterView:
    """Return the matter with what each applicant can do instead, where it applies and is not done."""
    if view.state == "NOT_APPLICABLE" or not view.applications:
        return view
    counted = applications_for(view.matter, facts)

    def way_out(one: ApplicationView) -> str | None:
        if one.state == "COMPLETED":
            return None
        if matter.entitled and not _is_entitled(one.application, matter.entitled, facts):
            return matter.entitled.way_out
        return None if one.application in counted else policy.applicants_differ.way_out

    found = [way_out(one) for one in view.applications]
    if not any(found):
        return view
    told = (replace(one, way_out=way) for one, way in zip(view.applications, found, strict=True))
    return replace(view, applications=tuple(told))


def _leads(rule: WayOut, records: tuple[Record, ...]) -> bool:
    if rule.together is not None:
        return bool(records) and hold_together(rule.together, records)
    return any(holds(rule.where or {}, record) for record in records)


def _is_entitled(application: Record, rule: Entitled, facts: Facts) -> bool:
    relation = application.facts["applicant"].get("relation")
    wills = (one for one in facts.in_force.get("notary", ()) if one.facts["kind"] == "WILL")
    by_will = any(names_applicant(will, (application,)) for will in wills)
    return relation is None or relation in rule.relations or by_will
