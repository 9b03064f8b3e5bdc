"""China's working days: weekends and public holidays are free, make-up days (调休) are worked.

A table is laid once, so that counting is a look into it. Beyond the years that are known nothing is counted:
which days are worked there is the State Council's to say, and a guess would be a wrong day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import chinese_calendar

from exchange.domain.policy_models import SATURDAY, Year


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
        """Return the so-manieth working day from a day on, itself the first if it is one."""
        if day.toordinal() not in self._known:
            return None
        at = bisect_left(self.days, day.toordinal()) + number - 1
        return date.fromordinal(self.days[at]) if at < len(self.days) else None

    def before(self, day: date, number: int) -> date | None:
        """Return the working day so many before a day."""
        at = bisect_left(self.days, day.toordinal()) - number
        return date.fromordinal(self.days[at]) if day.toordinal() in self._known and at >= 0 else None

    def count(self, first: date, last: date) -> int | None:
        """Return how many working days there are from one day to another, both included."""
        if last < first:
            return 0
        if first.toordinal() not in self._known or last.toordinal() not in self._known:
            return None
        return bisect_right(self.days, last.toordinal()) - bisect_left(self.days, first.toordinal())


def working_days(years: Mapping[int, Year]) -> WorkingDays:
    """Return the working days of every year that the library or the city knows, the city's word first.

    Raises:
        ValueError: a year in between is known to nobody.
    """
    first, last = _years_of_library()
    first, last = min((first, *years)), max((last, *years))
    days: list[int] = []
    for year in range(first, last + 1):
        try:
            days += (day.toordinal() for day in _days_of(year) if _is_worked(day, years.get(year)))
        except NotImplementedError:
            raise ValueError(f"{year} is known neither here nor to chinesecalendar") from None
    return WorkingDays(first, last, tuple(days))


def _years_of_library() -> tuple[int, int]:
    return min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year


def _days_of(year: int) -> Iterator[date]:
    return map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))


def _is_worked(day: date, year: Year | None) -> bool:
    if year is None:
        return bool(chinese_calendar.is_workday(day))
    return day in year.make_up_days if day.weekday() >= SATURDAY else day not in year.days_off
