"""`exchange statistics`: days, on-time shares, visits and materials saved; no personal data."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from consumers.statistics.report import StatisticsFilter
from consumers.statistics.rows import statistics_row
from consumers.statistics.tables import (
    TITLE,
    WITHHELD_NOTE,
    StatisticsTable,
    as_of_text,
    csv_of,
    statistics_tables,
)
from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.terminal.output_file import write_file
from exchange.command.terminal.words import read_word
from exchange.command.views.sheet import Sheet
from exchange.desk.desk import open_desk
from exchange.desk.statistics import read_statistics
from exchange.domain.policy import Policy
from exchange.runtime.city import find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.settings import load_settings

HERE: Final = Path(__file__).parent
BAR_PX: Final = 240


def statistics(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    begin: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Deaths from this day on, such as 2026-01-01."),
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Deaths up to this day.")] = None,
    department: Annotated[
        str,
        typer.Option(
            "--department", metavar="<str>", parser=read_word, help="Only matters of this department."
        ),
    ] = "",
    county: Annotated[str, typer.Option("--county", help="Only this county, as records name it.")] = "",
    csv: Annotated[str, typer.Option("--csv", metavar="FILE", help="Write all tables as one CSV.")] = "",
    html: Annotated[
        str, typer.Option("--html", metavar="FILE", help="Write a page with charts, for any browser.")
    ] = "",
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Tell how long matters take, whether they are on time, and what families were spared.

    Days from death to completion, on-time shares by department and county, counts by state and channel,
    materials and visits saved. It holds no personal data: counts of a county below 5 are not shown. For
    example: exchange statistics --from 2026-01-01 --to 2026-03-31 --html quarter.html
    """
    asked = StatisticsFilter(_day("--from", begin), _day("--to", end), department or None, county or None)
    city = find_city()
    policy = city.policy
    _check(asked, policy)
    language = language_of(lang)
    configure_logs(logging.WARNING)
    settings, small = load_settings(home), city.statistics.small_number
    with open_desk(settings) as desk:
        found = read_statistics(desk, asker_of("", settings), asked)
    sheet = Sheet(policy, language)
    tables = statistics_tables(found, small, sheet)
    notes = (as_of_text(found, sheet), sheet.say(WITHHELD_NOTE).format(small=small))
    written = {
        **({csv: csv_of(tables, sheet, notes[0])} if csv else {}),
        **({html: html_of(tables, sheet, notes)} if html else {}),
    }
    _write(written)
    if json:
        print_json(statistics_row(found))
    elif not written:
        paper().print(sheet.say(TITLE), *notes, sep="\n")
        for one in tables:
            shown = sheet.table(one.title, one.columns)
            for row in one.rows:
                shown.add_row(*row)
            paper().print(shown)


def html_of(tables: Iterable[StatisticsTable], sheet: Sheet, notes: Iterable[str]) -> str:
    """Return the tables as a page for a browser, with bars, and nothing loaded from elsewhere.

    All text is escaped, since a county's name is a department's text.
    """
    engine = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    engine.filters["say"] = sheet.say
    return engine.get_template("page.html.j2").render(
        language="zh-CN" if sheet.language == "zh" else "en",
        title=TITLE,
        notes=list(notes),
        tables=list(tables),
        width=BAR_PX,
    )


def _day(option: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option} is a day such as 2026-01-01, not {text!r}") from None


def _check(asked: StatisticsFilter, policy: Policy) -> None:
    if asked.begin and asked.end and asked.begin > asked.end:
        raise typer.BadParameter(f"--from {asked.begin} is after --to {asked.end}")
    if asked.department and asked.department not in policy.deciding:
        known = ", ".join(sorted(policy.deciding))
        raise typer.BadParameter(f"--department is one of {known}, not {asked.department}")


def _write(files: Mapping[str, str]) -> None:
    for file, text in files.items():
        write_file(text.encode(), file)
        say(f"{file}")
