"""`/desk/v1/statistics`: how long matters take, and where they wait; numbers without persons."""

from datetime import date
from typing import Annotated, Any

from litestar import get
from litestar.params import QueryParameter

from consumers.statistics.report import StatisticsFilter
from consumers.statistics.rows import statistics_row
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk.statistics import read_statistics
from exchange.serving.openapi import answers

DiedFrom = Annotated[date | None, QueryParameter(name="from", description="Deaths from this day on.")]
DiedUntil = Annotated[date | None, QueryParameter(name="to", description="Deaths up to this day.")]
CountedDepartment = Annotated[str | None, QueryParameter(description="Its matters; else the asker's own.")]
CountedCounty = Annotated[str | None, QueryParameter(description="Only this county, as records name it.")]


@get(
    f"{API}/statistics", responses=answers(400, 401, 403, 429, 503), sync_to_thread=True, tags=["Statistics"]
)
def ask_statistics(
    console: ConsoleHere,
    asker: AskerHere,
    begin: DiedFrom = None,
    end: DiedUntil = None,
    department: CountedDepartment = None,
    county: CountedCounty = None,
) -> dict[str, Any]:
    """Return the statistics of now; counts of a county below the policy's small number are withheld."""
    own = department or asker.kept_within.get("department")
    return statistics_row(read_statistics(console.desk, asker, StatisticsFilter(begin, end, own, county)))
