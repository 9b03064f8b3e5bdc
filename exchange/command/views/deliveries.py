"""Deliveries as operators read them, for people and as JSON."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.table import Table

from avro_schemas.catalogue import Document
from consumers.labels.words import TIMES, Words, for_people, local_time, words
from consumers.notifier.deliveries import DeliveryRow
from consumers.notifier.tables import DEAD, DELIVERED, DISCARDED, PENDING
from exchange.command.views.rows import plain
from exchange.command.views.sheet import Sheet

DELIVERY_STATES: Final[Mapping[str, Words]] = {
    PENDING: Words("待推送", "pending"),
    DELIVERED: Words("已送达", "delivered"),
    DEAD: Words("已停止重试", "dead"),
    DISCARDED: Words("已弃置", "discarded"),
}
TITLE: Final = Words("门户通知", "Webhooks")
COLUMNS: Final = (
    Words("通知", "Webhook"),
    Words("事件编号", "Case"),
    Words("状态", "State"),
    Words("产生时间", "Made"),
    Words("下次推送", "Next attempt"),
    Words("失败原因", "Problem"),
)
ATTEMPTS: Final = Words("次数", "Attempts")


def delivery_row(delivery: DeliveryRow) -> Document:
    """Return a delivery as `exchange webhooks list --json` prints it."""
    return {name: plain(value) for name, value in delivery.items()}


def delivery_table(sheet: Sheet, deliveries: Iterable[DeliveryRow]) -> Table:
    """Return the deliveries in the order given; every time is Asia/Shanghai's."""
    table = sheet.table(TITLE, COLUMNS)
    table.add_column(sheet.say(ATTEMPTS), justify="right")
    table.caption, table.caption_justify = sheet.both(TIMES), "left"
    for one in deliveries:
        due = one["next_attempt_at"]
        table.add_row(
            one["webhook_id"],
            one["case_id"],
            sheet.say(words(DELIVERY_STATES, one["state"])),
            local_time(one["made_at"]),
            local_time(due) if due else "",
            for_people(one["reason"] or one["problem"] or ""),
            str(one["attempts"]),
        )
    return table
