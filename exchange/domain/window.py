"""The window's own work in a case: what it did, what is remarkable in that, and what it still owes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from exchange.domain.matters.running import counts_from
from exchange.domain.matters.views import OVER, ApplicationView, MatterView
from exchange.domain.policy import Policy
from exchange.domain.records.findings import Facts
from exchange.domain.values import Taken, TaskKind, end_of
from exchange.domain.views import Case
from verification.records import Record
from verification.times import calendar_date


@dataclass(frozen=True, slots=True)
class OwedByWindow:
    """What the window owes.

    Attributes:
        kind: Of the task.
        subject: What it is about: the id of a record.
        due: After this moment it is late (ISO instant, UTC); None without a calendar, or a time.
        about: The matter whose it is, where it is one's.
    """

    kind: TaskKind
    subject: str
    due: str | None = None
    about: MatterView | None = None


def owed_by_window(case: Case, policy: Policy, at: str) -> Iterator[OwedByWindow]:
    """Yield what the window owes at a moment (ISO instant, UTC); history that was loaded owes nothing.

    A result is owed to whoever said in the application how it is to reach them. An appointment is owed until
    its time has come.
    """
    live, rule, due_of = case.facts.live, policy.window_rule, _Dues(case, policy)
    for one in _unexamined(case) if rule.examine_first else ():
        yield OwedByWindow("EXAMINE", one.record_id, due_of(one, rule.examine_working_days))
    for record_id in {view.asked_back.record_id: None for view in case.matters if view.asked_back}:
        yield OwedByWindow("CORRECT", record_id)
    for view, result in _to_hand_out(case):
        yield OwedByWindow("HAND_OUT", result.record_id, due_of(result, rule.hand_out_working_days), view)
    for one in _news(live.get("appointment", ())):
        if (scheduled_at := one.facts["scheduled_at"]) >= at:
            yield OwedByWindow("KEEP_APPOINTMENT", one.record_id, scheduled_at)
    for one in _news(live.get("enquiry", ())):
        if one.facts.get("closed_at") is None:
            due = due_of(one, rule.answer_working_days)
            yield OwedByWindow("ANSWER_ENQUIRY", case.facts.document_of(one), due)


def current_ids(record_type: str, facts: Facts) -> Mapping[str, str]:
    """Map every id under which an application or a result in force is known to its last one."""
    return {known: one.record_id for one in facts.live.get(record_type, ()) for known in facts.versions(one)}


def _news(records: tuple[Record, ...]) -> Iterator[Record]:
    return (one for one in records if not one.backfill)


def _unexamined(case: Case) -> Iterator[Record]:
    waiting = {
        one.application.record_id: one.application
        for view in case.matters
        for one in view.applications
        if one.unexamined and one.state not in OVER
    }
    return _news(tuple(waiting.values()))


def _to_hand_out(case: Case) -> Iterator[tuple[MatterView, Record]]:
    if not case.applications:
        return
    given = {one for each in case.facts.live.get("handover", ()) for one in each.facts["results"]}
    for view in case.matters:
        for one in view.applications if not view.recovery else ():
            if (result := _completed(one)) and given.isdisjoint(case.facts.versions(result)):
                yield view, result


def _completed(one: ApplicationView) -> Record | None:
    result = one.result
    if result is None or result.backfill or not one.application.facts.get("delivery"):
        return None
    return result if result.facts["outcome"] == one.state == "COMPLETED" else None


@dataclass(frozen=True)
class _Dues:
    """When the window's work in a case is due."""

    case: Case
    policy: Policy

    @cached_property
    def _entries(self) -> Mapping[str, Taken]:
        return {one.record.record_id: one for one in self.case.taken}

    def __call__(self, record: Record, working_days: int) -> str | None:
        """Return the end of the last working day; the first one begins after the record's document counts."""
        known = (self._entries.get(one) for one in self.case.facts.versions(record))
        moment = min(counts_from(one, self.policy) for one in known if one)
        first = calendar_date(datetime.fromisoformat(moment)) + timedelta(days=1)
        last = self.policy.working_days.from_on(first, working_days)
        return None if last is None else end_of(last.isoformat())
