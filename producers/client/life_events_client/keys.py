"""The key of a record: whose it is, so that all records of a person meet, and keep their order. Pure.

The exchange refuses a record with another key than its own reading of the number gives. It judges the number
first: so what is no number here, or only looks like one, never comes to have its key compared.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from unicodedata import normalize

_NUMBER: Final = re.compile("[0-9]{17}[0-9X]|[A-Z]{3}[0-9]{12}")
_OLD: Final = re.compile("[0-9]{15}")
_NO_PART_OF_IT: Final = re.compile("[^0-9A-Z]")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"


def key_of(record: Mapping[str, Any]) -> str:
    """Return the number of the person, of 18 characters; the one that a decision links to; or a provisional.

    Source: GB 11643-1999 (check digit; numbers of 15 digits are those of the 20th century).
    """
    for name in ("id_number", "linked_id_number"):
        if found := _number(record.get(name)):
            return found
    return f"provisional:{str(record['record_id']).lower()}"


def _number(written: object) -> str:
    """Return a number in the form in which the exchange compares it; empty if it is none."""
    if not isinstance(written, str):
        return ""
    number = _NO_PART_OF_IT.sub("", normalize("NFKC", written).upper())
    if _OLD.fullmatch(number):
        body = f"{number[:6]}19{number[6:]}"
        total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
        return body + _CHECK[total % 11]
    return number if _NUMBER.fullmatch(number) else ""
