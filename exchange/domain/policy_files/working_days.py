"""China's working days: weekends and public holidays are free, make-up days (调休) are worked.

A table is built once, so that counting is a look-up. Beyond the known years nothing is counted: which days
are worked there is for the State Council to say, and a guess would be a wrong day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Final, Protocol

import chinese_calendar

SATURDAY: Final = 5
"""As `date.weekday` counts; Sunday follows it."""
MONDAY: Final = date(1, 1, 1).toordinal()
"""The first day of all was one."""
_ONE_DAY: Final = timedelta(days=1)


class ArrangedYear(Protocol):
    """A year as the State Council, or a city, has arranged it."""

    @property
    def days_off(self) -> tuple[date, ...]:
        """Return the weekdays that are free."""

    @property
    def make_up_days(self) -> tuple[date, ...]:
        """Return the Saturdays and Sundays that are worked."""


@dataclass(frozen=True)
class WorkingDays:
    """Every working day of the years known; counting beyond them has no answer (None)."""

    first_year: int
    last_year: int
    days: tuple[int, ...] = field(repr=False)
    """As proleptic ordinals, in order."""

    @cached_property
    def _known(self) -> range:
        return range(date(self.first_year, 1, 1).toordinal(), date(self.last_year, 12, 31).toordinal() + 1)

    def from_on(self, day: date, number: int) -> date | None:
        """Return the working day with this number, counted from a day on, itself number 1 if it is worked."""
        if day.toordinal() not in self._known:
            return None
        at = bisect_left(self.days, day.toordinal()) + number - 1
        return date.fromordinal(self.days[at]) if at < len(self.days) else None

    def before(self, day: date, number: int) -> date | None:
        """Return the working day that is this number of working days before a day."""
        at = bisect_left(self.days, day.toordinal()) - number
        return date.fromordinal(self.days[at]) if day.toordinal() in self._known and at >= 0 else None

    def count(self, first: date, last: date) -> int | None:
        """Return how many working days there are from one day to another, both included."""
        if last < first:
            return 0
        if first.toordinal() not in self._known or last.toordinal() not in self._known:
            return None
        return bisect_right(self.days, last.toordinal()) - bisect_left(self.days, first.toordinal())

    def until(self, due: date, day: date) -> int | None:
        """Return how many working days are left to a last day: 0 on it, below 0 after it; None: not known."""
        if due >= day:
            return self.count(day + _ONE_DAY, due)
        past = self.count(due + _ONE_DAY, day)
        return None if past is None else -past


def working_days(years: Mapping[int, ArrangedYear]) -> WorkingDays:
    """Return the working days of every year that the library or the city knows, the city's word first.

    Raises:
        ValueError: a year in between is known to nobody.
    """
    known = _years_of_library()
    first, last = min((known[0], *years)), max((known[-1], *years))
    days: list[int] = []
    for year in range(first, last + 1):
        if year not in years and year not in known:
            raise ValueError(f"{year} is known neither here nor to chinesecalendar")
        days += _worked_in(year, years.get(year))
    return WorkingDays(first, last, tuple(days))


def _worked_in(number: int, year: ArrangedYear | None) -> Iterator[int]:
    worked = _ordinals(year.make_up_days) if year else _of_library().worked
    free = _ordinals(year.days_off) if year else _of_library().free
    for day in range(date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal() + 1):
        weekend = (day - MONDAY) % 7 >= SATURDAY
        if day in worked if weekend else day not in free:
            yield day


@dataclass(frozen=True, slots=True)
class _LibraryDays:
    """Weekends worked and weekdays free, as ordinals: of those every command looks up thousands."""

    worked: frozenset[int]
    free: frozenset[int]


@cache
def _of_library() -> _LibraryDays:
    return _LibraryDays(_ordinals(chinese_calendar.workdays), _ordinals(chinese_calendar.holidays))


def _ordinals(days: Iterable[date]) -> frozenset[int]:
    return frozenset(map(date.toordinal, days))


def _years_of_library() -> range:
    days = chinese_calendar.holidays
    return range(min(days).year, max(days).year + 1)
