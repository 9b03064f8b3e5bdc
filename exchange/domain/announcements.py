"""Tells departments what has changed for them: each matter's new state, with the draft that they may see."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast
from uuid import UUID, uuid5

from avro_schemas.typed_documents import TransitionSymbol
from exchange.domain.counties import county_of
from exchange.domain.form import Filled, Form
from exchange.domain.grants import OF_WHOM_ALONE, OVERDUE, RECOVERY, WITHDRAWN, granted, shows_materials
from exchange.domain.identity.corrections import reissued
from exchange.domain.matters.applications import applications_for, are_of_several
from exchange.domain.matters.views import ANNOUNCED, MaterialView, MatterView
from exchange.domain.policy import Policy
from exchange.domain.prefill import prefill
from exchange.domain.values import CaseState, Told
from exchange.domain.views import Announcement, Case
from verification.records import Record

NAMESPACE = UUID("5e7c3a52-6f0e-5d53-9a0e-3c8d1f0b7a11")
AnnouncementKey = tuple[int, str | None, str]
"""Matter, instance and department; for each key the last announcement stands."""


def announce(
    state: CaseState, case: Case, policy: Policy, at: str
) -> tuple[CaseState, tuple[Announcement, ...]]:
    """Return what departments must now be told of the state's case, and the state that remembers it.

    A matter is told when it enters READY or a later state, once for each set of proofs, unless every proof
    is backfill. What was told is withdrawn when it no longer stands, or rests on backfill alone. So what
    stands as told follows from the case alone, whatever the order in which its records came.
    """
    told = {_key(before): before for before in state.told}
    views = {_key(view): view for view in case.matters}
    news = [
        replace(one, county=county_of(view, case.facts, policy))
        for view in views.values()
        if (one := _news(state, view, told, at))
    ]
    news += [
        _withdrawal(state.case_id, before, at)
        for key, before in told.items()
        if before.transition != WITHDRAWN and not _stands(before, views.get(key), case, policy)
    ]
    if not news:
        return state, ()
    anew = reissued(case.persons, policy)
    announcements = tuple(
        announcement_of(one, case, policy, correction=_corrects(one, told.get(_key(one)), anew))
        for one in news
    )
    used = (*state.used, *(told[_key(one)].announcement_id for one in news if _key(one) in told))
    told |= {_key(one): one for one in news}
    ordered = tuple(sorted(told.values(), key=lambda one: (one.matter, one.instance or "", one.department)))
    withdrawn = (*state.withdrawn, *(one for one in news if one.transition in {WITHDRAWN, RECOVERY}))
    return replace(state, told=ordered, used=used, withdrawn=withdrawn), announcements


def reminder(withdrawn: Told, case: Case, policy: Policy, at: str) -> Announcement:
    """Return the announcement that a department has not acknowledged what was taken back."""
    head = (case.case_id, withdrawn.matter, withdrawn.instance, withdrawn.department)
    late = replace(
        withdrawn,
        transition=OVERDUE,
        announcement_id=announcement_id(*head, OVERDUE, withdrawn.proofs, withdrawn.announcement_id),
        at=at,
    )
    return replace(announcement_of(late, case, policy), reminds_of=withdrawn.announcement_id)


def announcement_id(
    case_id: str,
    matter: int,
    instance: str | None,
    department: str,
    transition: str,
    proofs: tuple[str, ...],
    after: str = "",
) -> str:
    """Return the id of an announcement: a version-5 UUID over everything that makes it what it is.

    ``after`` is the announcement that this one takes back, reminds of, or follows when it stands again.
    """
    head = (case_id, str(matter), instance or "", department, transition)
    return str(uuid5(NAMESPACE, "\n".join((*head, *proofs, "", after))))


def _key(one: Told | MatterView) -> AnnouncementKey:
    return (one.matter, one.instance, one.department)


def _to_be_told(view: MatterView) -> bool:
    if view.untold or view.state not in ANNOUNCED:
        return False
    return not all(record.backfill for record in view.proofs)


def _stands(before: Told, view: MatterView | None, case: Case, policy: Policy) -> bool:
    """Say whether what was told still stands: of a matter that is no more, as long as the death does."""
    if before.matter not in policy.deciders:
        return bool(case.facts.death_proofs)
    return view is not None and _to_be_told(view)


def _news(state: CaseState, view: MatterView, told: Mapping[AnnouncementKey, Told], at: str) -> Told | None:
    if not _to_be_told(view):
        return None
    transition = RECOVERY if view.recovery else view.state
    before = told.get(_key(view))
    if before and (before.transition, before.proofs) == (transition, view.proof_ids):
        return None
    new = _told(state.case_id, _key(view), transition, view.proof_ids, at)
    if before is None or new.base not in state.used:
        return new
    again = _told(state.case_id, _key(view), transition, view.proof_ids, at, before.announcement_id)
    return replace(again, base=new.base)


def _withdrawal(case_id: str, before: Told, at: str) -> Told:
    back = _told(case_id, _key(before), WITHDRAWN, before.proofs, at, before.announcement_id)
    return replace(back, county=before.county)


def _corrects(told: Told, before: Told | None, anew: Mapping[str, frozenset[str]]) -> bool:
    """Say whether this one rests on a document issued anew, and the one before on what that replaced."""
    if before is None or told.transition in OF_WHOM_ALONE:
        return False
    return any(anew[proof] & set(before.proofs) for proof in told.proofs if proof in anew)


def _told(
    case_id: str, key: AnnouncementKey, transition: str, proofs: tuple[str, ...], at: str, after: str = ""
) -> Told:
    told_id = announcement_id(case_id, *key, transition, proofs, after)
    return Told(*key, transition, told_id, proofs, at, base=told_id)


def announcement_of(told: Told, case: Case, policy: Policy, *, correction: bool = False) -> Announcement:
    """Return the announcement as a department is sent it, with its draft."""
    return Announcement(
        id=told.announcement_id,
        case_id=case.case_id,
        department=told.department,
        matter=told.matter,
        instance=told.instance,
        county=told.county,
        transition=cast(TransitionSymbol, told.transition),  # only what is in such a state is told
        at=told.at,
        proofs=told.proofs,
        draft=_draft(told, case, policy),
        materials=_materials(told, case, policy),
        correction=correction,
    )


def _draft(told: Told, case: Case, policy: Policy) -> dict[str, Filled]:
    """Return the form's fields that the department's grant names, and nothing else.

    Minimisation happens here.
    """
    fields = granted(told.department, told.transition, policy)
    if told.transition in OF_WHOM_ALONE:
        form = _form_of(told.proofs, case, policy)
    else:
        form = _form_for(told, case, policy)
    return {
        field: form[section][name] for field in sorted(fields) for section, name in (field.split(".", 1),)
    }


def _materials(told: Told, case: Case, policy: Policy) -> tuple[MaterialView, ...]:
    shown = shows_materials(told.department, told.transition, policy)
    return case.materials[told.matter] if shown else ()


def _form_for(told: Told, case: Case, policy: Policy) -> Form:
    """Return the form with whoever applied for the department's own matter, never for another's.

    If several applied, it is the one whose application the department is told of, the last of several.
    """
    applications = case.facts.in_force.get("application", ())
    told_of = [one for one in applications if one.record_id in told.proofs]
    if are_of_several(told_of):
        return next(form for one, form in case.applications if one.record_id == told_of[-1].record_id)
    view = next((one for one in case.matters if _key(one) == _key(told)), None)
    counted = applications_for(told.matter, case.facts)
    asking = (one for one in counted if view is None or one in view.asked_by)
    asked = tuple(sorted(asking, key=lambda one: one.record_id not in told.proofs))
    if asked == applications:
        return case.form
    return prefill(replace(case.facts, in_force={**case.facts.in_force, "application": asked}), policy)


def _form_of(proofs: tuple[str, ...], case: Case, policy: Policy) -> Form:
    """Return the form filled from the records once told, though they no longer count: it must say who."""
    records: dict[str, tuple[Record, ...]] = {}
    for entry in case.taken:
        if entry.record.record_id in proofs:
            records[entry.record.type] = (*records.get(entry.record.type, ()), entry.record)
    return prefill(replace(case.facts, in_force=records, judged=()), policy)
