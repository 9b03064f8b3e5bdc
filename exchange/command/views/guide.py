"""The guide in a terminal: one matter part by part, or all of them with who decides and how long it takes."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.table import Table

from consumers.guide.text import PARTS, Guide, GuidePart, guide_parts
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)


def part_lines(sheet: Sheet, part: GuidePart) -> Iterator[str]:
    """Yield one part of a guide; of several lines each stands below its label."""
    if len(part.lines) == 1:
        yield sheet.say(LABELS["part"].filled(label=part.label, text=part.lines[0]))
        return
    yield sheet.say(LABELS["part"].filled(label=part.label, text="")).rstrip()
    yield from (f"  · {sheet.say(line)}" for line in part.lines)


class GuidePage(Sheet):
    """Shows guides of ``consumers.guide.text``, which has all their words."""

    def lines(self, guide: Guide) -> Iterator[str]:
        """Yield one guide: its matter, then part by part."""
        yield self.matter(guide.matter, None)
        yield from (f"  {line}" for part in guide_parts(guide) for line in part_lines(self, part))

    def overview(self, guides: Iterable[Guide]) -> Table:
        """Return all matters, each with whose it is and how long it takes."""
        table = self.table(LABELS["guides"], (LABELS["matter"], PARTS["responsible"], LABELS["days"]))
        for guide in guides:
            days = str(guide.limit_working_days)
            table.add_row(self.matter(guide.matter, None), self.say(guide.responsible), days)
        return table
