"""The statistics as tables that people and spreadsheets read, in one language."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from consumers.labels.words import STATES, Words, local_time, words
from consumers.statistics.report import ReportRow, Statistics
from exchange.command.views.sheet import Sheet

TITLE: Final = Words("个人身后“一件事”办理统计", "Life events exchange: statistics")
AS_OF: Final = Words("截至 {at}（北京时间）", "As of {at} (Asia/Shanghai)")
WITHHELD: Final = Words("<{small}", "<{small}")
WITHHELD_NOTE: Final = Words(
    "县区数据中小于 {small} 的数不显示", "Counts of a county below {small} are not shown"
)
ALL_COUNTIES: Final = Words("全市", "all counties")
NO_COUNTY: Final = Words("未注明", "not said")
TOTALS: Final = {
    "cases": Words("涉及事件（人）", "cases"),
    "applications": Words("申请件数", "applications"),
    "materials_saved": Words("免交材料（份）", "materials that need not be brought"),
    "visits_saved": Words("少跑动（次）", "visits saved"),
}
CHANNELS: Final = {
    "ONLINE": Words("线上", "online"),
    "WINDOW": Words("窗口", "window"),
    "ASSISTED": Words("帮办代办", "assisted"),
    "HOME_VISIT": Words("上门", "home visit"),
    "UNKNOWN": Words("未注明", "not said"),
}
MATTER, STATE, COUNT = Words("事项", "Matter"), Words("状态", "State"), Words("数量", "Count")
MEDIAN, P90 = Words("中位天数", "Days, median"), Words("90%不超过（天）", "Days, p90")
DONE: Final = Words("已办结", "Completed")
DEPARTMENT, COUNTY = Words("部门", "Department"), Words("县区", "County")
DECIDED, ON_TIME = Words("已办理", "Decided"), Words("按时办结率", "On time")
OVERDUE: Final = Words("超期未办", "Overdue")
WHAT, CHANNEL = Words("项目", "What"), Words("渠道", "Channel")


@dataclass(frozen=True)
class StatisticsTable:
    """One table, its cells as text; `bars`: how long each row's bar is, 0 to 1."""

    code: str
    title: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[float | None, ...] = ()


class StatisticsSheet(Sheet):
    """Lays statistics out."""

    def tables(self, found: Statistics, small: int) -> tuple[StatisticsTable, ...]:
        """Return all tables, the same for terminal, CSV and page."""
        hidden = WITHHELD.zh.format(small=small)
        return tuple(self._tables(found, hidden))

    def as_of(self, found: Statistics) -> str:
        """Return the moment in local time."""
        return self.say(AS_OF).format(at=local_time(found.as_of))

    def _tables(self, found: Statistics, hidden: str) -> Iterator[StatisticsTable]:
        yield StatisticsTable(
            "totals",
            Words("总览", "In all"),
            (WHAT, COUNT),
            tuple((self.say(TOTALS[name]), _shown(count, hidden)) for name, count in found.totals.items()),
        )
        yield StatisticsTable(
            "days",
            Words("从死亡到各事项办结的天数", "Days from death to each matter's completion"),
            (MATTER, DONE, MEDIAN, P90),
            tuple(
                (
                    self.matter(row["matter"], None),
                    *(_shown(row[name], hidden) for name in ("count", "days_median", "days_p90")),
                )
                for row in found.days
            ),
            _bars(found.days, "days_median"),
        )
        yield StatisticsTable(
            "on_time",
            Words("限时办结：各部门、各县区", "Within the limit, by department and county"),
            (DEPARTMENT, COUNTY, DECIDED, ON_TIME, OVERDUE),
            tuple(self._share(row, hidden) for row in found.on_time),
            tuple(row["share"] for row in found.on_time),
        )
        yield StatisticsTable(
            "states",
            Words("各事项所处状态", "Matters by state"),
            (MATTER, STATE, COUNT),
            tuple(
                (
                    self.matter(row["matter"], None),
                    self.say(words(STATES, row["state"])),
                    _shown(row["count"], hidden),
                )
                for row in found.states
            ),
            _bars(found.states, "count"),
        )
        yield StatisticsTable(
            "channels",
            Words("申请渠道", "Applications by channel"),
            (CHANNEL, COUNT),
            tuple(
                (self.say(words(CHANNELS, row["channel"])), _shown(row["count"], hidden))
                for row in found.channels
            ),
            _bars(found.channels, "count"),
        )

    def _share(self, row: ReportRow, hidden: str) -> tuple[str, ...]:
        county = self.say(ALL_COUNTIES) if row["whole"] else row["county"] or self.say(NO_COUNTY)
        withheld = row["decided"] is None
        nothing = hidden if withheld else "–"
        share = nothing if row["share"] is None else f"{row['share']:.1%}"
        return (
            self.department(row["department"]),
            county,
            _shown(row["decided"], hidden),
            share,
            _shown(row["overdue"], hidden),
        )


def csv_of(tables: Iterable[StatisticsTable], sheet: Sheet, as_of: str) -> str:
    """Return all tables as one CSV, a line per cell: spreadsheets filter it by its first column.

    It begins with a byte-order mark, without which Excel takes Chinese for another encoding.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("table", "row", "measure", "value", "as_of"))
    for table in tables:
        names = [sheet.say(name) for name in table.columns]
        keys = sum(name in {MATTER, STATE, DEPARTMENT, COUNTY, CHANNEL, WHAT} for name in table.columns)
        for row in table.rows:
            for name, value in zip(names[keys:], row[keys:], strict=True):
                key = " / ".join(row[:keys])
                writer.writerow((table.code, key, name, value, as_of))
    return "\ufeff" + out.getvalue()


def _shown(value: Any, hidden: str) -> str:
    if value is None:
        return hidden
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _bars(rows: Iterable[ReportRow], name: str) -> tuple[float | None, ...]:
    values = [row[name] for row in rows]
    most = max((value for value in values if value is not None), default=0)
    return tuple(None if value is None else value / most if most else 0.0 for value in values)
