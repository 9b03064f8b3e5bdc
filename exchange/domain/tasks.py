"""What somebody owes a case until it is done: who has to acknowledge, recover, decide or look again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid5

from exchange.domain.announcements import NAMESPACE, reminder
from exchange.domain.counties import county_of, persons_county
from exchange.domain.form import Conflict
from exchange.domain.matters.views import MatterView
from exchange.domain.policy import Policy
from exchange.domain.records.rivals import AMENDMENTS_DIFFER
from exchange.domain.values import CaseState, Deadline, Task, TaskKind, Told, late_at
from exchange.domain.views import Announcement, Case
from exchange.domain.window import owed_by_window
from verification.times import instant_text


def owe(
    state: CaseState, case: Case, policy: Policy, at: str
) -> tuple[CaseState, tuple[Task, ...], tuple[Announcement, ...]]:
    """Return the state that knows what is owed at the moment ``at``, what of it has changed, and reminders.

    A department that has not acknowledged a withdrawal in time is told of it once more.
    """
    withdrawn = {one.announcement_id: one for one in _unacknowledged(state, case)}
    wanted = {
        task.task_id: replace(task, county=_county(task, withdrawn, case, policy))
        for task in _wanted(state, case, policy, withdrawn.values(), at)
    }
    before = {task.task_id: task for task in state.tasks}
    now = [_as_before(task, before.get(task.task_id), at) for task in wanted.values()]
    changed = [task for task in now if task != before.get(task.task_id)]
    done = [replace(task, state="DONE", at=at) for task_id, task in before.items() if task_id not in wanted]
    if not changed and not done:
        return state, (), ()
    late = [task for task in changed if task.state == "LATE" and task.subject in withdrawn]
    reminders = tuple(reminder(withdrawn[task.subject], case, policy, at) for task in late)
    ordered = tuple(sorted(now, key=lambda task: (task.opened_at, task.task_id)))
    return replace(state, tasks=ordered), (*changed, *done), reminders


def _unacknowledged(state: CaseState, case: Case) -> tuple[Told, ...]:
    if not state.withdrawn:
        return ()
    signed = {
        (record.department, record.facts.get("announcement_id"))
        for record in case.facts.live.get("acknowledgement", ())
    }
    return tuple(one for one in state.withdrawn if (one.department, one.announcement_id) not in signed)


def _wanted(
    state: CaseState, case: Case, policy: Policy, withdrawn: Iterable[Told], at: str
) -> Iterator[Task]:
    yield from _of_departments(state, case, policy, withdrawn, at)
    yield from _of_window(state, case, policy, at)
    by_rule: dict[tuple[str, int | None, str | None], list[Conflict]] = defaultdict(list)
    for conflict in case.conflicts:
        by_rule[conflict.rule, conflict.matter, conflict.instance].append(conflict)
    for (rule, *_), found in by_rule.items():
        if rule != "name_differs":
            records = {record.record_id for conflict in found for _, record in conflict.values}
            yield _task(state, "RESOLVE_CONFLICT", policy.window, rule, at, found[0], records)
    by_code: dict[str, set[str]] = defaultdict(set)
    for record_id, codes in case.facts.held.items():
        for code in codes:
            if code != AMENDMENTS_DIFFER:  # who it is about is known: it is a conflict
                by_code[code].add(record_id)
    for code, held in by_code.items():
        yield _task(state, "IDENTIFY_PERSON", policy.window, code, at, records=held)
    for decision, standing in case.decisions:
        if standing == "REOPENED":
            yield _task(state, "REVIEW_DECISION", policy.window, decision.record_id, at)


def _of_window(state: CaseState, case: Case, policy: Policy, at: str) -> Iterator[Task]:
    for owed in owed_by_window(case, policy, at):
        task = _task(state, owed.kind, policy.window, owed.subject, at, owed.about)
        yield replace(task, due=owed.due)


def _of_departments(
    state: CaseState, case: Case, policy: Policy, withdrawn: Iterable[Told], at: str
) -> Iterator[Task]:
    for one in withdrawn:
        due = datetime.fromisoformat(one.at) + timedelta(hours=policy.periods.acknowledge_hours)
        task = _task(state, "ACKNOWLEDGE", one.department, one.announcement_id, one.at, one)
        yield replace(task, due=instant_text(due))
    for deadline in state.deadlines:
        if deadline.told:
            task = _task(state, "DECIDE", deadline.department, deadline.due, at, deadline)
            yield replace(task, due=late_at(deadline))
    for view in case.matters:
        if view.returned and (view.matter, view.instance) in case.limits:
            yield _task(state, "CORRECT", policy.window, view.returned.record_id, at, view)
        if view.unknown_bank and case.facts.death_proofs:
            yield _task(state, "IDENTIFY_BANK", policy.window, view.instance or "", at, view)
        if view.recovery:
            yield _task(state, "RECOVER", view.department, "", at, view)


def _county(task: Task, withdrawn: Mapping[str, Told], case: Case, policy: Policy) -> str | None:
    """Return the county whose task it is: that which was told, else that of the matter, else the person's."""
    if task.kind == "ACKNOWLEDGE":
        return withdrawn[task.subject].county
    about = (task.matter, task.instance)
    views = (view for view in case.matters if (view.matter, view.instance) == about)
    view = next(views, None)
    return county_of(view, case.facts, policy) if view else persons_county(case.facts, policy)


def _task(
    state: CaseState,
    kind: TaskKind,
    owed_by: str,
    subject: str,
    at: str,
    about: Told | MatterView | Deadline | Conflict | None = None,
    records: Iterable[str] = (),
) -> Task:
    matter, instance = (about.matter, about.instance) if about else (None, None)
    named = (state.case_id, kind, owed_by, subject, str(matter or ""), instance or "")
    return Task(
        task_id=str(uuid5(NAMESPACE, "\n".join(named))),
        kind=kind,
        state="OPEN",
        owed_by=owed_by,
        subject=subject,
        opened_at=at,
        at=at,
        matter=matter,
        instance=instance,
        records=tuple(sorted(set(records))),
    )


def _as_before(task: Task, before: Task | None, at: str) -> Task:
    """Keep the time since which it has been owed; a task past its time is late."""
    if before is not None:
        task = replace(task, state=before.state, opened_at=before.opened_at, at=before.at)
    if task.state == "OPEN" and task.due is not None and task.due < at:
        return replace(task, state="LATE", at=at)
    return task
