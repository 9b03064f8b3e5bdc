"""Judges by words: whether a name names nobody, several people, or an office or a place.

The words are data (`signs.yaml`, `name_words`; the surnames). They came later than the other signs.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from verification.characters import in_one_line, is_blank, without_shape
from verification.names.keys import HANZI, word_key
from verification.names.signs import name_signs
from verification.names.surnames import any_surname, compound_surname, usual_surname


@dataclass(frozen=True, slots=True)
class _NameWords:
    """What is looked for.

    Attributes:
        nobody: what stands for a missing name, as words are compared and as it must be written.
        telling: every name of several people or of an office has one of these characters.
    """

    nobody: frozenset[str]
    several: re.Pattern[str]
    office: re.Pattern[str]
    telling: frozenset[str]


@cache
def _known() -> _NameWords:
    named: dict[str, Any] = name_signs()["name_words"]
    words = (word_key(word) for line in named["placeholders"] for word in line)
    lists = (named[kind] for kind in ("several", "joins", "offices", "places"))
    return _NameWords(
        nobody=frozenset((*words, *named["placeholders_as_written"])),
        several=re.compile(_several(named)),
        office=re.compile(_office(named)),
        telling=frozenset(" ".join(sign for signs in lists for sign in signs)),
    )


def _several(named: dict[str, Any]) -> str:
    """Names joined by a word, or two usual names with a blank between them.

    Words with a blank between them may be one name: a surname apart (诸葛 孔明), a wife's two surnames
    (陈方 安生), another people's name (索南 卓玛). So only usual surnames count there.
    """
    joins, syllables = "|".join(named["joins"]), named["syllables"]
    whole = f"{any_surname()}[{HANZI}]{{1,2}}"
    usual = f"{usual_surname()}(?:(?![{syllables}])[{HANZI}]){{1,2}}"
    joined = f"{whole}(?: ?(?:{joins}) ?(?:{whole}|其[{HANZI}]+))+"
    return "|".join((_but_short_names(named["several"]), joined, f"{usual}(?: {usual})+"))


def _office(named: dict[str, Any]) -> str:
    """An office anywhere in the text, or a place that is the whole text."""
    return "|".join((*named["offices"], f"^{_but_short_names(named['places'])}$"))


def _but_short_names(signs: list[str]) -> str:
    """Any of the signs, but not with a compound surname and one character (欧阳县)."""
    return f"(?!{compound_surname()}.$)(?:{'|'.join(signs)})"


def may_tell(name: str) -> bool:
    """Whether a name, as it is seen, has more than hanzi that say nothing: fast, since nearly none has."""
    known = _known()
    return name in known.nobody or not known.telling.isdisjoint(name)


def names_nobody(name: str) -> bool:
    """Whether it stands for a missing name (待查明), or nothing of it is seen."""
    return word_key(name) in _known().nobody or name.strip() in _known().nobody or is_blank(name)


def names_several(name: str) -> bool:
    """Whether it names more than one person (王芳和李明)."""
    return bool(_known().several.fullmatch(in_one_line(without_shape(name))))


def names_office(name: str) -> bool:
    """Whether it names an office or a place (陇南市民政局)."""
    return bool(_known().office.search(in_one_line(without_shape(name)).replace(" ", "")))
