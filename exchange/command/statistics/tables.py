"""The statistics as tables that people and spreadsheets read, in one language."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from consumers.labels.words import STATES, local_time, words
from consumers.statistics.report import ReportRow, Statistics
from exchange.command.views.sheet import Sheet
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
TITLE: Final = LABELS["title"]
AS_OF: Final = LABELS["as_of"]
WITHHELD: Final = LABELS["withheld"]
WITHHELD_NOTE: Final = LABELS["withheld_note"]
ALL_COUNTIES: Final = LABELS["all_counties"]
NO_COUNTY: Final = LABELS["no_county"]
TOTALS: Final = LABELS.table("totals")
CHANNELS: Final = LABELS.table("channels")
MATTER, STATE, COUNT = LABELS["matter"], LABELS["state"], LABELS["count"]
MEDIAN, P90 = LABELS["days_median"], LABELS["days_p90"]
DONE: Final = LABELS["done"]
DEPARTMENT, COUNTY = LABELS["department"], LABELS["county"]
DECIDED, ON_TIME = LABELS["decided"], LABELS["on_time"]
OVERDUE: Final = LABELS["overdue"]
WHAT, CHANNEL = LABELS["what"], LABELS["channel"]


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
            LABELS["in_all"],
            (WHAT, COUNT),
            tuple((self.say(TOTALS[name]), _shown(count, hidden)) for name, count in found.totals.items()),
        )
        yield StatisticsTable(
            "days",
            LABELS["days_to_completion"],
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
            LABELS["within_limit"],
            (DEPARTMENT, COUNTY, DECIDED, ON_TIME, OVERDUE),
            tuple(self._share(row, hidden) for row in found.on_time),
            tuple(row["share"] for row in found.on_time),
        )
        yield StatisticsTable(
            "states",
            LABELS["matters_by_state"],
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
            LABELS["applications_by_channel"],
            (CHANNEL, COUNT),
            tuple(
                (self.say(words(CHANNELS, row["channel"])), _shown(row["count"], hidden))
                for row in found.channels
            ),
            _bars(found.channels, "count"),
        )

    def _share(self, row: ReportRow, hidden: str) -> tuple[str, ...]:
        county = self.say(ALL_COUNTIES) if row["whole"] else row["county"] or self.say(NO_COUNTY)
        withheld = None in (row["decided"], row["overdue"])
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

    It begins with a byte-order mark, without which Excel reads Chinese in the wrong encoding.
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
