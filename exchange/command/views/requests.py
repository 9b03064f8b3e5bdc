"""What the family must still bring, as people read it: each material once, with its matters and reasons."""

from typing import Final

from rich.table import Table

from avro_schemas.typed_documents import CaseDocument
from consumers.labels.next_steps import owed_words
from consumers.labels.requests import reason_words, requested_words
from exchange.command.views.sheet import Sheet
from topics.labels import Labels

LABELS: Final = Labels(__file__)
REQUESTS: Final = LABELS["requests"]
MATERIAL: Final = LABELS["material"]
STATE: Final = LABELS["state"]
MATTERS: Final = LABELS["matters"]
WHY: Final = LABELS["why"]


def request_table(sheet: Sheet, document: CaseDocument) -> Table:
    """Return every material that is asked for, in annex 2's order, with the reason for each matter."""
    table = sheet.table(REQUESTS, (MATERIAL, STATE, MATTERS, WHY))
    for request in document["requests"]:
        table.add_row(
            f"{request['kind']} {sheet.say(requested_words(request, sheet.policy))}",
            sheet.both(owed_words(request["state"], request.get("standing"))),
            "\n".join(sheet.matter(need["matter"], None) for need in request["needs"]),
            "\n".join(map(sheet.say, reason_words(request, sheet.policy))),
        )
    return table
