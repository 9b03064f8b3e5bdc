"""One case per deceased person: everything that the exchange makes of the person's records."""

from dataclasses import replace
from functools import partial

from exchange.domain.facts import sort_out
from exchange.domain.form import APPLICANTS_DIFFER, Conflict
from exchange.domain.identity.links import names_person
from exchange.domain.identity.persons import Persons, persons_of
from exchange.domain.matters.answers import application_views
from exchange.domain.matters.applications import application_standings, are_of_several, ruling_on
from exchange.domain.matters.certificates import with_standings
from exchange.domain.matters.decisions import HELD, matter_standings
from exchange.domain.matters.limits import application_dues, limits_of
from exchange.domain.matters.materials import material_views
from exchange.domain.matters.requests import requests_of
from exchange.domain.matters.running import count_on, counts_from
from exchange.domain.matters.states import matter_views, waits_without_records
from exchange.domain.matters.views import (
    ANNOUNCED,
    COUNTING,
    UNDER_WAY,
    MattersStanding,
    MatterView,
    WaitingFor,
)
from exchange.domain.matters.ways_out import with_own_ways_out
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import MONEY_MATTERS
from exchange.domain.prefill import open_conflicts, prefill, prefill_each
from exchange.domain.records.findings import Facts
from exchange.domain.records.known_remarks import remarks_of
from exchange.domain.rival_conflicts import rival_conflicts
from exchange.domain.values import CaseState, Standing, Taken, recording
from exchange.domain.views import Case
from verification.long_numbers import shown_name
from verification.name_faults import name_fault
from verification.records import Record

RELEASE, CHOICE, SETTLEMENT = "release", "choice_of_applicant", "settlement"
"""Words that a matter waits for; a handler owes them."""


def case_of(state: CaseState, policy: Policy) -> Case:
    """Work out the whole case from the records taken."""
    persons = persons_of(state)
    facts = sort_out(persons, policy)
    all_documents = (*persons.documents, *persons.gone)
    standing = MattersStanding(standing_matters(facts, persons, policy), material_views(facts, policy))
    counted = count_on(state, standing, policy, partial(_standing_then, state, policy))
    materials = with_standings(standing.materials, persons, facts, policy)
    form = prefill(facts, policy)
    taken = tuple(
        sorted((e for versions in all_documents for e in versions), key=lambda e: recording(e.record))
    )
    return Case(
        case_id=state.case_id,
        persons=persons,
        facts=facts,
        corroborated_by=tuple(name for name in policy.death.corroborated_by if name in facts.in_force),
        taken=taken,
        conflicts=(
            *_name_conflict(facts, persons),
            *rival_conflicts(persons, policy),
            *open_conflicts(facts),
            *_applicant_conflicts(standing.matters),
        ),
        decisions=_decisions(facts, persons, policy),
        matters=standing.matters,
        materials=materials,
        requests=requests_of(standing.matters, materials, policy),
        limits=limits_of(standing, persons, counted, policy),
        dues=application_dues(standing, persons, counted, policy),
        counted=counted,
        form=form,
        applications=prefill_each(facts, form, policy),
        remarks={
            entry.record.record_id: found
            for entry in taken
            if (found := remarks_of(entry, policy.acceptance))
        },
    )


def _standing_then(state: CaseState, policy: Policy, moment: str) -> MattersStanding:
    """Return how matters and materials stood by what counted by a moment (ISO instant, UTC)."""

    def known(taken: tuple[Taken, ...]) -> tuple[Taken, ...]:
        return tuple(entry for entry in taken if counts_from(entry, policy) <= moment)

    then = replace(
        state,
        taken=known(state.taken),
        borrowed=tuple(replace(loan, taken=known(loan.taken)) for loan in state.borrowed),
        claims=tuple(claim for claim in state.claims if counts_from(claim, policy) <= moment),
    )
    persons = persons_of(then)
    facts = sort_out(persons, policy)
    return MattersStanding(standing_matters(facts, persons, policy), material_views(facts, policy))


def standing_matters(facts: Facts, persons: Persons, policy: Policy) -> tuple[MatterView, ...]:
    """Return every matter's view, in the order of the policy.

    A matter that was ready or under way is SUSPENDED if a record that it rested on was revoked, is held or is
    in conflict. So is a bank's matter with no record left, one that a handler holds, a money matter for
    which two people applied, and one while what corroborates the death contradicts its proof. A completed
    matter stays completed while the record that says so stands; if what it rested on was revoked, it is to
    be recovered.
    """
    views = matter_views(facts, policy)
    if facts.fallen:
        views = _after_losses(views, facts, persons, policy)
    views = tuple(_as_applied(view, facts, policy) if view.asked else view for view in views)
    views = tuple(_as_settled(view, facts, policy) for view in views)
    views = tuple(_as_held(view, policy) if view.hold else view for view in views)
    return tuple(_with_applications(view, facts, policy) for view in views)


def _with_applications(view: MatterView, facts: Facts, policy: Policy) -> MatterView:
    """Add the applications; who applies after the matter is completed may be kept waiting like the first."""
    matter = policy.by_number[view.matter]
    held = view.state == "COMPLETED" and (
        bool(view.missing)
        or (view.hold is not None and view.hold.facts["kind"] == HELD)
        or (facts.money_held and view.matter in policy.money_matters)
        or (are_of_several(view.asked) and view.matter in policy.of_one_applicant)
    )
    applied = application_views(view, facts, by_result=matter.done_by.result, held=held)
    return with_own_ways_out(applied, matter, facts, policy)


def _after_losses(
    views: tuple[MatterView, ...], facts: Facts, persons: Persons, policy: Policy
) -> tuple[MatterView, ...]:
    before = {
        (view.matter, view.instance): view
        for view in matter_views(sort_out(persons, policy, "whole"), policy)
        if view.state in ANNOUNCED
    }
    agreed = {
        (view.matter, view.instance): view
        for view in matter_views(sort_out(persons, policy, "agreed"), policy)
    }
    standing = []
    for view in views:
        former = before.pop((view.matter, view.instance), None)
        standing.append(_without_the_lost(view, former, agreed.get((view.matter, view.instance)), facts))
    # The matters left in `before` have no view of their own any more.
    gone = [
        _without_the_lost(_bare(view, facts, policy), view, agreed.get((view.matter, view.instance)), facts)
        for view in before.values()
    ]
    replaced = {view.matter for view in gone}
    kept = [view for view in standing if view.matter not in replaced or not view.untold]
    order = [matter.matter for matter in policy.matters]
    return tuple(sorted(kept + gone, key=lambda view: (order.index(view.matter), view.instance or "")))


def _bare(view: MatterView, facts: Facts, policy: Policy) -> MatterView:
    matter = policy.by_number[view.matter]
    waiting = waits_without_records(matter, facts, policy)
    bare = MatterView(view.matter, view.instance, view.department, "WAITING", waiting, hold=view.hold)
    standing = facts.in_force.get("application", ())
    asked_by = tuple(one for one in view.asked_by if one in standing)
    return replace(bare, unknown_bank=view.unknown_bank, asked_by=asked_by)


def _without_the_lost(
    view: MatterView, before: MatterView | None, agreed: MatterView | None, facts: Facts
) -> MatterView:
    """Return the view as it is after what it rested on was lost.

    ``before`` is the view if nothing had been lost, ``agreed`` the view if nothing were held or in conflict.
    """
    if before is None or not (view.state == "WAITING" or view.missing - before.missing):
        return view
    if before.state == "COMPLETED" and all(r in facts.live.get(r.type, ()) for r in before.final):
        lost = agreed is None or bool(agreed.missing - before.missing)
        # While the proofs of death disagree, nobody can tell afresh whose matter it is.
        department = view.department if facts.death_proofs else before.department
        kept = replace(before, department=department, recovery=lost, hold=view.hold, results=view.results)
        return replace(kept, missing=view.missing, asked=view.asked, asked_by=view.asked_by)
    return replace(view, state="SUSPENDED", waiting_for=view.lacking or view.waiting_for)


def _as_applied(view: MatterView, facts: Facts, policy: Policy) -> MatterView:
    """Let a matter that is one applicant's wait for a handler where several people applied for it.

    The decision between them is then a proof. The other matters go on for each: all who ask are proofs.
    """
    if view.state not in {"WAITING", "APPLIED", "ACCEPTED", "SUSPENDED"}:
        return view
    if are_of_several(view.asked):
        if view.matter in policy.of_one_applicant:
            return _waiting_for(CHOICE, view, policy)
        return replace(view, proofs=(*view.proofs, *view.asked)) if view.state in COUNTING else view
    ruling = ruling_on(view.matter, facts)
    return replace(view, proofs=(*view.proofs, ruling)) if ruling and view.state in ANNOUNCED else view


def _as_settled(view: MatterView, facts: Facts, policy: Policy) -> MatterView:
    """Let a money matter wait while the corroboration contradicts the proof; the decision then proves."""
    if view.matter not in policy.money_matters or view.state in {"COMPLETED", "NOT_APPLICABLE"}:
        return view
    if facts.money_held:
        return _waiting_for(SETTLEMENT, view, policy)
    decided = facts.deciding(MONEY_MATTERS)
    return replace(view, proofs=(*view.proofs, *decided)) if decided and view.state in ANNOUNCED else view


def _waiting_for(word: str, view: MatterView, policy: Policy) -> MatterView:
    state = "SUSPENDED" if view.state in UNDER_WAY else view.state
    return replace(
        view, state=state, waiting_for=(*view.waiting_for, WaitingFor(word, (policy.window,), None))
    )


def _as_held(view: MatterView, policy: Policy) -> MatterView:
    """Apply a handler's last word: a matter on hold waits for its release; a release is a proof."""
    if view.hold is None or view.state == "NOT_APPLICABLE":
        return view
    if view.hold.facts["kind"] == HELD:
        if view.state == "COMPLETED":
            return view
        return _waiting_for(RELEASE, view, policy)
    return replace(view, proofs=(*view.proofs, view.hold)) if view.state in ANNOUNCED else view


def _decisions(facts: Facts, persons: Persons, policy: Policy) -> tuple[tuple[Record, Standing], ...]:
    """Return every decision that was not revoked, with whether it still counts."""
    decisions = facts.live.get("decision", ())
    if not decisions:
        return ()
    standings: dict[str, Standing] = {**persons.standings, **matter_standings(facts, policy)}
    judged = [one.standings for one in facts.judged] + [one.standings for one in persons.rivalries]
    for found in (*judged, application_standings(policy.deciders, policy.of_one_applicant, facts)):
        for record_id, standing in found.items():
            standings[record_id] = _graver(standing, standings.get(record_id))
    return tuple((one, standings.get(one.record_id, "IN_FORCE")) for one in decisions)


def _graver(one: Standing, other: Standing | None) -> Standing:
    """Return the graver standing: a decision to be reviewed under any of its rules is to be reviewed."""
    order: tuple[Standing, ...] = ("OVERTAKEN", "IN_FORCE", "REOPENED")
    return one if other is None else max(one, other, key=order.index)


def _name_conflict(facts: Facts, persons: Persons) -> tuple[Conflict, ...]:
    differing = [
        versions[-1].record
        for versions in persons.documents
        if "name_differs" in facts.held.get(versions[-1].record.record_id, ())
    ]
    if not differing:
        return ()
    differing = sorted(differing + _against_damaged(differing, facts), key=recording)
    values = tuple((shown_name(record.name), record) for record in differing)
    return (Conflict("deceased.name", values, "name_differs", decisive=True),)


def _against_damaged(differing: list[Record], facts: Facts) -> list[Record]:
    """Return the first record with a sound name, where all names that differ from it are damaged."""
    if not all(name_fault(record.name) for record in differing):
        return []
    standing = (one for name, group in facts.live.items() if names_person(name) for one in group)
    return sorted((one for one in standing if name_fault(one.name) is None), key=recording)[:1]


def _applicant_conflicts(matters: tuple[MatterView, ...]) -> tuple[Conflict, ...]:
    return tuple(
        Conflict(
            "applicant.name",
            tuple((shown_name(one.facts["applicant"]["name"]), one) for one in view.asked),
            APPLICANTS_DIFFER,
            decisive=True,
            matter=view.matter,
            instance=view.instance,
        )
        for view in matters
        if any(one.prerequisite == CHOICE for one in view.waiting_for)
    )
