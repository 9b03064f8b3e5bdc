"""Which fields of a record may have a remark."""

from typing import Final

from verification.code_lists import code_list
from verification.shapes import EVENT_TIME, Field
from verification.stand_ins import kind_of

TIMES: Final = frozenset({"instant", "date", EVENT_TIME})
NUMBERS: Final = {"matter": "matter_unknown", "material_kind": "material_kind_unknown"}
"""Rule of a field that holds a number of the policy's → what is said of one that the policy does not know."""


def is_watched(field: Field) -> bool:
    """Whether a remark may be on the value of a field."""
    if field.rule in ("name", "id_number", *NUMBERS) or field.kind in TIMES or kind_of(field):
        return True
    return field.rule.startswith("codes:") and code_list(field.rule.removeprefix("codes:")).keeps_unlisted
