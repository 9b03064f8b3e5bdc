"""Tells a department that the limit of a matter is nearly over, and that it is over.

Which day that is follows from the case; when it is told follows from the time on the log. What was told is
kept beside the case. If several such moments were missed, the last says all that the others would have said.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from exchange.domain.announcements import announcement_id, announcement_of
from exchange.domain.counties import county_of
from exchange.domain.grants import DUE_SOON, OVERDUE
from exchange.domain.matters.views import COUNTING, MatterView
from exchange.domain.policy import Policy
from exchange.domain.values import CaseState, Deadline, Told, end_of
from exchange.domain.views import Announcement, Case

ONE_DAY = timedelta(days=1)
LEVELS: Final = ("", DUE_SOON, OVERDUE)
"""What is told, in this order."""


def warn(state: CaseState, case: Case, policy: Policy, at: str) -> tuple[CaseState, tuple[Announcement, ...]]:
    """Return the state that knows the limits that run, and what departments must now be told of them.

    A department hears of limits only for matters that it was told of: loading history triggers nothing.
    """
    if not (case.limits or case.dues or state.deadlines):
        return state, ()
    before = {(one.matter, one.instance, one.department, one.due): one for one in state.deadlines}
    deadlines, told = [], []
    for view, due in _announced(state, case):
        new = _deadline(view, due, policy, at)
        known = before.get((new.matter, new.instance, new.department, new.due))
        if known and LEVELS.index(new.told) <= LEVELS.index(known.told):
            new = known  # as told before: on another topic the log's time may be a moment earlier
        elif new.told:
            told.append(_announcement(new, view, case, policy, at))
        deadlines.append(new)
    return replace(state, deadlines=tuple(deadlines)), tuple(told)


def _announced(state: CaseState, case: Case) -> Iterator[tuple[MatterView, date]]:
    """Yield the matters that departments were told of, each with every last day that it still has to keep."""
    told = {(one.matter, one.instance, one.department): one.transition for one in state.told}
    for view in case.matters:
        if told.get((view.matter, view.instance, view.department)) == view.state:
            yield from ((view, due) for due in sorted(_dues(view, case)))


def _dues(view: MatterView, case: Case) -> set[date]:
    """Return the last day of the matter's limit, and of each application that waits for its own answer."""
    key = (view.matter, view.instance)
    limit = case.limits.get(key)
    own = (
        case.dues.get((key, one.application.record_id)) for one in view.applications if one.state in COUNTING
    )
    return {due for due in (*own, limit.due if limit else None) if due}


def _deadline(view: MatterView, due: date, policy: Policy, at: str) -> Deadline:
    """Return a deadline as it stands at a moment, as if nothing had been told."""
    working_days = policy.by_number[view.matter].limit_working_days
    soon, late = _soon_at(working_days, due, policy), end_of(due.isoformat())
    head = (view.matter, view.instance, view.department, due.isoformat())
    if late < at:
        return Deadline(*head, OVERDUE, None)
    return Deadline(*head, DUE_SOON, late) if soon < at else Deadline(*head, "", soon)


def _soon_at(working_days: int, due: date, policy: Policy) -> str:
    """Return the end of the day before the limit is due soon, which is on its first day at the earliest."""
    notice = min(policy.periods.due_soon_working_days, working_days - 1)
    day = policy.working_days.before(due, notice) if notice else due
    return end_of(((day or due) - ONE_DAY).isoformat())


def _announcement(deadline: Deadline, view: MatterView, case: Case, policy: Policy, at: str) -> Announcement:
    key = (view.matter, view.instance, view.department)
    named = announcement_id(case.case_id, *key, deadline.told, view.proof_ids, deadline.due)
    county = county_of(view, case.facts, policy)
    told = Told(*key, deadline.told, named, view.proof_ids, at, base=named, county=county)
    return replace(announcement_of(told, case, policy), due=date.fromisoformat(deadline.due))
