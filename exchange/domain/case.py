"""One case per deceased person: everything that the exchange makes of the person's records."""

from dataclasses import replace
from functools import partial
from operator import is_

from exchange.domain.facts import sort_out
from exchange.domain.form import APPLICANTS_DIFFER, Conflict
from exchange.domain.identity.links import names_person
from exchange.domain.identity.persons import Persons, persons_of
from exchange.domain.matters.applications import application_standings
from exchange.domain.matters.certificates import with_standings
from exchange.domain.matters.decisions import matter_standings
from exchange.domain.matters.limits import LimitCount
from exchange.domain.matters.materials import material_views
from exchange.domain.matters.reads import read_for
from exchange.domain.matters.requests import requests_of
from exchange.domain.matters.running import count_on, counts_from
from exchange.domain.matters.standing import CHOICE, as_decided
from exchange.domain.matters.states import matter_views, views_of, waits_without_records
from exchange.domain.matters.views import ANNOUNCED, MattersStanding, MatterView
from exchange.domain.news import News
from exchange.domain.policy import Policy
from exchange.domain.policy_files.models import Matter
from exchange.domain.prefill import open_conflicts, prefill, prefill_each
from exchange.domain.records.document_versions import is_revoked
from exchange.domain.records.findings import Facts
from exchange.domain.records.known_remarks import remarks_of
from exchange.domain.records.references import CaseRemark, remarks_beside
from exchange.domain.rival_conflicts import rival_conflicts
from exchange.domain.values import CaseState, Standing, Taken, recording
from exchange.domain.views import Case, WorkedOut
from verification.long_numbers import shown_name
from verification.names.faults import name_fault
from verification.records import Record
from verification.remarks import Remark


def case_of(state: CaseState, policy: Policy, before: WorkedOut | None = None) -> Case:
    """Work out the whole case from the records taken.

    Args:
        state: The records.
        policy: The rules.
        before: The case as these rules had it before; it makes no difference but to the time that it takes.
    """
    persons = persons_of(state)
    facts = sort_out(persons, policy)
    all_documents = (*persons.documents, *persons.gone)
    news = _news(state, facts, before)
    standing = MattersStanding(
        standing_matters(facts, persons, policy, news), material_views(facts, policy, news)
    )
    counted = count_on(state, standing, policy, partial(_standing_then, state, policy))
    count = LimitCount.of(persons, counted, policy)
    materials = with_standings(standing.materials, persons, facts, policy)
    form = prefill(facts, policy, news)
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
        limits=count.limits(standing),
        dues=count.dues(standing.matters),
        counted=counted,
        form=form,
        applications=prefill_each(facts, form, policy),
        remarks=_remarks(taken, facts, policy),
    )


def _remarks(
    taken: tuple[Taken, ...], facts: Facts, policy: Policy
) -> dict[str, tuple[Remark | CaseRemark, ...]]:
    own: dict[str, tuple[Remark | CaseRemark, ...]] = {
        entry.record.record_id: found for entry in taken if (found := remarks_of(entry, policy.acceptance))
    }
    beside = remarks_beside(facts, (entry.record for entry in taken))
    return own | {name: (*own.get(name, ()), *found) for name, found in beside.items()}


def _news(state: CaseState, facts: Facts, before: WorkedOut | None) -> News | None:
    """Return what has come since; None where anything may be other than it was.

    That is so where nothing was worked out, where another case said something, and where a record does not
    stand for itself: where some disagree, are held or fell, or a handler decided.
    """
    if before is None or not (facts.plain and before.case.facts.plain):
        return None
    known = before.state
    if state.borrowed or known.borrowed or state.claims or known.claims:
        return None
    had = len(known.taken)
    if len(state.taken) < had or not all(map(is_, known.taken, state.taken)):
        return None
    came = tuple(entry.record for entry in state.taken[had:])
    case = before.case
    return News(came, facts.corrected.keys(), case.facts, case.matters, case.materials, case.form)


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


def standing_matters(
    facts: Facts, persons: Persons, policy: Policy, news: News | None = None
) -> tuple[MatterView, ...]:
    """Return every matter's view, in the order of the policy.

    A matter that was ready or under way is SUSPENDED if a record that it rested on was revoked, is held or is
    in conflict. So is a bank's matter with no record left, one that a handler holds, a money matter for
    which two people applied, and one while what corroborates the death contradicts its proof. A completed
    matter stays completed while the record that says so stands; if what it rested on was revoked, it is to
    be recovered.

    Args:
        facts: What is known of the person.
        persons: The records that it is known from.
        policy: The matters.
        news: What has come since they were worked out; without it, all are.
    """
    if news is not None:
        return tuple(view for one in policy.matters for view in _with_news(news, one, facts, policy))
    views = matter_views(facts, policy)
    if facts.fallen:
        views = _after_losses(views, facts, persons, policy)
    return as_decided(views, facts, policy)


def _with_news(news: News, matter: Matter, facts: Facts, policy: Policy) -> tuple[MatterView, ...]:
    if not news.about(matter.matter, policy):
        return tuple([view for view in news.matters if view.matter == matter.matter])
    read = read_for(matter.matter, facts, policy)
    return as_decided(views_of(matter, read, policy), read, policy)


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
        if _asked_for_anew(view, persons, policy):
            standing.append(view)
        else:
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


def _asked_for_anew(view: MatterView, persons: Persons, policy: Policy) -> bool:
    """Say whether somebody applied after all that had completed it was revoked, and that opens the matter.

    So it is for any application where the case has nothing that completes it: there never was such a record,
    or it is another person's by now.
    """
    matter = policy.by_number[view.matter]
    if not matter.opened_by_application or view.state != "APPLIED":
        return False
    papers = [versions for versions in persons.documents if versions[-1].record.type in matter.done_by.record]
    last = max((versions[-1].record.recorded_at for versions in papers), default="")
    return all(map(is_revoked, papers)) and any(one.recorded_at > last for one in view.asked)


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
