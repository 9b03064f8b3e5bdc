"""One case per deceased person: everything that the exchange makes of the person's records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exchange.domain.facts import Facts, sort_out
from exchange.domain.materials import MaterialView, material_views
from exchange.domain.matters import ANNOUNCED, DONE, MatterView, matter_views
from exchange.domain.policy import Policy
from exchange.domain.prefill import Conflict, Form, prefill
from exchange.domain.values import CaseState, Taken, recording


@dataclass(frozen=True, slots=True)
class Case:
    """A case as readers see it; a function of the set of records taken, byte for byte."""

    case_id: str
    facts: Facts
    corroborated_by: tuple[str, ...]
    taken: tuple[Taken, ...]
    conflicts: tuple[Conflict, ...]
    matters: tuple[MatterView, ...]
    materials: Mapping[int, tuple[MaterialView, ...]]
    form: Form


def case_of(state: CaseState, policy: Policy) -> Case:
    """Work the whole case out from the records taken."""
    facts = sort_out(state.taken, policy)
    form, conflicts = prefill(facts, policy)
    return Case(
        case_id=state.case_id,
        facts=facts,
        corroborated_by=tuple(name for name in policy.death.corroborated_by if name in facts.in_force),
        taken=tuple(sorted(state.taken, key=lambda entry: recording(entry.record))),
        conflicts=_name_conflict(state, facts) + conflicts,
        matters=standing_matters(state, facts, policy),
        materials=material_views(facts, policy),
        form=form,
    )


def standing_matters(state: CaseState, facts: Facts, policy: Policy) -> tuple[MatterView, ...]:
    """Return every matter's view, in the order of the policy.

    What was ready or under way on a record that was revoked or is held is SUSPENDED, and so is a bank's
    matter of which no record is left; what was done stays done while the record that says so stands.
    """
    views = matter_views(facts, policy)
    if not facts.fallen:
        return views
    before = {
        (view.matter, view.instance): view
        for view in matter_views(sort_out(state.taken, policy, as_if_standing=True), policy)
        if view.state in ANNOUNCED
    }
    standing = [
        _without_the_lost(view, before.pop((view.matter, view.instance), None), facts) for view in views
    ]
    # What is left of them has no view of its own any more.
    gone = [_without_the_lost(_bare(view), view, facts) for view in before.values()]
    replaced = {view.matter for view in gone}
    kept = [
        view for view in standing if view.matter not in replaced or view.instance or view.state != "WAITING"
    ]
    order = [matter.matter for matter in policy.matters]
    return tuple(sorted(kept + gone, key=lambda view: (order.index(view.matter), view.instance or "")))


def _bare(view: MatterView) -> MatterView:
    return MatterView(view.matter, view.instance, view.department, "WAITING", ended=view.ended, missing=True)


def _without_the_lost(view: MatterView, before: MatterView | None, facts: Facts) -> MatterView:
    """Return the view as it is after what it rested on was lost; ``before`` is what it would be with that."""
    if before is None or not view.missing or (view.state != "WAITING" and before.missing):
        return view
    if before.state in DONE and all(r in facts.live.get(r.type, ()) for r in before.final):
        return replace(before, department=view.department, ended=view.ended)
    return replace(view, state="SUSPENDED")


def _name_conflict(state: CaseState, facts: Facts) -> tuple[Conflict, ...]:
    differing = [
        entry.record for entry in state.taken if "name_differs" in facts.held.get(entry.record.record_id, ())
    ]
    differing.sort(key=recording)
    if not differing:
        return ()
    return (Conflict("deceased.name", tuple((record.name, record) for record in differing)),)
