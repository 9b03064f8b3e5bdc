"""Judges whether a note stands around a name (先父王建国, 王芳销户), or a sign that no name has (王˙芳).

The words are data (`signs.yaml`, `name_notes`; the surnames). They came later than all other signs.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from verification.characters import in_one_line, without_shape
from verification.names.keys import HANZI, word_key
from verification.names.pieces import has_more_in_piece
from verification.names.signs import name_signs
from verification.names.surnames import any_surname, begins_with_surname, usual_surname

_SEVEN_BITS: Final = re.compile(r"(?:[0-9A-W][!-~]){2,4}")
"""The usual hanzi of GB 2312 without their eighth bits, as old mail carried them."""


@dataclass(frozen=True, slots=True)
class _Notes:
    """What is looked for.

    Attributes:
        nobody: what stands for a missing name, as words are compared.
        places: what says where somebody lies, or where to look.
        around: a name with a note before or behind it, or a word between two.
        telling: every such name begins, ends or is joined with one of these.
        sex: before a name, with a blank between them.
        signs: letters of other scripts beside hanzi, and marks on hanzi.
    """

    nobody: frozenset[str]
    places: re.Pattern[str]
    around: re.Pattern[str]
    telling: re.Pattern[str]
    sex: re.Pattern[str]
    signs: re.Pattern[str]


@cache
def _known() -> _Notes:
    named: dict[str, Any] = name_signs()["name_notes"]
    before, behind = ("|".join(named[kind]) for kind in ("before", "behind"))
    joins, others = f"{'|'.join(named['joins'])}|{named['kin']}", named["other_names"]
    usual, honoured, given = usual_surname(), named["honoured"], f"[{HANZI}]{{1,2}}"
    letters, marks = named["letters"], named["marks"]
    return _Notes(
        nobody=frozenset(word_key(word) for line in named["placeholders"] for word in line),
        places=re.compile("|".join(named["places"])),
        around=re.compile(
            f"(?:{before}){usual}(?:{honoured})?{given}|{usual}公讳{given}"
            f"|(?>{any_surname()}){given}(?:{behind})"
            f"|{usual}{given}(?:{joins}){usual}{given}|.*(?:{others}).+"
        ),
        telling=re.compile(f"^(?:{before})|公讳|(?:{behind})$|.(?:{joins}).|{others}"),
        sex=re.compile(f"[男女]性? +{usual}{given}"),
        signs=re.compile(f"[{HANZI}][{letters}]|[{letters}][{HANZI}]|[{HANZI}] ?[{marks}]"),
    )


def may_be_noted(name: str) -> bool:
    """Whether a name of hanzi needs a closer look: few do."""
    known, word = _known(), name.replace(" ", "")
    if is_nobody_noted(word) or has_more_in_piece(name):
        return True
    return bool(known.telling.search(word) or known.sex.fullmatch(name))


def is_nobody_noted(name: str) -> bool:
    """Whether it says how somebody came in (急诊患者) or lies (冰棺三号), or is the name of a column."""
    word, known = word_key(name), _known()
    return word in known.nobody or bool(known.places.fullmatch(word))


def has_note(name: str) -> bool:
    """Whether a note stands around the name, or a sign in it that is no part of a name."""
    known = _known()
    if known.signs.search(unicodedata.normalize("NFKC", without_shape(name))):
        return True
    seen = in_one_line(without_shape(name))
    if known.around.fullmatch(seen.replace(" ", "")) or known.sex.fullmatch(seen):
        return True
    return has_more_in_piece(seen)


def simplified(name: str) -> str:
    """A name with simplified characters for the traditional ones of words, surnames and usual given names."""
    return name.translate(_traditional())


@cache
def _traditional() -> dict[int, str]:
    return {ord(old): new for old, new in name_signs()["traditional"].split()}


def is_misread_in_seven_bits(name: str) -> bool:
    """Whether it is a name in GBK whose eighth bits were lost; its capitals stand as in no other name."""
    if not _SEVEN_BITS.fullmatch(name) or name.isupper() or name.istitle():
        return False
    text = bytes(ord(letter) | 0x80 for letter in name).decode("gb2312", "ignore")
    return 2 * len(text) == len(name) and begins_with_surname(text)
