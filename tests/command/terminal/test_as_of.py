"""At which moment somebody wants to know what was known."""

from datetime import UTC, datetime

import pytest

from exchange.command.terminal.as_of import UnfitMomentError, read_as_of
from tests.cells import each_cell

NOW = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
"""Noon in Tianshui."""


def test_a_date_stands_for_the_end_of_that_day_in_tianshui() -> None:
    """What came in the evening of day D was known on day D."""
    assert read_as_of("2026-03-02", NOW) == datetime(2026, 3, 2, 15, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-02T09:30", "2026-03-02T09:30:00.000", " 2026-03-02T09:30:00 "])
def test_a_time_without_an_offset_is_tianshuis(text: str) -> None:
    """People write the time that their clock shows."""
    assert read_as_of(text, NOW) == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-02T09:30:00+08:00", "2026-03-02T01:30Z", "2026-03-01T20:30-0500"])
def test_an_offset_is_obeyed(text: str) -> None:
    """Programs write what they mean."""
    assert read_as_of(text, NOW) == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@each_cell("text", ["", "yesterday", "2026-02-30", "2026-03-02T25:00", "02.03.2026", "20260302"])
def test_what_is_no_moment_is_told_how_to_write_one(text: str) -> None:
    """A usage error that helps."""
    with pytest.raises(UnfitMomentError, match=r"write 2026-03-02, .*Beijing time"):
        read_as_of(text, NOW)


def test_what_will_be_known_nobody_knows() -> None:
    """An answer about the future would be today's, under another date."""
    with pytest.raises(UnfitMomentError, match=r"2026-03-05 12:00:01 .* in the future"):
        read_as_of("2026-03-05T12:00:01", NOW)


def test_today_is_not_over_and_asks_for_a_time() -> None:
    """The most likely slip has its own answer."""
    with pytest.raises(UnfitMomentError, match=r"not over yet.*2026-03-05T12:00"):
        read_as_of("2026-03-05", NOW)
