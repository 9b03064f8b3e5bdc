"""Judges one text that is no name of a person: whether something else stands where a value should.

Spreadsheets round long numbers and leave formulas and error values behind, databases write NULL, and people
write that there is none. What is looked for, and where, is data (`stand_ins.yaml`). Source: ADR 0028.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from topics.yaml_text import read_packaged
from verification.acceptance_rules import Weight
from verification.characters import in_one_line, is_blank, without_shape
from verification.name_faults import signs
from verification.names import word_key
from verification.shapes import Field

_OTHER_TEXT: Final = "texts"
_NUMBERS: Final = ("accounts", "tails")
_FULL_NUMBER: Final = 12
"""Digits: no bank's accounts are shorter than this, and no tail is so long."""
_FEWEST: Final = 4
_KEPT_DIGITS: Final = 15
"""As many digits of a number a spreadsheet keeps, and writes zeros for the others."""
_SURELY_LOST: Final = 17
"""With two zeros behind the fifteenth digit, one number in a hundred is right all the same: a warning."""
# 6.21E+18, 6,21E18, 6E+17; 938.0
_AS_NUMBER = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]{1,3}|[0-9]+E\+[0-9]{1,3}|[0-9]+\.0+")
# 6,217,000,123; of documents there may be several: 101,102,103
_IN_GROUPS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?")
_AS_FORMULA = re.compile(r"=.+|[+@-][A-Z][A-Z.]*\(.*", re.DOTALL)
_TEXT_MARK = re.compile(r"['`‘’].*")
_ERROR = re.compile(
    r"#+|#(?:N/A|REF!?|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|BLOCKED!|CONNECT!)|#?(?:ERR:[0-9]{3}|ERROR!)"
)
_LOST = re.compile("[\ufff9-\ufffd]|[?？]{3,}")
_GAP = re.compile("[?？□■]")


class StandIn(NamedTuple):
    """What is wrong with a value, and what that comes to."""

    code: str
    weight: Weight


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked for, as the file has it; words as they are compared."""

    kinds: Mapping[str, str]
    weights: Mapping[str, Mapping[str, Weight]]
    errors: frozenset[str]
    words: frozenset[str]


def kind_of(field: Field) -> str:
    """What a field holds, such as `accounts` or `banks`; empty if nothing is looked for in it."""
    if field.rule == "bank_card":
        return "accounts"
    return _known().kinds.get(field.name, _OTHER_TEXT) if field.rule == "text" else ""


@lru_cache(maxsize=4096)  # issuers and banks are few, and their records many
def stand_in(kind: str, text: str) -> StandIn | None:
    """What stands in a field of that kind where a value should; None for nearly every text."""
    seen = in_one_line(without_shape(unicodedata.normalize("NFKC", text)))
    for code, holds in _SIGNS:
        weight = _known().weights[code].get(kind)
        if weight and holds(kind, seen):
            return StandIn(code, weight)
    return None


@cache
def _known() -> _Known:
    read: dict[str, Any] = read_packaged("verification", "stand_ins.yaml")
    return _Known(
        kinds={name: kind for kind, names in read["fields"].items() for name in names},
        weights=read["weights"],
        errors=frozenset(read["errors"]),
        words=frozenset(word_key(word) for line in read["words"] for word in line),
    )


def _is_number(kind: str, text: str) -> bool:
    grouped = kind in _NUMBERS and bool(_IN_GROUPS.fullmatch(text))
    return grouped or bool(_AS_NUMBER.fullmatch(text.upper()))


def _is_formula(kind: str, text: str) -> bool:
    marked = kind in (*_NUMBERS, "documents") and bool(_TEXT_MARK.fullmatch(text))
    return marked or bool(_AS_FORMULA.fullmatch(text.upper()))


def _is_error(_: str, text: str) -> bool:
    return text.casefold() in _known().errors or bool(_ERROR.fullmatch(text.upper()))


def _is_damaged(_: str, text: str) -> bool:
    only_marks = bool(text) and not text.strip("?")
    return only_marks or bool(_LOST.search(text) or signs().lost.search(text))


def _is_placeholder(kind: str, text: str) -> bool:
    """Whether it says that there is none, or holds nothing that a number or a name could."""
    if is_blank(text):
        return False
    if kind in _NUMBERS and not any(map(str.isdigit, text)):
        return True
    return word_key(text) in _known().words or not any(map(str.isalnum, text))


def _has_gaps(_: str, text: str) -> bool:
    return bool(_GAP.search(text))


def _is_full(_: str, text: str) -> bool:
    return sum(map(str.isdigit, text)) >= _FULL_NUMBER


def _lost_digits(_: str, text: str) -> bool:
    """Whether zeros are missing in front, or stand where a spreadsheet kept no digits."""
    kept = "".join(filter(str.isalnum, text))
    if len(kept) < _FEWEST:
        return bool(kept)
    return kept.isdigit() and len(kept) >= _SURELY_LOST and not kept[_KEPT_DIGITS:].strip("0")


_SIGNS: Final[tuple[tuple[str, Callable[[str, str], bool]], ...]] = (
    ("value_as_number", _is_number),
    ("value_as_formula", _is_formula),
    ("value_is_error", _is_error),
    ("value_damaged", _is_damaged),
    ("value_placeholder", _is_placeholder),
    ("value_with_gaps", _has_gaps),
    ("account_tail_full", _is_full),
    ("account_digits_lost", _lost_digits),
)
"""What can stand in place of a value; the first that holds is told. It is asked with the text in one line."""
