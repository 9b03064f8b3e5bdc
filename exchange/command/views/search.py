"""Cases that were found, as people read them."""

from collections.abc import Iterable
from typing import Final

from rich.table import Table

from consumers.labels.words import for_people
from exchange.command.views.sheet import Sheet
from exchange.desk.search import FoundCase
from topics.labels import Labels

LABELS: Final = Labels(__file__)
STANDINGS: Final = LABELS.table("standings")


def found_table(sheet: Sheet, found: Iterable[FoundCase]) -> Table:
    """Return the cases in the order given."""
    table = sheet.table(LABELS["title"], LABELS.table("columns").values())
    for one in found:
        standing = STANDINGS["established" if one.death_established else "not_established"]
        table.add_row(for_people(one.name or "–"), one.birth_year or "–", sheet.say(standing), one.case_id)
    return table
