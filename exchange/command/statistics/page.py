"""The statistics as one page for a browser: tables with bars in SVG, and nothing loaded from elsewhere."""

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from consumers.statistics.tables import TITLE, StatisticsTable
from exchange.command.views.sheet import Sheet

HERE = Path(__file__).parent
BAR_PX = 240


def html_of(tables: Iterable[StatisticsTable], sheet: Sheet, notes: Iterable[str]) -> str:
    """Return the page; all text is escaped, since a county's name is a department's text."""
    engine = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    engine.filters["say"] = sheet.say
    return engine.get_template("page.html.j2").render(
        language="zh-CN" if sheet.language == "zh" else "en",
        title=TITLE,
        notes=list(notes),
        tables=list(tables),
        width=BAR_PX,
    )
