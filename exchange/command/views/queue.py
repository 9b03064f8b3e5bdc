"""What there is to do, as people read it."""

from collections.abc import Iterable
from typing import Final

from rich.table import Table

from consumers.labels.rulings import TASK_KINDS
from consumers.labels.words import STATES, day_words, for_people, words
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
    for line in lines:
        late = line.working_days_left is not None and line.working_days_left < 0
        table.add_row(
            "\n".join(_due(sheet, line)),
            for_people(line.name or "–"),
            sheet.matter(line.matter, line.instance),
            "\n".join((sheet.say(words(STATES, line.state)), *_owed(sheet, line))),
            "\n".join((sheet.department(line.department), *filter(None, (line.county, line.assignee)))),
            line.case_id,
            style="bold red" if late else None,
        )
    return table


def more_words(sheet: Sheet) -> str:
    """Return what is said where the page does not hold all."""
    return sheet.both(MORE)


def _due(sheet: Sheet, line: QueueLine) -> list[str]:
    left = line.working_days_left
    day = [day_words(line.due, sheet.language)] if line.due else []
    if left is None:
        return day
    return [*day, sheet.say((DAYS_OVER if left < 0 else DAYS_LEFT).filled(days=abs(left)))]


def _owed(sheet: Sheet, line: QueueLine) -> list[str]:
    return [sheet.say(words(TASK_KINDS, kind)) for kind in line.owed]
