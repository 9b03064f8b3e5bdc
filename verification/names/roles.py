"""Judges whether a name says what somebody is (父亲, 管理员), or has a box that is a character itself.

The words are data (`signs.yaml`, `name_roles`; the surnames). They came later than all other signs.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from verification.characters import in_one_line, without_shape
from verification.names.keys import HANZI, word_key
from verification.names.signs import name_signs
from verification.names.surnames import any_surname

_HYPHENS: Final = r" ?[-‐-―－]+ ?"
_BETWEEN: Final = re.compile("[ ,]+")
_LONG_ENOUGH: Final = 4
"""Letters of a word that, said twice, is nobody's name: Nan Nan may be somebody's."""


@dataclass(frozen=True, slots=True)
class _RoleWords:
    """What is looked for.

    Attributes:
        nobody: what stands for a missing name, as words are compared.
        said: sentences that say that there is none.
        gaps: what is written for a character.
        only_gaps: a whole name of such signs.
        beside: a name and what the person is, with a hyphen.
    """

    nobody: frozenset[str]
    said: re.Pattern[str]
    gaps: re.Pattern[str]
    only_gaps: re.Pattern[str]
    beside: re.Pattern[str]


@cache
def _known() -> _RoleWords:
    named: dict[str, Any] = name_signs()["name_roles"]
    gaps, what, name = named["gaps"], named["beside"], f"{any_surname()}[{HANZI}]{{1,3}}"
    return _RoleWords(
        nobody=frozenset(word_key(word) for line in named["placeholders"] for word in line),
        said=re.compile("|".join(named["said"])),
        gaps=re.compile(gaps),
        only_gaps=re.compile(f"(?:{gaps})+"),
        beside=re.compile(f"{name}{_HYPHENS}{what}|{what}{_HYPHENS}{name}"),
    )


def may_be_role(name: str) -> bool:
    """Whether a name of hanzi, in one piece, needs a closer look: few do."""
    return bool(_known().gaps.search(name)) or is_role(name)


def is_role(name: str) -> bool:
    """Whether it says what somebody is, or why there is no name."""
    word, known = word_key(name), _known()
    return word in known.nobody or bool(known.only_gaps.fullmatch(word) or known.said.fullmatch(word))


def names_nobody_twice(name: str, also: frozenset[str]) -> bool:
    """Whether it is one word for a missing name after another, those of earlier lists (`also`) among them."""
    word, nobody = word_key(name), _known().nobody | also
    half = len(word) // 2
    if half > 1 and not word.isascii() and word[:half] == word[half:]:
        return word[:half] in nobody
    parts = [part for part in _BETWEEN.split(word) if part]
    return len(parts) > 1 and min(map(len, parts)) >= _LONG_ENOUGH and nobody.issuperset(parts)


def has_circles(name: str) -> bool:
    """Whether a circle or a box that is a character itself stands for another one (王〇〇, 王囗芳)."""
    return bool(_known().gaps.search(_seen(name)))


def has_sex_beside(name: str) -> bool:
    """Whether sex or people stand behind or before a name (王芳-女)."""
    return bool(_known().beside.fullmatch(_seen(name)))


def _seen(name: str) -> str:
    return in_one_line(without_shape(name))
