"""Judges one text that is no name of a person: whether something else stands where a value should.

Spreadsheets round long numbers and leave formulas and error values behind, databases write NULL, and people
write that there is none. What is looked for, and where, is data (`stand_ins.yaml`). Source: ADR 0028.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from verification.acceptance_rules import RuleSet, Weight
from verification.characters import in_one_line, is_blank, without_shape
from verification.names.keys import HANZI, word_key
from verification.names.signs import lost_characters
from verification.stand_in_signs import stand_in_signs
from verification.watched_fields import OTHER_TEXT

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
_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)"
# 1月2日, 2-Jan, Jan-25: a spreadsheet's reading of 1/2 and of 2025-1
_AS_DAY = re.compile(
    rf"[0-9]{{1,2}}月[0-9]{{1,2}}日|[0-9]{{1,2}}-{_MONTH}(?:-[0-9]{{2,4}})?|{_MONTH}[- ][0-9]{{1,2}}"
)
_AS_MONTH = re.compile(r"(?:[0-9]{4}年)?[0-9]{1,2}月|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")
_AS_DATE = re.compile(
    r"[0-9]{4}([-/])[0-9]{1,2}\1[0-9]{1,2}(?P<time> [0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0)?)?)?"
)
_SIGN_BETWEEN = re.compile(" ?[、/,;.和与及或] ?")
_BETWEEN_NUMBERS = {"accounts": (_SIGN_BETWEEN, re.compile(" ")), "tails": (_SIGN_BETWEEN,)}
_SHORTEST = {"accounts": 10, "tails": 2}
"""So many digits on both sides are two numbers; a sub-account, or a passbook's page, is shorter."""
_MASKED = re.compile(
    "[*●•]{2,}|(?<=[0-9])(?:[xX×]{3,}|…+|[.]{3,}|_{2,})(?=[0-9])|[尾末后](?:号|[一二三四五六]位)"
)
_ESCAPED = re.compile(
    r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]{2,8});|\\u[0-9a-fA-F]{4}|\\[nrt]|(?:%[0-9A-F]{2}){3}"
    r"|<(?:br|/?(?:p|b|i|td|div|span|font))\b[^<>]*>|_x[0-9A-F]{4}_"
)
_ANY_HANZI = re.compile(f"[{HANZI}]")
_LOST = re.compile("[\ufff9-\ufffd]|[?？]{3,}")
_GAP = re.compile("[?？□■]")


class StandIn(NamedTuple):
    """What is wrong with a value, and what that comes to."""

    code: str
    weight: Weight


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked for, as the file has it; words as they are compared."""

    weights: Mapping[str, Mapping[str, Weight]]
    errors: frozenset[str]
    words: frozenset[str]
    later: frozenset[str]


@lru_cache(maxsize=4096)  # issuers and banks are few, and their records many
def stand_in(kind: str, text: str) -> StandIn | None:
    """What stands in a field of that kind where a value should; None for nearly every text."""
    seen = _seen(text)
    for code, holds in _SIGNS:
        weight = _known().weights[code].get(kind)
        if weight and holds(kind, seen):
            return StandIn(code, weight)
    return None


def rule_set_of(code: str) -> RuleSet:
    """The set of rules to which a sign belongs."""
    return "value_forms" if code in _known().later else "stand_ins"


@cache
def _known() -> _Known:
    read = stand_in_signs()
    return _Known(
        weights=read["weights"],
        errors=frozenset(read["errors"]),
        words=frozenset(word_key(word) for line in read["words"] for word in line),
        later=frozenset(read["later"]),
    )


def says_there_is_none(text: str) -> bool:
    """Whether it says in words or signs, or as machines do, that there is nothing (无, NULL, -, 000)."""
    seen = _seen(text)
    return not seen.strip("0") or _is_error("", seen) or _is_placeholder("", seen)


def _seen(text: str) -> str:
    """The text in which signs are looked for: in one line, its compatibility forms folded."""
    return in_one_line(without_shape(unicodedata.normalize("NFKC", text)))


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
    return only_marks or bool(_LOST.search(text) or lost_characters().search(text))


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
    return _digits(text) >= _FULL_NUMBER


def _lost_digits(_: str, text: str) -> bool:
    """Whether zeros are missing in front, or stand where a spreadsheet kept no digits."""
    kept = "".join(filter(str.isalnum, text))
    if len(kept) < _FEWEST:
        return bool(kept)
    return kept.isdigit() and len(kept) >= _SURELY_LOST and not kept[_KEPT_DIGITS:].strip("0")


def _is_date(kind: str, text: str) -> bool:
    """Whether a spreadsheet took it for a day; a number of a document, and other text, may look like one."""
    if text.isdigit():
        return False
    if _AS_DAY.fullmatch(text.upper()):
        return True
    if kind == OTHER_TEXT:
        return False
    found = _AS_DATE.fullmatch(text)
    return bool(_AS_MONTH.fullmatch(text) or (found and (found["time"] or kind in _NUMBERS)))


def _are_several(kind: str, text: str) -> bool:
    """Whether there are two numbers, or a decimal point in what is too short to have parts."""
    divided = () if text.isdigit() else (sign.split(text) for sign in _BETWEEN_NUMBERS[kind])
    return any(len(parts) > 1 and min(map(_digits, parts)) >= _SHORTEST[kind] for parts in divided)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _is_masked(_: str, text: str) -> bool:
    return bool(_MASKED.search(text))


def _is_escaped(_: str, text: str) -> bool:
    return bool(_ESCAPED.search(text))


def _has_more(kind: str, text: str) -> bool:
    """Whether a bank, a person or a word stands beside a whole number."""
    return bool(_ANY_HANZI.search(text)) and _is_full(kind, text)


_SIGNS: Final[tuple[tuple[str, Callable[[str, str], bool]], ...]] = (
    ("value_as_number", _is_number),
    ("value_as_formula", _is_formula),
    ("value_is_error", _is_error),
    ("value_damaged", _is_damaged),
    ("value_placeholder", _is_placeholder),
    ("value_with_gaps", _has_gaps),
    ("account_tail_full", _is_full),
    ("account_digits_lost", _lost_digits),
    ("value_as_date", _is_date),
    ("account_several", _are_several),
    ("value_masked", _is_masked),
    ("value_escaped", _is_escaped),
    ("account_with_more", _has_more),
)
"""What can stand in place of a value; the first that holds is told. It is asked with the text in one line."""
