"""What the family must still bring, as people read it: each material once, with its matters and reasons."""

from collections.abc import Iterator
from typing import Final

from rich.table import Table

from avro_schemas.typed_documents import CaseDocument, MaterialRequestDocument
from consumers.labels.next_steps import owed_words
from consumers.labels.words import city_words, material_remark, material_words
from exchange.command.views.sheet import Sheet
from exchange.domain.policy import Policy
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
REQUESTS: Final = LABELS["requests"]
MATERIAL: Final = LABELS["material"]
STATE: Final = LABELS["state"]
MATTERS: Final = LABELS["matters"]
WHY: Final = LABELS["why"]
ROW: Final = LABELS["row"]
ROW_REMARK: Final = LABELS["row_remark"]
SET_BY_CITY: Final = LABELS["set_by_city"]
PROVISIONAL: Final = LABELS["provisional"]


def request_table(sheet: Sheet, document: CaseDocument) -> Table:
    """Return every material that is asked for, in annex 2's order, with the reason for each matter."""
    table = sheet.table(REQUESTS, (MATERIAL, STATE, MATTERS, WHY))
    for request in document["requests"]:
        table.add_row(
            f"{request['kind']} {sheet.say(requested_words(request, sheet.policy))}",
            sheet.both(owed_words(request["state"], request.get("standing"))),
            "\n".join(sheet.matter(need["matter"], None) for need in request["needs"]),
            "\n".join(reasons(sheet, request)),
        )
    return table


def requested_words(request: MaterialRequestDocument, policy: Policy) -> Words:
    """Return what is asked for, as the matters call it that need it."""
    return material_words(request["kind"], policy, (need["matter"] for need in request["needs"]))


def reasons(sheet: Sheet, request: MaterialRequestDocument) -> Iterator[str]:
    """Yield why a material is asked for: annex 2's row and remark, and what is assumed, each once."""
    for row in dict.fromkeys(need["annex_2_row"] for need in request["needs"]):
        if row is None:
            yield sheet.say(SET_BY_CITY if _is_set_by_city(sheet.policy, request) else PROVISIONAL)
            continue
        original = any(need["original"] for need in request["needs"])
        remark = material_remark(request["kind"], sheet.policy, original=original)
        place = ROW.filled(list=city_words(sheet.policy.city.materials_list), row=row)
        if remark:
            place = ROW_REMARK.filled(place=place, remark=city_words(remark))
        yield sheet.say(place)


def _is_set_by_city(policy: Policy, request: MaterialRequestDocument) -> bool:
    """Say whether the city has decided that its matters need the material; what was shipped it has not."""
    asking = {need["matter"] for need in request["needs"] if need["annex_2_row"] is None}
    wanted = (one for matter in policy.matters if matter.matter in asking for one in matter.materials)
    return all(one.set_by_city for one in wanted if one.kind == request["kind"])
