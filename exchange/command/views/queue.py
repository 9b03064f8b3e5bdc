"""What there is to do, as people read it."""

from collections.abc import Iterable
from typing import Final

from rich.table import Table

from consumers.labels.rulings import TASK_KINDS
from consumers.labels.words import STATES, day_words, for_people, words
from consumers.read_model.queue_reader import QueueRow
from exchange.command.views.sheet import Sheet
from exchange.desk.queue import QueueLine
from topics.labels import Labels

LABELS: Final = Labels(__file__)
COLUMNS: Final = LABELS.table("columns")
DAYS_LEFT: Final = LABELS["days_left"]
DAYS_OVER: Final = LABELS["days_over"]
MORE: Final = LABELS["more"]


def queue_table(sheet: Sheet, lines: Iterable[QueueLine]) -> Table:
    """Return the matters in the order given; what is over its last day is marked."""
    table = sheet.table(LABELS["title"], COLUMNS.values())
    for row, name in ((line.row, line.name) for line in lines):
        late = row.working_days_left is not None and row.working_days_left < 0
        table.add_row(
            "\n".join(_due(sheet, row)),
            for_people(name or "–"),
            sheet.matter(row.matter, row.instance),
            "\n".join((sheet.say(words(STATES, row.state)), *_owed(sheet, row))),
            "\n".join((sheet.department(row.department), *filter(None, (row.county, row.assignee)))),
            row.case_id,
            style="bold red" if late else None,
        )
    return table


def more_words(sheet: Sheet) -> str:
    """Return what is said where the page does not hold all."""
    return sheet.both(MORE)


def _due(sheet: Sheet, row: QueueRow) -> list[str]:
    left = row.working_days_left
    day = [day_words(row.due, sheet.language)] if row.due else []
    if left is None:
        return day
    return [*day, sheet.say((DAYS_OVER if left < 0 else DAYS_LEFT).filled(days=abs(left)))]


def _owed(sheet: Sheet, row: QueueRow) -> list[str]:
    return [sheet.say(words(TASK_KINDS, kind)) for kind in row.owed]
