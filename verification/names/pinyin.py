"""How offices write the terms of our fields in pinyin, whole (xingming) or by initials (xm). Pure.

The syllables are data (`pinyin.yaml`), and so are other words for the same fields.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from topics.yaml_text import read_packaged

_ASIDE: Final = re.compile("（.*?）")
_VOWELS: Final = frozenset("aeiou")
_LONGEST_NAME: Final = 3
"""So few letters with a vowel may be somebody's name: the initials of 余额 are ye, and so is 叶."""


def spellings(named: Mapping[str, str]) -> dict[str, str]:
    """The other ways to write names in a header, each with its name; what could be two names is left out.

    Args:
        named: Chinese term → name.
    """
    found: dict[str, set[str]] = {}
    for term, name in named.items():
        for spelled in (*_in_pinyin(term), *_otherwise(term)):
            found.setdefault(spelled, set()).add(name)
    return {spelled: names.pop() for spelled, names in found.items() if len(names) == 1}


def _otherwise(term: str) -> Iterator[str]:
    """The other words for a term, and how they are spelled."""
    for word in _data()["also"].get(term, ()):
        yield word
        yield from _in_pinyin(word)


def _in_pinyin(term: str) -> Iterator[str]:
    known = _syllables()
    written = [known.get(one, one.lower()) for one in _ASIDE.sub("", term) if one.isalnum()]
    for spelled in ("".join(written), "".join(one[0] for one in written)):
        if len(spelled) > _LONGEST_NAME or _VOWELS.isdisjoint(spelled):
            yield spelled


@cache
def _syllables() -> dict[str, str]:
    """Character → its syllable."""
    return {one: syllable for syllable, characters in _data()["syllables"].items() for one in characters}


@cache
def _data() -> dict[str, Any]:
    """The whole file; read once."""
    read: dict[str, Any] = read_packaged("verification", "names", "pinyin.yaml")
    return read
