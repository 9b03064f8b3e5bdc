"""By when the law has the family act, with the day where the case says enough to count it: pure."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TypedDict

from avro_schemas.typed_documents import CaseDocument
from exchange.domain.policy_files.family import FamilyPolicy, LawfulDeadline
from exchange.domain.policy_files.working_days import WorkingDays
from verification.reasons import UnfitValueError
from verification.times import read_event_time

ONE_DAY = timedelta(days=1)
MONTHS = 12


class FamilyDeadline(TypedDict):
    """A deadline of the family's own; `until` is None where the day cannot be counted from the case."""

    matters: list[int]
    until: date | None
    passed: bool
    text: dict[str, str]


def deadlines_of(
    document: CaseDocument,
    asked: Mapping[int, frozenset[str]],
    policy: FamilyPolicy,
    calendar: WorkingDays,
    day: date,
) -> list[FamilyDeadline]:
    """Return the deadlines that the family is told of.

    Args:
        document: The case.
        asked: Matter → what the family is asked for, of every matter that may still arise.
        policy: The deadlines and their words.
        calendar: The working days.
        day: Today in Asia/Shanghai.
    """
    died = _day_of_death(document)
    return [_told(one, matters, _until(one, died, calendar), day) for one, matters in _open(policy, asked)]


def _open(
    policy: FamilyPolicy, asked: Mapping[int, frozenset[str]]
) -> Iterator[tuple[LawfulDeadline, list[int]]]:
    """Yield what is to be told, with those of its matters that may arise."""
    for one in policy.deadlines:
        arising = [number for number in one.matters if number in asked]
        unasked = all(asked[number] & {"apply", "apply_early"} for number in arising)
        if arising and (one.also_afterwards or unasked):
            yield one, arising


def _told(deadline: LawfulDeadline, matters: list[int], until: date | None, day: date) -> FamilyDeadline:
    return {
        "matters": matters,
        "until": until,
        "passed": until is not None and until < day,
        "text": {"zh": deadline.text.zh, "en": deadline.text.en},
    }


def _until(deadline: LawfulDeadline, died: date | None, calendar: WorkingDays) -> date | None:
    if died is None:
        return None
    if deadline.months:
        return _months_after(died, deadline.months)
    return calendar.from_on(died + ONE_DAY, deadline.working_days) if deadline.working_days else None


def _months_after(day: date, months: int) -> date:
    """Return the day of the same number, or the last of a shorter month (民法典 202)."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _day_of_death(document: CaseDocument) -> date | None:
    field = document["form"]["deceased"].get("death_time")
    if not field or field["value"] is None:
        return None
    try:
        return read_event_time(field["value"]).date
    except UnfitValueError:
        return None
