"""Compares names of persons: what differs only in the middle dot, in spacing or unseen is one name."""

import re
import unicodedata
from functools import lru_cache

from verification.characters import KEPT_SPELLINGS, spelling

# All the characters that files use for the dot between the parts of a name (买买提·艾力).
_DOTS = re.compile("[·•・．.‧∙⋅●﹒｡。ꞏ\u0387\u2024\u2027\uff65]+")
_ONE_CHARACTER = {0xE863: "\u4dae"}  # 䶮 had a place of private use in GBK until Unicode took it up


@lru_cache(maxsize=KEPT_SPELLINGS)
def name_key(name: str) -> str:
    """A form equal for two spellings of one name; for comparing only: the stored name stays as written.

    Compatibility forms (full-width letters, ligatures) are folded by NFKC, letters compared without case.

    Source: names that differ only in the middle dot or in spacing are the same name; what has no shape is
    not part of a name.
    """
    folded = unicodedata.normalize("NFKC", _without_dots(name).translate(_ONE_CHARACTER))
    return _without_dots(folded).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one person as far as spelling can tell."""
    return one == other or name_key(one) == name_key(other)


def is_blank(name: str) -> bool:
    """Whether a name is refused as empty: nothing but dots, spacing and what has no shape is in it."""
    return not name_key(name)


def _without_dots(name: str) -> str:
    return _DOTS.sub("", spelling(name))
