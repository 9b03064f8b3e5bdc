"""What the ledger tells people and programs: a day's sums, and what is missing at this moment."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from rich.table import Table

from avro_schemas.catalogue import Document
from consumers.labels.words import TIMES, for_people, local_time, record_words, words
from consumers.ledger.days import DaySums
from consumers.ledger.missing import MissingRecord
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
RECONCILIATION: Final = LABELS["reconciliation"]
MISSING: Final = LABELS["missing"]
DEPARTMENT: Final = LABELS["department"]
COLUMNS: Final = LABELS.table("columns")
BALANCE: Final = LABELS["balance"]
YES, NO = LABELS["yes"], LABELS["no"]
TOTAL: Final = LABELS["total"]
APART: Final = LABELS["apart"]
HEALINGS: Final = LABELS.table("healings")
OUTCOMES: Final = LABELS.table("outcomes")


def day_row(day: date, sums: DaySums, as_of: datetime) -> Document:
    """Return a department's sums as one JSON line."""
    return {
        "day": day.isoformat(),
        **asdict(sums),
        "unexplained": sums.unexplained,
        "adds_up": sums.adds_up,
        "as_of": as_of.isoformat(),
    }


def missing_row(one: MissingRecord) -> Document:
    """Return a missing record as one JSON line."""
    return asdict(one) | {"outcome": one.outcome or "PENDING"}


def day_table(sheet: Sheet, day: date, all_sums: Iterable[DaySums], as_of: datetime) -> Table:
    """Return a day's sums, one row per department, marking those that do not add up."""
    found = tuple(all_sums)
    table = sheet.table(RECONCILIATION.filled(day=day), (DEPARTMENT,))
    for said in COLUMNS.values():
        table.add_column(sheet.say(said), justify="right")
    table.add_column(sheet.say(BALANCE))
    for sums in found:
        numbers = [str(getattr(sums, name)) for name in COLUMNS]
        balance = sheet.say(YES if sums.adds_up else NO)
        if sums.unexplained:
            balance += f" ({sums.unexplained:+})"
        style = None if sums.adds_up else "bold red"
        table.add_row(sheet.department(sums.department), *numbers, balance, style=style)
    table.add_section()
    totals = [str(sum(getattr(sums, name) for sums in found)) for name in COLUMNS]
    table.add_row(sheet.say(TOTAL), *totals, sheet.say(YES if all(s.adds_up for s in found) else NO))
    seen = LABELS["seen_at"].filled(at=local_time(as_of))
    table.caption = "\n".join((sheet.both(seen), sheet.say(APART), sheet.both(TIMES)))
    table.caption_justify = "left"
    return table


def missing_table(sheet: Sheet, found: Iterable[MissingRecord]) -> Table:
    """Return what is missing, each by its place in the log."""
    columns = (
        LABELS["place"],
        DEPARTMENT,
        LABELS["record"],
        LABELS["taken_at"],
        LABELS["what_is_missing"],
        LABELS["healing"],
    )
    table = sheet.table(MISSING, columns)
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    for one in found:
        again = f" × {one.redeliveries}" if one.redeliveries else ""
        table.add_row(
            str(one.place),
            sheet.department(one.department),
            f"{sheet.say(record_words(one.record_type, sheet.policy))}\n{for_people(one.record_id or '')}",
            local_time(one.taken_at),
            sheet.say(words(OUTCOMES, one.outcome or "PENDING")),
            sheet.say(words(HEALINGS, one.healing)) + again,
            style="bold red" if one.healing == "NOT_HEALED" else None,
        )
    return table
