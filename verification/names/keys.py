"""Compares names of persons: names that differ only in the dot, spacing or unseen characters are the same."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from verification.characters import KEPT_SPELLINGS, spelling, without_shape
from verification.private_use import standard_name

HANZI: Final = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The characters of Chinese names, as ranges of a character class."""
DOTS: Final = "·•・．.‧∙⋅●﹒｡。ꞏ\u0387\u2024\u2027\uff65"
"""All the characters that files use for the dot between the parts of a name (买买提·艾力)."""
_ANY_HANZI = re.compile(f"[{HANZI}]")
_ANY_DOTS = re.compile(f"[{re.escape(DOTS)}]+")


@lru_cache(maxsize=KEPT_SPELLINGS)
def name_key(name: str) -> str:
    """A form equal for two spellings of one name; for comparing only: the stored name stays as written.

    Compatibility forms (full-width letters, ligatures) are folded by NFKC, letters compared without case.

    Source: names that differ only in the middle dot or in spacing are the same name; what has no shape is
    not part of a name; a character that older tables of GB 18030 placed elsewhere (䶮) is the same character.
    """
    folded = unicodedata.normalize("NFKC", _without_dots(standard_name(name)))
    return _without_dots(folded).casefold()


def word_key(text: str) -> str:
    """A form equal for two spellings of a stand-in for a name: hanzi may be spaced out, letters may not."""
    if _ANY_HANZI.search(text):
        return name_key(text)
    return " ".join(without_shape(unicodedata.normalize("NFKC", text)).casefold().split())


def same_name(one: str, other: str) -> bool:
    """Whether two writings are one name."""
    return name_key(one) == name_key(other)


def _without_dots(name: str) -> str:
    return _ANY_DOTS.sub("", spelling(name))
