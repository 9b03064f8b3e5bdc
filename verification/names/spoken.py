"""Judges by what is said around a name: a form of address (小王), or a word about the person (故王芳).

The words are data (`signs.yaml`, `name_spoken`; the surnames). They came later than all other signs.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from verification.characters import in_one_line, without_shape
from verification.names.keys import HANZI, word_key
from verification.names.signs import name_signs
from verification.names.surnames import any_surname, usual_surname


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What is looked for.

    Attributes:
        before: what begins with a word, from the characters in `first` on.
        behind: what ends with one of the words in `last`.
        nobody: what stands for a missing name, as words are compared.
    """

    before: re.Pattern[str]
    behind: re.Pattern[str]
    first: frozenset[str]
    last: tuple[str, ...]
    nobody: frozenset[str]


@cache
def _known() -> _Spoken:
    named: dict[str, Any] = name_signs()["name_spoken"]
    address, dead, words, remarks = (
        "|".join(named[kind]) for kind in ("before", "dead", "behind", "remarks")
    )
    around, surname = "|".join(named["around"]), usual_surname()
    return _Spoken(
        before=re.compile(f"(?:{address}){surname}(?:{around})?|(?:{dead}){surname}[{HANZI}]{{1,2}}"),
        behind=re.compile(
            f"{any_surname()}(?:[{HANZI}]{{0,2}}(?:{words})|[{HANZI}]{{1,3}}[-–]?(?:{remarks}))"
        ),
        first=frozenset(word[0] for kind in ("before", "dead") for word in named[kind]),
        last=(*named["behind"], *named["remarks"]),
        nobody=frozenset(word_key(word) for word in named["placeholders"]),
    )


def may_be_spoken(name: str) -> bool:
    """Whether a name in one piece needs a closer look: fast, since nearly none does."""
    return name in _known().nobody or _sounds_spoken(name)


def is_spoken(name: str) -> bool:
    """Whether it is a form of address, or holds a word about the person."""
    return _sounds_spoken(in_one_line(without_shape(name)).replace(" ", ""))


def stands_for_nobody(name: str) -> bool:
    """Whether it says that there is no name (未知名)."""
    return word_key(name) in _known().nobody


def _sounds_spoken(name: str) -> bool:
    known = _known()
    if name[:1] in known.first and known.before.fullmatch(name):
        return True
    return name.endswith(known.last) and bool(known.behind.fullmatch(name))
