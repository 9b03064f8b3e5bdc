"""The statistics as tables that people and spreadsheets read, in one language."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from consumers.labels.namer import Namer
from consumers.labels.words import STATES, local_time, words
from consumers.statistics.report import ReportRow, Statistics
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


def statistics_tables(found: Statistics, small: int, names: Namer) -> tuple[StatisticsTable, ...]:
    """Return all tables, the same for terminal, CSV and pages; counts below ``small`` are not in them."""
    return tuple(_Tables(names, WITHHELD.zh.format(small=small)).all(found))


def as_of_text(found: Statistics, names: Namer) -> str:
    """Return the moment in local time."""
    return names.say(AS_OF).format(at=local_time(found.as_of))


@dataclass(frozen=True)
class _Tables:
    names: Namer
    hidden: str

    def all(self, found: Statistics) -> Iterator[StatisticsTable]:
        yield StatisticsTable(
            "totals",
            LABELS["in_all"],
            (WHAT, COUNT),
            tuple(
                (self.names.say(TOTALS[name]), _shown(count, self.hidden))
                for name, count in found.totals.items()
            ),
        )
        yield StatisticsTable(
            "days",
            LABELS["days_to_completion"],
            (MATTER, DONE, MEDIAN, P90),
            tuple(
                (
                    self.names.matter(row["matter"], None),
                    *(_shown(row[name], self.hidden) for name in ("count", "days_median", "days_p90")),
                )
                for row in found.days
            ),
            _bars(found.days, "days_median"),
        )
        yield StatisticsTable(
            "on_time",
            LABELS["within_limit"],
            (DEPARTMENT, COUNTY, DECIDED, ON_TIME, OVERDUE),
            tuple(self._share(row) for row in found.on_time),
            tuple(row["share"] for row in found.on_time),
        )
        yield StatisticsTable(
            "states",
            LABELS["matters_by_state"],
            (MATTER, STATE, COUNT),
            tuple(
                (
                    self.names.matter(row["matter"], None),
                    self.names.say(words(STATES, row["state"])),
                    _shown(row["count"], self.hidden),
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
                (self.names.say(channel_words(row["channel"])), _shown(row["count"], self.hidden))
                for row in found.channels
            ),
            _bars(found.channels, "count"),
        )

    def _share(self, row: ReportRow) -> tuple[str, ...]:
        county = self.names.say(ALL_COUNTIES) if row["whole"] else row["county"] or self.names.say(NO_COUNTY)
        withheld = None in (row["decided"], row["overdue"])
        nothing = self.hidden if withheld else "–"
        share = nothing if row["share"] is None else f"{row['share']:.1%}"
        return (
            self.names.department(row["department"]),
            county,
            _shown(row["decided"], self.hidden),
            share,
            _shown(row["overdue"], self.hidden),
        )


def channel_words(code: str) -> Words:
    """Return by which way applications came."""
    return words(CHANNELS, code)


def csv_of(tables: Iterable[StatisticsTable], names: Namer, as_of: str) -> str:
    """Return all tables as one CSV, a line per cell: spreadsheets filter it by its first column.

    It begins with a byte-order mark, without which Excel reads Chinese in the wrong encoding.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("table", "row", "measure", "value", "as_of"))
    for table in tables:
        columns = [names.say(name) for name in table.columns]
        keys = sum(name in {MATTER, STATE, DEPARTMENT, COUNTY, CHANNEL, WHAT} for name in table.columns)
        for row in table.rows:
            for name, value in zip(columns[keys:], row[keys:], strict=True):
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
