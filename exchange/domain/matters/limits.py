"""限时办结: by which working day a matter has to be decided, and what stops the count.

A function of the records and of when the log took them, not of a clock: what time does to it is told
beside the case (``exchange.domain.limit_warnings``). A working day counts if it begins after the application
and nothing stopped the count on it, however briefly; the first such day is day 1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from exchange.domain.identity.persons import Persons
from exchange.domain.matters.running import Span, counts_from, spans_of
from exchange.domain.matters.views import UNDECIDED, Limit, MatterKey, MattersStanding, MatterView
from exchange.domain.policy import Policy
from exchange.domain.policy_files.working_days import WorkingDays
from exchange.domain.records.document_versions import Versions
from exchange.domain.values import Counted, Taken
from verification.records import Record
from verification.times import calendar_date

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LimitCount:
    """What limits are counted by.

    Attributes:
        documents: The person's documents, by the id of the last record of each.
        ran: When the limit of each matter ran; empty while nobody has applied for anything.
        policy: The limits and the calendar.
    """

    documents: Mapping[str, Versions]
    ran: Mapping[MatterKey, tuple[Span, ...]]
    policy: Policy

    @classmethod
    def of(cls, persons: Persons, counted: tuple[Counted, ...], policy: Policy) -> Self:
        """Return it as it is by all that was counted (``exchange.domain.matters.running``)."""
        ran = spans_of(counted[-1]) if counted else {}
        documents = (*persons.documents, *persons.gone)
        return cls({one[-1].record.record_id: one for one in documents}, ran, policy)

    def limits(self, now: MattersStanding) -> Mapping[MatterKey, Limit]:
        """Return the limit of every matter that somebody has applied for and nobody has decided."""
        return {
            (view.matter, view.instance): replace(
                self._limit(view, view.asked, now.owed(view.matter)),
                returned=view.returned.record_id if view.returned else None,
                asked_back=view.asked_back.record_id if view.asked_back else None,
            )
            for view in now.matters
            if view.asked and view.state in UNDECIDED
        }

    def dues(self, matters: Iterable[MatterView]) -> Mapping[tuple[MatterKey, str], date]:
        """Return the last day of every application that waits for an answer, where there is one.

        Each counts from when it was handed in; what stops the count stops it for all of the matter.
        """
        return {
            ((view.matter, view.instance), one.application.record_id): limit.due
            for view in matters
            for one in view.applications
            if one.state in UNDECIDED and not one.paused
            if (limit := self._limit(view, (one.application,), ())).due
        }

    def _limit(self, view: MatterView, applications: Iterable[Record], owed: tuple[int, ...]) -> Limit:
        """Return the limit of what these applications ask for."""
        applied = _entries(applications, self.documents)
        ran = self.ran.get((view.matter, view.instance), ())
        spans = _since(min(counts_from(entry, self.policy) for entry in applied), ran)
        applied_at = min(entry.record.recorded_at for entry in applied)
        days = self.policy.by_number[view.matter].limit_working_days
        return _counted(spans, applied_at, days, owed, self.policy.working_days)


def _entries(applications: Iterable[Record], documents: Mapping[str, Versions]) -> list[Taken]:
    """Return the applications that the department has to answer, with what they corrected."""
    return [entry for record in applications for entry in documents.get(record.record_id, ())]


def _since(moment: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans, or the parts of them, after a moment."""
    for begun, ended in spans:
        if ended is None or ended > moment:
            yield max(begun, moment), ended


def _counted(
    spans: Iterable[Span], applied_at: str, limit: int, owed: tuple[int, ...], calendar: WorkingDays
) -> Limit:
    left = limit
    for begun, ended in spans:
        first = _day(begun) + ONE_DAY
        due = calendar.from_on(first, left)
        if ended is None:
            return Limit("RUNNING" if due else "NO_CALENDAR", applied_at, limit, due, None, owed)
        worked = calendar.count(first, _day(ended) - ONE_DAY)
        if worked is None:
            return Limit("NO_CALENDAR", applied_at, limit, None, None, owed)
        if worked >= left:
            return Limit("PAUSED", applied_at, limit, due, 0, owed)
        left -= worked
    return Limit("PAUSED", applied_at, limit, None, left, owed)


def _day(moment: str) -> date:
    return calendar_date(datetime.fromisoformat(moment))
