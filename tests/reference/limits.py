"""By which day each matter has to be decided, walked day by day through what counted by then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import chinese_calendar

from tests.reference import matters
from tests.reference.disputes import disputes_of
from tests.reference.matters import Sight
from tests.reference.pages import Entry, Pages
from tests.reference.papers import Published
from tests.reference.persons import Person, persons_of
from tests.reference.progress import Matter, matters_of, sights_of
from verification.records import Record
from verification.times import calendar_date

COUNTING = (matters.APPLIED, matters.ACCEPTED)
WINDOWS = ("application", "examination", "handover", "appointment", "enquiry")
"""The family's word and the window's work: no department's record."""
LAST_YEAR = 2026
"""The last that the calendar knows."""


@dataclass(frozen=True)
class Count:
    """From a moment on, whether the count runs."""

    at: datetime
    runs: bool


def due_days(
    person: Person, found: Iterable[Matter], pages: Pages
) -> dict[tuple[int, str | None], date | None] | None:
    """The last day of each matter; None for a case that has given or taken records."""
    if person.away or any(placed.lent or not placed.filed_here for placed in person.here):
        return None
    now = sights_of(person, disputes_of(person, pages), pages).now
    return {(one.entry["matter"], one.instance): _due(one, now, person, pages) for one in found}


def corrections(person: Person, found: Iterable[Matter], now: Sight) -> frozenset[tuple[Any, ...]]:
    """What somebody has to have put right: matter, bank and the result that says so."""
    open_ones = [one for one in found if one.stage.state in (*COUNTING, matters.SUSPENDED)]
    by_department = {
        (one.entry["matter"], one.instance, result.record_id)
        for one in open_ones
        if _applied_at(one, person, now) and (result := matters.to_put_right(one.entry, one.bank, now))
    }
    at_the_window = {
        (None, None, asked[-1].record_id)
        for one in open_ones
        if one.stage.state in COUNTING and (asked := matters.asked_back(one.entry, one.bank, now))
    }
    return frozenset(by_department | at_the_window)


def _due(matter: Matter, now: Sight, person: Person, pages: Pages) -> date | None:
    begun = _applied_at(matter, person, now)
    if begun is None or matter.stage.state not in (*COUNTING, matters.SUSPENDED):
        return None
    moments = sorted({begun, *(_counts_from(one, pages) for one in person.own)})
    counts = [
        Count(datetime.fromisoformat(at), _runs(matter, at, person, pages)) for at in moments if at >= begun
    ]
    return _walked(counts, matter.entry["limit_working_days"])


def _walked(counts: Sequence[Count], left: int) -> date | None:
    """The day on which nothing is left; None if it never comes, or nobody knows the calendar."""
    day = calendar_date(counts[0].at)
    while counts[-1].runs or day <= calendar_date(counts[-1].at):
        day += timedelta(days=1)
        if day.year > LAST_YEAR:
            return None
        before = [count for count in counts if calendar_date(count.at) < day][-1:]
        during = [count for count in counts if calendar_date(count.at) == day]
        if chinese_calendar.is_workday(day) and all(count.runs for count in before + during):
            left -= 1
        if not left:
            return day
    return None


def _runs(matter: Matter, at: str, person: Person, pages: Pages) -> bool:
    known: list[Published] = [one for one in person.own if _counts_from(one, pages) <= at]
    then = persons_of(known, pages)[person.key]
    sights = sights_of(then, disputes_of(then, pages), pages)
    for one in matters_of(matter.entry, sights, then):
        if one.instance == matter.instance and one.stage.state in COUNTING:
            asked = _applied_at(one, then, sights.now) is not None
            waits = _owes(one.entry, sights.now) or matters.to_put_right(one.entry, one.bank, sights.now)
            return asked and not waits and not matters.asked_back(one.entry, one.bank, sights.now)
    return False


def _applied_at(matter: Matter, person: Person, sight: Sight) -> str | None:
    """From when it counts that somebody applied whom the department has not answered; None: nobody has."""
    wanting = {one.record_id for one in matters.unanswered(matter.entry, matter.bank, sight)}
    papers = [placed.paper for placed in person.here if placed.paper.last.record.record_id in wanting]
    members = [one for paper in papers for one in paper.members]
    return min((_counts_from(one, sight.pages) for one in members), default=None)


def _counts_from(one: Published, pages: Pages) -> str:
    """When the exchange was told of a record, or, by another policy, when its source had it."""
    recorded_at = one.record.recorded_at
    return max(recorded_at, one.taken_at) if pages.counts_from_told else recorded_at


def _owes(entry: Entry, sight: Sight) -> bool:
    """Whether the family owes a material for the matter."""
    applications = sight.applications(entry)
    handed_in = sight.handed_in(applications)
    musts = [wanted for wanted in entry["materials"] if wanted.get("required", True)]
    return any(not _is_there(wanted, handed_in, applications, sight) for wanted in musts)


def _is_there(wanted: Entry, handed_in: list[Any], applications: list[Record], sight: Sight) -> bool:
    """Whether a material is there: 1 comes with any application, 3 and 6 on paper alone."""
    kind = wanted["kind"]
    of_kind = [item for item in handed_in if item["kind"] == kind]
    if wanted.get("original"):
        return any(item["original_sighted"] for item in of_kind)
    by_data = {
        1: bool(applications),
        2: any(one.type not in WINDOWS for one in sight.records),
        4: bool(sight.of(*sight.pages.proofs)),
        5: any((one.facts.get("social_card") or {}).get("active") for one in sight.of("social_insurance")),
        7: any(_names(one, applications) for one in sight.of("notary")),
        8: any(_names(one, applications) for one in sight.of("notary"))
        or any(item["kind"] in (3, 7) for item in handed_in),
    }
    return bool(of_kind) or by_data.get(kind, False)


def _names(notary: Record, applications: list[Record]) -> bool:
    heirs = {heir.get("id_number") for heir in notary.facts.get("beneficiaries") or []}
    return any(one.facts["applicant"]["id_number"] in heirs for one in applications)
