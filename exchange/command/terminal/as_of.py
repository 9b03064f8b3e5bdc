"""Reads the moment for which somebody wants to know what was known."""

from datetime import date, datetime, time

from consumers.labels.words import local_time
from exchange.runtime.sentences import said
from verification.reasons import UnfitValueError
from verification.times import SHANGHAI, read_date, read_instant

EXAMPLES = "2026-03-02, 2026-03-02T09:30, 2026-03-02T09:30:00+08:00 or 2026-03-02T01:30:00Z"
_DATE_CHARACTERS = len("YYYY-MM-DD")


class UnfitMomentError(Exception):
    """The text is not a moment in the past; says so, and how to write one."""


def read_as_of(text: str, now: datetime) -> datetime:
    """Return the aware moment: a date stands for the end of that day, and without an offset it is Tianshui's.

    Raises:
        UnfitMomentError: it is not readable, or has not come yet.
    """
    asked = text.strip()
    moment = _read(asked)
    if moment <= now:
        return moment
    if len(asked) == _DATE_CHARACTERS and date.fromisoformat(asked) == now.astimezone(SHANGHAI).date():
        raise UnfitMomentError(
            said("day_not_over", asked=asked, example=f"{now.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}")
        )
    raise UnfitMomentError(said("moment_in_future", moment=local_time(moment)))


def _read(asked: str) -> datetime:
    try:
        if len(asked) == _DATE_CHARACTERS:
            return datetime.combine(read_date(asked), time.max, SHANGHAI)
        try:
            return read_instant(asked)
        except UnfitValueError as problem:
            if problem.code != "instant_without_offset":
                raise
            return datetime.fromisoformat(asked).replace(tzinfo=SHANGHAI)
    except (UnfitValueError, ValueError):
        raise UnfitMomentError(said("no_moment", asked=repr(asked), examples=EXAMPLES)) from None
