"""One case per deceased person: everything that the exchange makes of the person's records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exchange.domain.facts import Facts, sort_out
from exchange.domain.materials import MaterialView, material_views
from exchange.domain.matters import ANNOUNCED, MatterView, matter_views
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
    """Return every matter's view; one that a revoked or held record would have made ready is SUSPENDED."""
    views = matter_views(facts, policy)
    if not facts.fallen:
        return views
    lost = {
        (view.matter, view.instance)
        for view in matter_views(sort_out(state.taken, policy, as_if_standing=True), policy)
        if view.state in ANNOUNCED
    }
    return tuple(
        replace(view, state="SUSPENDED")
        if view.state == "WAITING" and (view.matter, view.instance) in lost
        else view
        for view in views
    )


def _name_conflict(state: CaseState, facts: Facts) -> tuple[Conflict, ...]:
    differing = [
        entry.record for entry in state.taken if "name_differs" in facts.held.get(entry.record.record_id, ())
    ]
    differing.sort(key=recording)
    if not differing:
        return ()
    return (Conflict("deceased.name", tuple((record.name, record) for record in differing)),)
