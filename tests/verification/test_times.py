"""Instants, dates and event times."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.cells import each_cell
from verification.reasons import UnfitValueError, reason
from verification.times import EventTime, instant_text, is_after, read_date, read_event_time, read_instant

EIGHT = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=8)))


@each_cell(
    "text",
    [
        "2026-03-01T00:30:00+08:00",
        "2026-03-01T00:30+0800",
        "2026-03-01T00:30+08:00",
        "2026-02-28T16:30:00.000000Z",
        "2026-02-28T16:30Z",
        "2026-02-28T16:30:00-00:00",
        "2026-02-28T16:30:00.0+0000",
        "2026-03-01T02:00:00.00+09:30",
    ],
)
def test_an_instant_is_utc_whatever_its_offset(text):
    """One moment, written in three places."""
    assert instant_text(read_instant(text)) == "2026-02-28T16:30:00.000000Z"


@each_cell(
    ("value", "code"),
    [
        ("2026-03-01T00:30:00", "instant_without_offset"),
        (datetime(2026, 3, 1), "instant_without_offset"),
        ("2026-03-01", "instant_wrong"),
        ("2026-03-01 00:30:00+08:00", "instant_wrong"),
        ("20260301T003000+0800", "instant_wrong"),
        ("2026-02-30T00:30:00+08:00", "instant_wrong"),
        ("2026-03-01T00:30:00.1234567Z", "instant_wrong"),
        ("0001-01-01T00:00:00+08:00", "year_placeholder"),
        ("0001-01-01T00:00:00Z", "year_placeholder"),
        ("9999-12-31T23:59:59-08:00", "year_placeholder"),
        ("9999-12-31T00:00+08:00", "year_placeholder"),
        (datetime(1, 1, 1, tzinfo=UTC), "year_placeholder"),
        ("2026-03-01T00:30:00+08", "offset_wrong"),
        ("2026-03-01T00:30+8", "offset_wrong"),
        ("2026-03-01T00:30:00+8:00", "offset_wrong"),
        ("2026-03-01T00:30:00.5+08:00:00", "offset_wrong"),
        ("2026-03-01T00:30:00 +08:00", "offset_wrong"),
        ("2026-03-01T00:30:00GMT+8", "offset_wrong"),
        ("2026-03-01T00:30:00+08:00[Asia/Shanghai]", "offset_wrong"),
        ("2026-03-01T00:30:00z", "offset_wrong"),
        ("2026-03-01T00:30:00北京时间", "offset_wrong"),
        ("2026-03-01T00:30:00,5+08:00", "instant_wrong"),
        ("2026-03-01T00:30:0", "instant_wrong"),
        (1772296200, "instant_wrong"),
        (True, "instant_wrong"),
    ],
)
def test_what_is_no_instant_is_refused(value, code):
    """An instant has a date, a time and an offset; nothing is guessed or cut off."""
    with pytest.raises(UnfitValueError) as refused:
        read_instant(value)
    assert refused.value.code == code


OFFSETS_OF_NO_CLOCK = [
    *("+08:60", "+08:99", "+0860", "+0899", "-08:60", "+14:01", "+14:15", "+15:00", "+1500", "+23:59"),
    *("+24:00",),
    *("+25:00", "+99:99", "-12:01", "-13:00", "-1200:00", "-23:00", "+00:60", "-00:75", "+80:00", "+08:61"),
]  # fmt: skip
OFFSETS = [
    *("Z", "+00:00", "-00:00", "+0000", "+08:00", "+0800", "+14:00", "+1400", "-12:00", "-1200"),
    *("+13:59", "-11:59"),
    *("+05:45", "+05:30", "+12:45", "+08:45", "+09:30", "-03:30", "-09:30", "+08:05", "+13:45"),
    *("-0330", "+07:59"),
]  # fmt: skip


@each_cell("offset", OFFSETS_OF_NO_CLOCK)
@each_cell("read", [read_instant, read_event_time])
def test_an_offset_that_no_clock_has_is_refused(read, offset):
    """`+08:60` was read as nine hours, and every time was one hour wrong without a word."""
    with pytest.raises(UnfitValueError, match="offset_wrong"):
        read(f"2026-03-01T00:30:00{offset}")


@each_cell("offset", OFFSETS)
@each_cell("read", [read_instant, read_event_time])
def test_an_offset_of_some_clock_is_taken(read, offset):
    """Nepal, the Chatham and the Line Islands, Newfoundland, and what a clock of before 1927 showed here."""
    read(f"2026-03-01T00:30:00{offset}")


def test_an_instant_from_the_log_has_no_offset_to_be_judged():
    """It was UTC since the door, so what the log took stays taken."""
    odd = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=8, minutes=60)))
    assert instant_text(read_instant(odd)) == "2026-02-28T15:30:00.000000Z"


@each_cell("value", ["2026-02-30", "2026-3-1", "20260301", "２０２６-03-01", 20260301, EIGHT, None])
def test_what_is_no_date_is_refused(value):
    """YYYY-MM-DD, of the calendar."""
    with pytest.raises(UnfitValueError, match="date_wrong"):
        read_date(value)


@pytest.mark.parametrize("year", ["0002", "1900", "9998"])
def test_a_year_that_is_no_placeholder_is_read(year):
    """Whether it can be is another rule's."""
    assert read_instant(f"{year}-12-31T00:00:00+08:00").year == int(year)


def test_a_date_only_stays_a_date_only():
    """Nobody invents an hour of death."""
    assert read_event_time("2026-03-01") == EventTime(date(2026, 3, 1), None)


def test_the_date_of_an_instant_is_beijings():
    """Half past midnight in Tianshui is still yesterday in UTC."""
    assert read_event_time("2026-02-28T16:30:00Z").date == date(2026, 3, 1)


@pytest.mark.parametrize(
    "value",
    [
        {"date": date(2026, 3, 1), "instant": EIGHT.astimezone(UTC)},
        {"date": "2026-03-01", "instant": "2026-03-01T00:30:00+08:00"},
        EIGHT,
    ],
)
def test_the_forms_of_avro_and_json_are_one_event_time(value):
    """Decoded or written by hand, it is the same moment."""
    assert read_event_time(value) == EventTime(date(2026, 3, 1), EIGHT.astimezone(UTC))


@each_cell(
    ("value", "code"),
    [
        ("2025/9/1", "date_or_instant_wrong"),
        ("2025-9-1", "date_or_instant_wrong"),
        ("2025.09.1", "date_or_instant_wrong"),
        ("20250901", "date_or_instant_wrong"),
        ("2025年9月1日", "date_or_instant_wrong"),
        ("1/9/2025 10:30", "date_or_instant_wrong"),
        ("2025-09-01 10:30:00", "date_or_instant_wrong"),
        ("45901", "date_or_instant_wrong"),
        (45901, "date_or_instant_wrong"),
        ("不详", "date_or_instant_wrong"),
        ("2025/09/01", "date_wrong"),
        ("2025-09-31", "date_wrong"),
        ("2025-09-01T10:30:00", "instant_without_offset"),
        ("2025-09-01T25:30:00+08:00", "instant_wrong"),
        ("2025-09-01T10:30:00+08", "offset_wrong"),
        ("9999-12-31T00:00:00+08:00", "year_placeholder"),
    ],
)
def test_where_a_date_would_do_the_refusal_offers_one(value, code):
    """A hospital that knows the day alone is not asked for an hour; what was plainly meant is named."""
    with pytest.raises(UnfitValueError) as refused:
        read_event_time(value)
    assert refused.value.code == code
    told = reason(code, "death_time")
    assert all("2025-09-01" in said or "+08:00" in said for said in (told.message_zh, told.message_en))


def test_where_an_instant_is_asked_for_no_date_is_offered():
    """`recorded_at` is a moment; half a value would be refused again."""
    for value in ("2025/9/1", "2025-09-01"):
        with pytest.raises(UnfitValueError, match="instant_wrong"):
            read_instant(value)
    assert "2025-09-01T08:30:00+08:00" in reason("instant_wrong", "recorded_at").message_zh


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"date": "2026-02-28", "instant": "2026-03-01T00:30:00+08:00"}, "event_time_wrong"),
        ({"date": "2026-03-01", "hour": 3}, "event_time_parts_wrong"),
        ({"$date": "2026-03-01T00:00:00Z"}, "event_time_parts_wrong"),
        ({"date": "2026-03-01", "time": "08:00"}, "event_time_parts_wrong"),
    ],
)
def test_an_object_that_is_no_event_time_is_refused_by_its_own_code(value, code):
    """Two answers to one question are none; other parts do not mean that days disagree."""
    with pytest.raises(UnfitValueError, match=f"^{code}$"):
        read_event_time(value)


NO_DAY = [
    *("2025-09-XX", "2025-09-??", "2025-09-**", "2025-09-1?", "2025-09-", "2025/9/", "2025年9月某日"),
    *("2025年9月上旬", "2025年9月份", "2025年9月  日", "2025年9月底", "2025年秋", "2025年下半年", "2025年底"),
    *(
        "Sep-25",
        "SEP-2025",
        "Sep 2025",
        "September 2025",
        "Sept. 2025",
        "09/2025",
        "2025-09-?1",
        "2025年09月（日不详）",
        "2025-09-不详",
        "二〇二五年九月",
        "二○二五年",
        " 2025-09-XX ",
    ),
]
A_DAY = [
    *(
        "2025年9月1日",
        "2025-9-1",
        "2025/09/01",
        "2025.9.1",
        "01-SEP-25",
        "1-Sep",
        "9月1日",
        "20250901",
        "45901",
    ),
    *(
        "二〇二五年九月一日",
        "2025年第3日",
        "2025-13-40",
        "X025-09-01",
        "2025-XX-01",
        "昨日",
        "Sep 1, 2025",
        "Marco",
    ),
    *("2025-09-01X", "May be", "2025-09-01 ??:??", "2025年九月"),
]


@each_cell("value", NO_DAY)
def test_a_day_left_open_is_asked_for(value):
    """Whoever is told that the form is wrong writes the first of the month."""
    with pytest.raises(UnfitValueError, match="day_missing"):
        read_event_time(value)


@each_cell("value", A_DAY)
def test_what_says_a_day_or_nothing_is_told_of_its_form(value):
    """There the form is what is wrong."""
    with pytest.raises(UnfitValueError) as refused:
        read_event_time(value)
    assert refused.value.code != "day_missing"


def test_a_date_is_not_after_an_instant_of_the_same_day():
    """Where one side knows the day only, days are compared."""
    assert not is_after(read_event_time("2026-03-01"), read_event_time("2026-03-01T00:30:00+08:00"))
    assert is_after(read_event_time("2026-03-02"), read_event_time("2026-03-01T23:30:00+08:00"))
