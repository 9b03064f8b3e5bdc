"""The statistics: how long matters take, whether they are on time, what families were spared; no persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, NamedTuple

from litestar import get
from litestar.params import QueryParameter

from consumers.statistics.report import Statistics, StatisticsFilter
from consumers.statistics.tables import WITHHELD_NOTE, as_of_text, statistics_tables
from exchange.console.console import AskerHere
from exchange.console.pages.city.charts import DRAWN_STATES, Chart, charts_of
from exchange.console.pages.frame import Frame
from exchange.console.pages.naming import Naming
from exchange.console.pages.parts import state_words
from exchange.console.pages.rendering import render
from exchange.console.pages.serving import AnyResponse, PageRequestHere, html
from exchange.desk.statistics import READ_STATISTICS, read_statistics
from exchange.domain.access.may import WorkPlace
from exchange.domain.policy import Policy
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
BACKWARDS: Final = LABELS["backwards"]
NO_DAY: Final = LABELS["no_day"]
NOTES: Final = LABELS.table("notes")
"""Code of a table → how its chart is read."""
TOTALS: Final = "totals"
"""The table whose numbers stand large at the head."""
NOT_ARISING: Final = "NOT_APPLICABLE"
_NONE: Final = "–"
BeginAsked = Annotated[str, QueryParameter(name="from", max_length=20)]
EndAsked = Annotated[str, QueryParameter(name="to", max_length=20)]
DepartmentCounted = Annotated[str, QueryParameter(name="department", max_length=60)]
CountyCounted = Annotated[str, QueryParameter(name="county", max_length=60)]


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """What somebody wants to know, as the address has it; what is not offered is left open."""

    begin: str = ""
    end: str = ""
    department: str = ""
    county: str = ""

    def filter(self, kept: WorkPlace, policy: Policy) -> StatisticsFilter:
        """Return what is asked for by whoever is kept within that: the own department alone, for one."""
        county = kept.get("county")
        named = self.county if self.county in policy.city.county_names.values() else None
        return StatisticsFilter(
            _day(self.begin),
            _day(self.end),
            kept.get("department") or (self.department if self.department in policy.deciding else None),
            named if county is None else policy.city.county_names.get(county, county),
        )

    def wrong(self) -> tuple[tuple[str, Words], ...]:
        """Return what has to be put right: the field, and what to do."""
        fields = {"from": self.begin, "to": self.end}
        found = tuple((name, NO_DAY) for name, text in fields.items() if text and _day(text) is None)
        begin, end = _day(self.begin), _day(self.end)
        return (*found, ("from", BACKWARDS)) if begin and end and begin > end else found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Figure(NamedTuple):
    """A table with its chart; `folded` are rows that are shown when somebody asks for them."""

    code: str
    title: Words
    columns: tuple[Words, ...]
    rows: Sequence[tuple[str, ...]]
    folded: Sequence[tuple[str, ...]]
    chart: Chart | None


def figures_of(found: Statistics, small: int, naming: Naming) -> dict[str, Figure]:
    """Return the tables by their codes, laid out for a screen: departments first, and states side by side."""
    charts = charts_of(found, naming)
    figures = {
        one.code: Figure(one.code, one.title, one.columns, one.rows, (), charts.get(one.code))
        for one in statistics_tables(found, small, naming)
    }
    on_time = figures["on_time"]
    whole, counties = (
        [text for row, text in zip(found.on_time, on_time.rows, strict=True) if row["whole"] is is_whole]
        for is_whole in (True, False)
    )
    states = _by_state(figures["states"], naming)
    return {**figures, "on_time": on_time._replace(rows=whole, folded=counties), "states": states}


def _by_state(figure: Figure, naming: Naming) -> Figure:
    """Return the counts with a row for each matter, and a column for each state."""
    matter, _, _ = figure.columns
    counts = {(name, state): count for name, state, count in figure.rows}
    names = dict.fromkeys(name for name, _ in counts)
    there = {state for _, state in counts}
    shown = [words for words in map(state_words, (*DRAWN_STATES, NOT_ARISING)) if naming.say(words) in there]
    rows = [(name, *(counts.get((name, naming.say(one)), _NONE) for one in shown)) for name in names]
    return figure._replace(columns=(matter, *shown), rows=rows)


def _within(found: Statistics, naming: Naming) -> str:
    """Return what is counted, as it stands on a printed page."""
    asked = found.asked
    told = (
        naming.say(LABELS["died_from"].filled(day=asked.begin)) if asked.begin else "",
        naming.say(LABELS["died_until"].filled(day=asked.end)) if asked.end else "",
        naming.department(asked.department) if asked.department else "",
        asked.county or "",
    )
    return naming.joined(filter(None, told)) or naming.say(LABELS["whole"])


def statistics_page(frame: Frame, asked: FiguresAsked, found: Statistics | None, small: int) -> str:
    """Return the page.

    Args:
        frame: what stands around it.
        asked: the filter as it was sent.
        found: None: the filter has something to put right.
        small: counts of a county below this are withheld.
    """
    policy, kept = frame.policy, frame.kept
    figures = figures_of(found, small, frame.naming) if found else {}
    return render(
        "city/statistics",
        frame,
        asked=asked,
        wrong=[(field, frame.naming.say(what)) for field, what in asked.wrong()],
        departments=[] if "department" in kept else sorted(policy.deciding),
        counties=[] if "county" in kept else list(policy.city.county_names.values()),
        totals=figures.pop(TOTALS, None),
        figures=figures.values(),
        notes=NOTES,
        within=_within(found, frame.naming) if found else "",
        as_of=as_of_text(found, frame.naming) if found else "",
        withheld=frame.naming.say(WITHHELD_NOTE).format(small=small),
    )


@get("/statistics", include_in_schema=False, sync_to_thread=True)
def show_statistics(
    pages: PageRequestHere,
    asker: AskerHere,
    begin: BeginAsked = "",
    end: EndAsked = "",
    department: DepartmentCounted = "",
    county: CountyCounted = "",
) -> AnyResponse:
    """Show counts and times, with their charts; numbers without persons leave no access record."""
    desk, asked = pages.console.desk, FiguresAsked(begin, end, department, county)
    desk.require(asker, READ_STATISTICS, asker.kept_within)
    wanted = asked.filter(asker.kept_within, desk.policy)
    found = None if asked.wrong() else read_statistics(desk, asker, wanted)
    small = desk.settings.city.statistics.small_number
    return html(statistics_page(pages.frame(), asked, found, small))
