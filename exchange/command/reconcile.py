"""`exchange reconcile`: a day's sums for each department, or what is missing at this moment."""

import logging
from datetime import UTC, date, datetime
from typing import Annotated, Final

import typer

from consumers.ledger.days import day_sums
from consumers.ledger.reader import OpenLedger, open_ledger
from exchange.command.terminal.console import paper, print_json, say
from exchange.command.terminal.language import LangOption, language_of
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.command.views.ledger import day_row, day_table, missing_row, missing_table
from exchange.command.views.sheet import Sheet
from exchange.runtime.city import find_city
from exchange.runtime.logs import configure_logs
from exchange.runtime.settings import load_settings
from topics.labels import Labels
from verification.reasons import UnfitValueError
from verification.times import SHANGHAI, read_date

LABELS: Final = Labels(__file__)


def reconcile(
    day: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="The day, in Asia/Shanghai. Default: today."),
    ] = None,
    department: Annotated[str | None, typer.Option(help="Only this department.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="List what is missing now, whatever its day.")
    ] = False,
    json: JsonOption = False,
    lang: LangOption = "",
    home: HomeOption = None,
) -> None:
    """Show, for each department and a day, that everything it sent is accounted for; exit 1 if it is not.

    For example: exchange reconcile --day 2026-03-02 --department police

    exchange reconcile --check

    Sent = accepted + duplicate + rejected + held + pending, by when the log took a record. Apart: what could
    not be decoded, and what was turned away before it was in the log. Missing is what the exchange has been
    through without a receipt, or accepted into no case; the reconciler delivers it again by itself.
    """
    city = find_city()
    departments = city.catalogue.publishers
    if department is not None and department not in departments:
        raise typer.BadParameter(
            f"--department {department}: those that publish are {', '.join(departments)}."
        )
    if check and day is not None:
        raise typer.BadParameter("--check is about this moment; leave --day out.")
    wanted, sheet = _day(day), Sheet(city.policy, language_of(lang))
    configure_logs(logging.WARNING)
    with open_ledger(load_settings(home)) as ledger:
        good = (
            _show_missing(ledger, department, sheet, json=json)
            if check
            else _show_day(ledger, wanted, department, sheet, json=json)
        )
    if not good:
        raise typer.Exit(1)


def _day(text: str | None) -> date:
    today = datetime.now(UTC).astimezone(SHANGHAI).date()
    if text is None:
        return today
    try:
        day = read_date(text)
    except UnfitValueError:
        raise typer.BadParameter(f"--day {text}: write a day as {today}.") from None
    if day > today:
        raise typer.BadParameter(f"--day {text} has not come yet; in Asia/Shanghai it is {today}.")
    return day


def _show_day(ledger: OpenLedger, day: date, department: str | None, sheet: Sheet, *, json: bool) -> bool:
    found = [
        sums
        for sums in day_sums(ledger.connection, day, ledger.as_of, ledger.missing, ledger.catalogue)
        if department in {None, sums.department}
    ]
    if json:
        for sums in found:
            print_json(day_row(day, sums, ledger.as_of))
    else:
        paper().print(day_table(sheet, day, found, ledger.as_of))
    return all(sums.adds_up for sums in found)


def _show_missing(ledger: OpenLedger, department: str | None, sheet: Sheet, *, json: bool) -> bool:
    found = [one for one in ledger.missing if department in {None, one.department}]
    if json:
        for one in found:
            print_json(missing_row(one))
    elif found:
        paper().print(missing_table(sheet, found))
    else:
        say(LABELS["nothing_missing"].both("zh"))
    return not found
