"""Deliveries as operators read them, for people and as JSON."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.table import Table

from avro_schemas.catalogue import Document
from consumers.labels.words import TIMES, for_people, local_time, words
from consumers.notifier.deliveries import DeliveryRow
from consumers.read_model.rows import plain
from exchange.command.views.sheet import Sheet
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
DELIVERY_STATES: Final[Mapping[str, Words]] = LABELS.table("delivery_states")
TITLE: Final = LABELS["title"]
COLUMNS: Final = tuple(LABELS.table("columns").values())
ATTEMPTS: Final = LABELS["attempts"]


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
