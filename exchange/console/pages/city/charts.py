"""Charts of the statistics as lengths; the templates draw them, and each stands beside its table."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from consumers.labels.namer import Namer
from consumers.statistics.report import ReportRow, Statistics
from consumers.statistics.tables import channel_words

DRAWN_STATES: Final = ("COMPLETED", "ACCEPTED", "APPLIED", "READY", "WAITING", "SUSPENDED", "REJECTED")
"""In the order in which they are drawn, what is done first; a matter that does not arise is not drawn."""
_WHOLE: Final = 100.0


class Segment(NamedTuple):
    """A part of a bar: where it begins and how long it is, of 100."""

    kind: str
    begin: float
    length: float


class ChartRow(NamedTuple):
    """A bar of the chart, with its name and what it comes to."""

    name: str
    value: str
    segments: tuple[Segment, ...]


class Chart(NamedTuple):
    """A chart: its bars, and the states that they are made of where there are several."""

    rows: tuple[ChartRow, ...]
    states: tuple[str, ...] = ()


def charts_of(found: Statistics, names: Namer) -> dict[str, Chart]:
    """Return charts by the code of the table beside which each stands; what is withheld is not drawn."""
    states = tuple(_states(found.states, names))
    drawn = {one.kind for row in states for one in row.segments}
    charts = {
        "days": Chart(tuple(_days(found.days, names))),
        "on_time": Chart(tuple(_shares(found.on_time, names))),
        "states": Chart(states, tuple(one for one in DRAWN_STATES if one in drawn)),
        "channels": Chart(tuple(_channels(found.channels, names))),
    }
    return {code: one for code, one in charts.items() if one.rows}


def _days(rows: Sequence[ReportRow], names: Namer) -> Iterator[ChartRow]:
    """Yield a bar up to the median, with a tick at what nine of ten stay within."""
    told = [row for row in rows if row["days_median"] is not None]
    most = max((row["days_p90"] for row in told), default=0) or 1
    for row in told:
        median, p90 = (_WHOLE * row[name] / most for name in ("days_median", "days_p90"))
        segments = (Segment("plain", 0, _short(median)), Segment("tick", _short(p90) - 0.5, 0.5))
        yield ChartRow(names.matter(row["matter"], None), f"{row['days_median']:.1f}", segments)


def _shares(rows: Iterable[ReportRow], names: Namer) -> Iterator[ChartRow]:
    for row in rows:
        if row["whole"] and row["share"] is not None:
            segment = Segment("plain", 0, _short(_WHOLE * row["share"]))
            yield ChartRow(names.department(row["department"]), f"{row['share']:.1%}", (segment,))


def _states(rows: Iterable[ReportRow], names: Namer) -> Iterator[ChartRow]:
    """Yield a bar of each matter, in parts by state; none that would give away what is withheld."""
    for number, of_matter in groupby(rows, key=lambda row: row["matter"]):
        counts = {row["state"]: row["count"] for row in of_matter if row["state"] in DRAWN_STATES}
        if counts and None not in counts.values():
            total = sum(counts.values())
            yield ChartRow(names.matter(number, None), f"{total:,}", tuple(_parts(counts, total)))


def _parts(counts: dict[str, int], total: int) -> Iterator[Segment]:
    begin = 0.0
    for state in DRAWN_STATES:
        if length := _WHOLE * counts.get(state, 0) / total:
            yield Segment(state, _short(begin), _short(length))
            begin += length


def _channels(rows: Sequence[ReportRow], names: Namer) -> Iterator[ChartRow]:
    told = [row for row in rows if row["count"] is not None]
    most = max((row["count"] for row in told), default=0) or 1
    for row in told:
        segment = Segment("plain", 0, _short(_WHOLE * row["count"] / most))
        yield ChartRow(names.say(channel_words(row["channel"])), f"{row['count']:,}", (segment,))


def _short(length: float) -> float:
    return round(length, 2)
