"""Which fields of a record may have a remark, and what those of text hold."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from verification.code_lists import code_list
from verification.shapes import EVENT_TIME, Field
from verification.stand_in_signs import stand_in_signs

TIMES: Final = frozenset({"instant", "date", EVENT_TIME})
NUMBERS: Final = {"matter": "matter_unknown", "material_kind": "material_kind_unknown"}
"""Rule of a field that holds a number of the policy's → what is said of one that the policy does not know."""
OTHER_TEXT: Final = "texts"
WORDS: Final = (OTHER_TEXT, "banks", "offices", "handlers")
"""The kinds of fields in which words stand, and no numbers."""


def is_watched(field: Field) -> bool:
    """Whether a remark may be on the value of a field."""
    if field.rule in ("name", "id_number", *NUMBERS) or field.kind in TIMES or kind_of(field):
        return True
    return field.rule.startswith("codes:") and code_list(field.rule.removeprefix("codes:")).keeps_unlisted


def kind_of(field: Field) -> str:
    """What a field holds, such as `accounts` or `banks`; empty if nothing is looked for in it."""
    if field.rule == "bank_card":
        return "accounts"
    return _kinds().get(field.name, OTHER_TEXT) if field.rule == "text" else ""


@cache
def _kinds() -> Mapping[str, str]:
    """Name of a field → what it holds."""
    return {name: kind for kind, names in stand_in_signs()["fields"].items() for name in names}
