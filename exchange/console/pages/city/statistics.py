"""The statistics: how long matters take, whether they are on time, what families were spared; no persons."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from litestar import get
from litestar.params import QueryParameter

from consumers.statistics.report import Statistics, StatisticsFilter
from consumers.statistics.tables import WITHHELD_NOTE, as_of_text, statistics_tables
from exchange.console.console import AskerHere
from exchange.console.pages.city.charts import charts_of
from exchange.console.pages.frame import Frame
from exchange.console.pages.naming import Naming
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
FIGURES: Final = "totals"
"""The table whose numbers stand large at the head."""
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
        deciders = {code for codes in policy.deciders.values() for code in codes}
        county = kept.get("county")
        named = self.county if self.county in policy.city.county_names.values() else None
        return StatisticsFilter(
            _day(self.begin),
            _day(self.end),
            kept.get("department") or (self.department if self.department in deciders else None),
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
    policy, kept = frame.policy, frame.visitor.asker.kept_within if frame.visitor else {}
    deciders = sorted({code for codes in policy.deciders.values() for code in codes})
    tables = statistics_tables(found, small, frame.naming) if found else ()
    return render(
        "city/statistics",
        frame,
        asked=asked,
        wrong=[(field, frame.naming.say(what)) for field, what in asked.wrong()],
        departments=[] if "department" in kept else deciders,
        counties=[] if "county" in kept else list(policy.city.county_names.values()),
        figures=[one for one in tables if one.code == FIGURES],
        tables=[one for one in tables if one.code != FIGURES],
        charts=charts_of(found, frame.naming) if found else {},
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
