"""What the ledger tells people and programs: a day's sums, and what is missing at this moment."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from rich.table import Table

from avro_schemas.catalogue import Document
from consumers.labels.words import TIMES, Words, for_people, local_time, record_words, words
from consumers.ledger.days import DaySums
from consumers.ledger.missing import MissingRecord
from exchange.command.views.sheet import Sheet

RECONCILIATION: Final = Words("对账", "Reconciliation")
MISSING: Final = Words("缺失记录", "Missing records")
DEPARTMENT: Final = Words("部门", "Department")
COLUMNS: Final = {
    "sent": Words("入库", "Sent"),
    "accepted": Words("已接收", "Accepted"),
    "duplicate": Words("重复", "Duplicate"),
    "rejected": Words("退回", "Rejected"),
    "held": Words("暂存", "Held"),
    "pending": Words("待处理", "Pending"),
    "undecodable": Words("无法解析", "Undecodable"),
    "turned_away": Words("入口退回", "Turned away"),
    "taken_back": Words("自行撤回", "Taken back"),
    "missing": Words("缺失", "Missing"),
}
BALANCE: Final = Words("平账", "Adds up")
YES, NO = Words("是", "yes"), Words("否", "NO")
TOTAL: Final = Words("合计", "Total")
APART: Final = Words(
    "入库 = 已接收 + 重复 + 退回 + 暂存 + 待处理; 无法解析、入口退回和自行撤回另计",
    "sent = accepted + duplicate + rejected + held + pending; undecodable, turned away and taken back (in "
    "the department's own transactions) are apart",
)
HEALINGS: Final = {
    "MISSING": Words("待重新投递", "to be delivered again"),
    "REDELIVERED": Words("已重新投递", "delivered again"),
    "NOT_HEALED": Words("重新投递无效", "delivering again did not help"),
}
OUTCOMES: Final = {
    "PENDING": Words("无回执", "no receipt"),
    "ACCEPTED": Words("已接收, 事件中没有", "accepted, in no case"),
    "HELD": Words("暂存, 事件中没有", "held, in no case"),
}


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
    """Return a day's sums, one department a row, those that do not add up marked."""
    found = tuple(all_sums)
    table = sheet.table(Words(f"{RECONCILIATION.zh} {day}", f"{RECONCILIATION.en} {day}"), (DEPARTMENT,))
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
    seen = Words(f"截至 {local_time(as_of)}", f"as of {local_time(as_of)}")
    table.caption = "\n".join((sheet.both(seen), sheet.say(APART), sheet.both(TIMES)))
    table.caption_justify = "left"
    return table


def missing_table(sheet: Sheet, found: Iterable[MissingRecord]) -> Table:
    """Return what is missing, known by its place in the log."""
    columns = (
        Words("位置", "Place"),
        DEPARTMENT,
        Words("记录", "Record"),
        Words("入库时间", "Taken at"),
        Words("缺什么", "What is missing"),
        Words("处理", "Healing"),
    )
    table = sheet.table(MISSING, columns)
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    for one in found:
        again = f" × {one.redeliveries}" if one.redeliveries else ""
        table.add_row(
            str(one.place),
            sheet.department(one.department),
            f"{sheet.say(record_words(one.record_type))}\n{for_people(one.record_id or '')}",
            local_time(one.taken_at),
            sheet.say(words(OUTCOMES, one.outcome or "PENDING")),
            sheet.say(words(HEALINGS, one.healing)) + again,
            style="bold red" if one.healing == "NOT_HEALED" else None,
        )
    return table
