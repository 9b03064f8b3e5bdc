"""Tells departments what has changed for them: each matter's new state, with the draft that they may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from exchange.domain.case import Case
from exchange.domain.matters import ANNOUNCED, MatterView, applications_for
from exchange.domain.policy import Policy
from exchange.domain.prefill import Filled, prefill
from exchange.domain.values import CaseState, Told

NAMESPACE = UUID("5e7c3a52-6f0e-5d53-9a0e-3c8d1f0b7a11")
WITHDRAWN = "SUSPENDED"

Key = tuple[int, str | None, str]
"""Matter, instance and department: of each, the last announcement stands."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement to one department.

    Its id is a function of case, matter, department, transition, proofs and what was ended to come to it:
    told twice, it is the same announcement.
    ``at`` is the log's append time of the record that caused it (ISO instant, UTC).
    """

    id: str
    case_id: str
    department: str
    matter: int
    instance: str | None
    transition: str
    at: str
    proofs: tuple[str, ...]
    draft: Mapping[str, Filled]


def announce(
    state: CaseState, case: Case, policy: Policy, at: str
) -> tuple[CaseState, tuple[Announcement, ...]]:
    """Return what departments must now be told of the state's case, and the state that remembers it.

    A matter is told when it enters READY or a later state, once for each set of proofs, unless every proof
    is backfill; what was told and stands no longer, or on nothing but backfill, is withdrawn. So what stands
    told follows from the case alone, in whatever order its records came.
    """
    told = {_key(before): before for before in state.told}
    views = {_key(view): view for view in case.matters}
    news = [t for view in views.values() if (t := _news(state.case_id, view, told))]
    news += [
        _withdrawal(state.case_id, before)
        for key, before in told.items()
        if before.transition != WITHDRAWN and (key not in views or not _to_be_told(views[key]))
    ]
    if not news:
        return state, ()
    told |= {_key(one): one for one in news}
    ordered = tuple(sorted(told.values(), key=lambda one: (one.matter, one.instance or "", one.department)))
    return replace(state, told=ordered), tuple(_announcement(one, case, policy, at) for one in news)


def announcement_id(
    case_id: str,
    matter: int,
    instance: str | None,
    department: str,
    transition: str,
    proofs: tuple[str, ...],
    ended: tuple[str, ...],
) -> str:
    """Return the id of an announcement: a version-5 UUID over everything that makes it what it is.

    ``ended`` tells what is restored from what was told before: the records that ended what stood between,
    or of a withdrawal the announcement that it ends.
    """
    head = (case_id, str(matter), instance or "", department, transition)
    return str(uuid5(NAMESPACE, "\n".join((*head, *proofs, "", *ended))))


def _key(one: Told | MatterView) -> Key:
    return (one.matter, one.instance, one.department)


def _to_be_told(view: MatterView) -> bool:
    return view.state in ANNOUNCED and not all(record.backfill for record in view.proofs)


def _news(case_id: str, view: MatterView, told: Mapping[Key, Told]) -> Told | None:
    if not _to_be_told(view):
        return None
    new = _told(case_id, _key(view), view.state, view.proof_ids, view.ended)
    before = told.get(_key(view))
    return None if before and before.announcement_id == new.announcement_id else new


def _withdrawal(case_id: str, before: Told) -> Told:
    return _told(case_id, _key(before), WITHDRAWN, before.proofs, (before.announcement_id,))


def _told(case_id: str, key: Key, transition: str, proofs: tuple[str, ...], ended: tuple[str, ...]) -> Told:
    return Told(*key, transition, announcement_id(case_id, *key, transition, proofs, ended), proofs)


def _announcement(told: Told, case: Case, policy: Policy, at: str) -> Announcement:
    return Announcement(
        id=told.announcement_id,
        case_id=case.case_id,
        department=told.department,
        matter=told.matter,
        instance=told.instance,
        transition=told.transition,
        at=at,
        proofs=told.proofs,
        draft=_draft(told, case, policy),
    )


def _draft(told: Told, case: Case, policy: Policy) -> dict[str, Filled]:
    """Return the form's fields that the department's grant names and nothing else: minimisation happens here.

    Of the applicants a department sees who applied for its own matter, never for another's, and of several
    the one whose application it is told of. A withdrawal
    says of whom it is, and no more.
    """
    applications = case.facts.in_force.get("application", ())
    asked = tuple(
        sorted(applications_for(told.matter, case.facts), key=lambda one: one.record_id not in told.proofs)
    )
    granted = policy.grants.get(told.department, frozenset())
    form = case.form
    if asked != applications:
        form, _ = prefill(replace(case.facts, in_force={**case.facts.in_force, "application": asked}), policy)
    return {
        field: form[section][name]
        for field in sorted(granted & policy.identity if told.transition == WITHDRAWN else granted)
        for section, name in (field.split(".", 1),)
    }
