"""Which fields of a record may have a remark."""

from typing import Final

from verification.code_lists import code_list
from verification.shapes import EVENT_TIME, Field

TIMES: Final = frozenset({"instant", "date", EVENT_TIME})


def is_watched(field: Field) -> bool:
    """Whether a remark may be on the value of a field."""
    if field.rule == "name" or field.kind in TIMES:
        return True
    return field.rule.startswith("codes:") and code_list(field.rule.removeprefix("codes:")).keeps_unlisted
