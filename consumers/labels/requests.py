"""What a family must still bring, in words: what it is called, and why it is asked for."""

from collections.abc import Iterator
from typing import Final

from avro_schemas.typed_documents import MaterialRequestDocument
from consumers.labels.words import city_words, material_remark, material_words
from exchange.domain.policy import Policy
from topics.labels import Labels, Words

LABELS: Final = Labels(__file__)
ROW: Final = LABELS["row"]
ROW_REMARK: Final = LABELS["row_remark"]
SET_BY_CITY: Final = LABELS["set_by_city"]
PROVISIONAL: Final = LABELS["provisional"]


def requested_words(request: MaterialRequestDocument, policy: Policy) -> Words:
    """Return what is asked for, as the matters call it that need it."""
    return material_words(request["kind"], policy, (need["matter"] for need in request["needs"]))


def reason_words(request: MaterialRequestDocument, policy: Policy) -> Iterator[Words]:
    """Yield why a material is asked for: annex 2's row and remark, and what is assumed, each once."""
    for row in dict.fromkeys(need["annex_2_row"] for need in request["needs"]):
        if row is None:
            yield SET_BY_CITY if _is_set_by_city(policy, request) else PROVISIONAL
            continue
        original = any(need["original"] for need in request["needs"])
        remark = material_remark(request["kind"], policy, original=original)
        place = ROW.filled(list=city_words(policy.city.materials_list), row=row)
        yield ROW_REMARK.filled(place=place, remark=city_words(remark)) if remark else place


def _is_set_by_city(policy: Policy, request: MaterialRequestDocument) -> bool:
    """Say whether the city has decided that its matters need the material; what was shipped it has not."""
    asking = {need["matter"] for need in request["needs"] if need["annex_2_row"] is None}
    wanted = (one for matter in policy.matters if matter.matter in asking for one in matter.materials)
    return all(one.set_by_city for one in wanted if one.kind == request["kind"])
