"""The statistics of one moment, asked of the read model in one transaction, small numbers withheld.

Shape: tables, each of rows of codes and numbers; None means withheld in a county's row, else not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from consumers.log.copies import Connection

ReportRow = dict[str, Any]

_WHERE: Final = """
(%(begin)s::date IS NULL OR died_on >= %(begin)s) AND (%(end)s::date IS NULL OR died_on <= %(end)s)
AND (%(county)s::text IS NULL OR county = %(county)s)
"""
_OF_DEPARTMENT: Final = "AND (%(department)s::text IS NULL OR department = %(department)s)"
_CASES: Final = f"""
SELECT count(DISTINCT case_id) FROM read_model.matter_facts WHERE {_WHERE} {_OF_DEPARTMENT}
"""  # noqa: S608 - put together from constants alone
_STATES: Final = f"""
SELECT matter, state, count(*) FROM read_model.matter_facts
WHERE {_WHERE} {_OF_DEPARTMENT} GROUP BY matter, state ORDER BY matter, state
"""  # noqa: S608
_DAYS: Final = f"""
SELECT matter, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY done_on - died_on),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY done_on - died_on)
FROM read_model.matter_facts
WHERE {_WHERE} {_OF_DEPARTMENT} AND done_on IS NOT NULL AND died_on IS NOT NULL
GROUP BY matter ORDER BY matter
"""  # noqa: S608
# A limit was kept unless the task to decide outlasted its last day: the task knows when the limit was paused.
_ON_TIME: Final = f"""
WITH late AS (
    SELECT DISTINCT case_id, matter, coalesce(instance, '') AS instance, owed_by FROM read_model.tasks
    WHERE kind = 'DECIDE' AND due < CASE WHEN state = 'DONE' THEN at ELSE %(as_of)s END
)
SELECT facts.department, facts.county,
    count(*) FILTER (WHERE state IN ('COMPLETED', 'REJECTED')),
    count(*) FILTER (WHERE state IN ('COMPLETED', 'REJECTED') AND late.case_id IS NULL),
    count(*) FILTER (WHERE state NOT IN ('COMPLETED', 'REJECTED') AND late.case_id IS NOT NULL)
FROM read_model.matter_facts AS facts LEFT JOIN late ON late.case_id = facts.case_id
    AND late.matter = facts.matter AND late.instance = coalesce(facts.instance, '')
    AND late.owed_by = facts.department
WHERE {_WHERE} AND (%(department)s::text IS NULL OR facts.department = %(department)s) AND counted
GROUP BY GROUPING SETS ((facts.department), (facts.department, facts.county))
ORDER BY facts.department, grouping(facts.county) DESC, facts.county NULLS LAST
"""  # noqa: S608
_CHANNELS: Final = f"""
SELECT coalesce(channel, 'UNKNOWN'), count(*), sum(visits_saved) FROM read_model.application_facts
WHERE {_WHERE} AND (%(department)s::text IS NULL
    OR %(department)s = ANY (string_to_array(departments, ' ')))
GROUP BY 1 ORDER BY 1
"""  # noqa: S608
_MATERIALS: Final = f"""
SELECT coalesce(sum(materials_saved), 0) FROM read_model.matter_facts
WHERE {_WHERE} {_OF_DEPARTMENT} AND counted
"""  # noqa: S608
_SNAPSHOT: Final = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
LOCK TABLE read_model.life IN ACCESS SHARE MODE
"""
"""Locked before the moment is chosen: else a copy might come in of whose rows that moment sees a part."""

WITHHELD_MATTER: Final = ("count", "days_median", "days_p90")
MEASURES: Final = (("decided", "on_time", "share"), ("overdue", "share"))
"""What is withheld together if the first of them is small: the share is of both together."""


@dataclass(frozen=True, slots=True)
class StatisticsFilter:
    """What is asked for: deaths from one day to another (both included), one department, one county."""

    begin: date | None = None
    end: date | None = None
    department: str | None = None
    county: str | None = None


@dataclass(frozen=True)
class Statistics:
    """What was true at `as_of`.

    Attributes:
        totals: cases, materials_saved, visits_saved.
        states: matter, state → count.
        days: matter → count completed, days_median and days_p90 from death to completion.
        on_time: department and county → decided, on_time, overdue, and the share that was on time of all that
            is decided or overdue; `whole` is for all counties.
        channels: channel → count of applications.
    """

    as_of: datetime
    asked: StatisticsFilter
    totals: Mapping[str, int | None]
    states: tuple[ReportRow, ...]
    days: tuple[ReportRow, ...]
    on_time: tuple[ReportRow, ...]
    channels: tuple[ReportRow, ...]


def ask(connection: Connection, asked: StatisticsFilter, as_of: datetime, small: int) -> Statistics:
    """Return the statistics, withholding what is small in a county.

    Args:
        connection: to the read model, with no transaction begun; all questions see one moment of it.
        asked: what they are about.
        as_of: that moment; a limit that has run out by then is overdue.
        small: counts of a county below this are withheld.
    """
    connection.execute(_SNAPSHOT)
    values = {
        **{"begin": asked.begin, "end": asked.end, "department": asked.department},
        **{"county": asked.county, "as_of": as_of},
    }

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query.encode(), values).fetchall()

    channels = rows(_CHANNELS)
    hides = small if asked.county else 0
    totals = {
        "cases": rows(_CASES)[0][0],
        "applications": sum(count for _, count, _ in channels),
        "materials_saved": rows(_MATERIALS)[0][0],
        "visits_saved": sum(int(saved or 0) for _, _, saved in channels),
    }
    return Statistics(
        as_of=as_of,
        asked=asked,
        totals={name: None if count < hides else int(count) for name, count in totals.items()},
        states=_hidden(
            [dict(zip(("matter", "state", "count"), row, strict=True)) for row in rows(_STATES)], hides
        ),
        days=_hidden([_days(row) for row in rows(_DAYS)], hides),
        on_time=tuple(_shares(rows(_ON_TIME), asked.county, small)),
        channels=_hidden([{"channel": name, "count": count} for name, count, _ in channels], hides),
    )


def _days(row: tuple[Any, ...]) -> ReportRow:
    matter, count, median, p90 = row
    return {"matter": matter, "count": count, "days_median": float(median), "days_p90": float(p90)}


def _hidden(rows: Iterable[ReportRow], small: int) -> tuple[ReportRow, ...]:
    """Withhold what was counted over fewer than ``small``."""
    return tuple(
        {name: None if name in WITHHELD_MATTER else value for name, value in row.items()}
        if row["count"] < small
        else row
        for row in rows
    )


def _shares(rows: Iterable[tuple[Any, ...]], county: str | None, small: int) -> Iterable[ReportRow]:
    """Yield departments and, below each, its counties; no small count can be worked out from them."""
    by_department: dict[str, list[ReportRow]] = {}
    for department, of_county, decided, on_time, overdue in rows:
        of_rows = by_department.setdefault(department, [])
        of_rows.append(
            {
                **{"department": department, "county": of_county, "whole": not of_rows},
                **{"decided": decided, "on_time": on_time, "overdue": overdue},
                "share": on_time / (decided + overdue) if decided + overdue else None,
            }
        )
    for of_rows in by_department.values():
        whole, *counties = of_rows
        for measures in MEASURES:
            hidden = _small(counties, measures[0], small)
            hidden += [whole] if county and whole[measures[0]] < small else []
            for row in hidden:
                row.update(dict.fromkeys(measures))
        yield from of_rows


def _small(counties: Iterable[ReportRow], measure: str, small: int) -> list[ReportRow]:
    """Return the rows to hide: a lone one could be had by subtraction, so the next one is also hidden."""
    ordered = sorted(counties, key=lambda row: row[measure])
    count = sum(row[measure] < small for row in ordered)
    return ordered[: 2 if count == 1 else count]
