"""Instants, dates and event times: how they are read, compared and written.

Units: an instant is UTC with microseconds, a date is an Asia/Shanghai calendar date. An event time may be
known only to the day, and stays so.
"""

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from verification.reasons import UnfitValueError

SHANGHAI = ZoneInfo("Asia/Shanghai")

_LOCAL = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_INSTANT = re.compile(rf"{_LOCAL}(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?")
# No clock shows less than UTC-12 or more than UTC+14; minutes from 60 on would silently be another hour.
_OFFSET = re.compile(r"Z|\+(?:0[0-9]|1[0-3]):?[0-5][0-9]|\+14:?00|-(?:0[0-9]|1[01]):?[0-5][0-9]|-12:?00")
# Followed by something that should be an offset: +08, GMT+8, [Asia/Shanghai].
_ODD_OFFSET = re.compile(rf"{_LOCAL}[^0-9:.,].*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Also if zeros stand for what nobody knew: 2025-09-00.
_YEAR = "(?:1[89]|20)[0-9]{2}"
_WITHOUT_DAY = re.compile(rf"{_YEAR}年?(?:[-/.]?[0-9]{{1,2}}月?)?(?:[-/.]?00)?")
# 2025-09-XX, 2025年9月某日, 2025年9月上旬; 2025年秋; Sep-25, a spreadsheet's 2025-09; 二〇二五年九月
_DAY_LEFT_OPEN = re.compile(
    rf"{_YEAR}(?:年|[-/.])[0-9]{{1,2}}(?:月份?|[-/.])(?:[?？*＊xX×某_＿\s]{{1,4}}日?|[0-3]?[?？*＊xX×][0-9]?日?|\s?[(（]?日?(?:不详|不明|未知|待查)[)）]?|[上中下]旬|[初底末])?"
    rf"|{_YEAR}年?(?:[春夏秋冬]季?|[上下]半年|[初底末])"
    r"|(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}\.?[- ](?:(?:19|20)?[0-9]{2})"
    r"|[0-9]{1,2}/(?:19|20)[0-9]{2}|[一二][〇零○一二三四五六七八九]{3}年(?:[一二三四五六七八九十]{1,2}月)?",
    re.IGNORECASE,
)
_UTC_SUFFIX_CHARACTERS = len("+00:00")


class EventTime(NamedTuple):
    """When something happened: the Asia/Shanghai date and, if it is known, the instant in UTC."""

    date: date
    instant: datetime | None


def calendar_date(moment: datetime) -> date:
    """The Asia/Shanghai calendar date of an aware instant."""
    return moment.astimezone(SHANGHAI).date()


def read_instant(value: object) -> datetime:
    """An ISO 8601 instant with an offset, or an aware datetime, as UTC.

    Raises:
        UnfitValueError: `instant_without_offset`; `offset_wrong`; `day_missing` for a month alone;
            `year_placeholder`; `instant_wrong`, also if finer than a microsecond.
    """
    if isinstance(value, datetime):
        return _in_utc(value)
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise UnfitValueError(_why_no_instant(value))
    if found[1] is None:
        raise UnfitValueError("instant_without_offset")
    if not _OFFSET.fullmatch(found[1]):
        raise UnfitValueError("offset_wrong")
    try:
        moment = datetime.fromisoformat(found[0])
    except ValueError:
        raise UnfitValueError("instant_wrong") from None
    return _in_utc(moment)


def read_date(value: object) -> date:
    """A calendar date written `YYYY-MM-DD`, or a date.

    Raises:
        UnfitValueError: `day_missing` for a month alone; `date_wrong`.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise UnfitValueError("day_missing" if _lacks_day(value) else "date_wrong")


def read_event_time(value: object) -> EventTime:
    """A date only, or an instant with its date; as text, as a value, or as the schema's record of both.

    Raises:
        UnfitValueError: `day_missing` for a month alone; `date_or_instant_wrong` or, if one of the two was
            plainly meant, `date_wrong` or what `read_instant` raises; `event_time_wrong` if the two parts of
            a record disagree; `event_time_parts_wrong` if it has other parts.
    """
    if isinstance(value, dict):
        return _read_both(value)
    if isinstance(value, str) and len(value) == len("YYYY-MM-DD"):
        return EventTime(read_date(value), None)
    if isinstance(value, date) and not isinstance(value, datetime):
        return EventTime(value, None)
    if not isinstance(value, datetime) and not (isinstance(value, str) and "T" in value):
        raise UnfitValueError("day_missing" if _lacks_day(value) else "date_or_instant_wrong")
    instant = read_instant(value)
    return EventTime(calendar_date(instant), instant)


def instant_text(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`, always equally long, so that text sorts by time. Takes UTC."""
    return moment.isoformat(timespec="microseconds")[:-_UTC_SUFFIX_CHARACTERS] + "Z"


def local_text(event_time: str) -> str:
    """An event time as records hold it, in the time of Asia/Shanghai; a date stays a date."""
    known = read_event_time(event_time)
    return known.instant.astimezone(SHANGHAI).isoformat() if known.instant else event_time


def event_time_text(moment: EventTime) -> str:
    """The instant's text, or the date's if no more is known."""
    return instant_text(moment.instant) if moment.instant else moment.date.isoformat()


def is_after(moment: EventTime, other: EventTime) -> bool:
    """Whether the first is later for sure: by the instants if both are known, else by the calendar."""
    if moment.instant and other.instant:
        return moment.instant > other.instant
    return moment.date > other.date


def _read_both(value: dict[object, object]) -> EventTime:
    if not value.keys() <= {"date", "instant"}:
        raise UnfitValueError("event_time_parts_wrong")
    day = read_date(value.get("date"))
    if value.get("instant") is None:
        return EventTime(day, None)
    instant = read_instant(value["instant"])
    if calendar_date(instant) != day:
        raise UnfitValueError("event_time_wrong")
    return EventTime(day, instant)


def _why_no_instant(value: object) -> str:
    if isinstance(value, str) and _ODD_OFFSET.fullmatch(value):
        return "offset_wrong"
    return "day_missing" if _lacks_day(value) else "instant_wrong"


def _lacks_day(value: object) -> bool:
    if not isinstance(value, str):
        return False
    return bool(_WITHOUT_DAY.fullmatch(value) or _DAY_LEFT_OPEN.fullmatch(value.strip()))


def _in_utc(moment: datetime) -> datetime:
    """An aware datetime as UTC; the first and last year are refused: another zone may have no date there."""
    if moment.utcoffset() is None:
        raise UnfitValueError("instant_without_offset")
    if not MINYEAR < moment.year < MAXYEAR:
        raise UnfitValueError("year_placeholder")
    return moment.astimezone(UTC)
