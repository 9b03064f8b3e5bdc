"""限时办结: by which working day a matter has to be decided, and what stops the count.

A function of the records alone, so of their `recorded_at` and not of a clock: what time does to it is told
beside the case (``exchange.domain.deadlines``). A working day counts if it begins after the application and
nothing stopped the count on it, however briefly; the first such day is day 1.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from exchange.domain.identity.persons import Persons
from exchange.domain.matters.views import UNDECIDED, Limit, MatterKey, MattersStanding, MatterView
from exchange.domain.policy import Policy
from exchange.domain.policy_files.working_days import WorkingDays
from exchange.domain.records.document_versions import Versions
from verification.times import calendar_date

Span = tuple[str, str | None]
"""From one moment to another (ISO instants, UTC); None: it still goes on."""
SILENT = frozenset({"acknowledgement", "result"})
"""Records of these types never stop the count, except results of the matter itself."""
ONE_DAY = timedelta(days=1)


Then = Callable[[str], MattersStanding]
"""How matters stood by what had been recorded by a moment (ISO instant, UTC)."""


def limits_of(
    now: MattersStanding, persons: Persons, claimed_at: Iterable[str], policy: Policy, then: Then
) -> Mapping[MatterKey, Limit]:
    """Return the limit of every matter that somebody has applied for and nobody has decided.

    Args:
        now: How matters stand.
        persons: The person's documents.
        claimed_at: When other cases said what belongs to them, which may also have changed something.
        policy: The limits and the calendar.
        then: How matters stood before.
    """
    undecided = [view for view in now.matters if view.asked and view.state in UNDECIDED]
    if not undecided:
        return {}
    documents = (*persons.documents, *persons.gone)
    days = {matter.matter: matter.limit_working_days for matter in policy.matters}
    limits: dict[MatterKey, Limit] = {}
    for view in undecided:
        key = (view.matter, view.instance)
        moments = _moments(view, documents, claimed_at)
        standings = (*map(then, moments[:-1]), now)
        spans = _spans([(at, one.counts(key)) for at, one in zip(moments, standings, strict=True)])
        limits[key] = _counted(
            spans, moments[0], days[view.matter], now.owed(view.matter), policy.working_days
        )
    return limits


def _moments(view: MatterView, documents: Iterable[Versions], claimed_at: Iterable[str]) -> list[str]:
    """Return when somebody applied, and when anything was recorded since that may have stopped the count."""
    asked = {record.record_id for record in view.asked}
    applied_at = min(
        versions[0].record.recorded_at for versions in documents if versions[-1].record.record_id in asked
    )
    records = [entry.record for versions in documents for entry in versions]
    results = [one for one in records if one.type == "result" and one.facts["matter"] == view.matter]
    others = (one for one in records if one.type not in SILENT)
    recorded = (*(one.recorded_at for one in (*others, *results)), *claimed_at)
    return sorted({applied_at, *(at for at in recorded if at > applied_at)})


def _spans(states: list[tuple[str, bool]]) -> Iterator[Span]:
    """Yield the spans in which the limit runs, from moments that each say whether it runs from then on."""
    begun: str | None = None
    for at, counts in states:
        if counts and begun is None:
            begun = at
        elif begun is not None and not counts:
            yield begun, at
            begun = None
    if begun is not None:
        yield begun, None


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
