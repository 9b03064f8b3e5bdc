"""Compares names of persons: what differs only in the middle dot, in spacing or unseen is one name."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from verification.characters import KEPT_SPELLINGS, spelling, without_shape
from verification.reasons import mask

DOTS: Final = "·•・．.‧∙⋅●﹒｡。ꞏ\u0387\u2024\u2027\uff65"
"""All the characters that files use for the dot between the parts of a name (买买提·艾力)."""
_OLDER = "\ue863"
_OLDER_IS_NOW = "䶮"
_ANY_DOTS = re.compile(f"[{re.escape(DOTS)}]+")
_BETWEEN = r"(?:[^\w&#;]|_)*"  # not what escaped characters are written with: &#29579;
_LONG_NUMBER = re.compile(rf"(?:(?<![A-Za-z])[A-Za-z]{{1,3}})?\d(?:{_BETWEEN}\d){{5,}}(?:{_BETWEEN}[Xx])?")
"""As long as the numbers of telephones, cards, passports and persons are, however they are spaced."""


@lru_cache(maxsize=KEPT_SPELLINGS)
def name_key(name: str) -> str:
    """A form equal for two spellings of one name; for comparing only: the stored name stays as written.

    Compatibility forms (full-width letters, ligatures) are folded by NFKC, letters compared without case.

    Source: names that differ only in the middle dot or in spacing are the same name; what has no shape is
    not part of a name; a character that older tables of GB 18030 had elsewhere (䶮) is the same character.
    """
    folded = unicodedata.normalize("NFKC", _without_dots(standard_name(name)))
    return _without_dots(folded).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two writings are one name."""
    return name_key(one) == name_key(other)


def is_blank(name: str) -> bool:
    """Whether a name is refused as empty: nothing but dots, spacing and what has no shape is in it."""
    return not name_key(name)


def standard_name(name: str) -> str:
    """The name with 䶮 where older files have its code point for private use, which stands for nothing else.

    What else is private is no character of a name, whatever it was meant for: such a name is damaged.

    Source: GB 18030-2000 has it at U+E863, GB 18030-2005 at U+4DAE.
    """
    return name.replace(_OLDER, _OLDER_IS_NOW)


def shown_name(name: str) -> str:
    """The name as it may be shown or printed: in standard characters, and a number in it masked.

    Where the number of a person, a card or a telephone was written for the name, no reader needs it whole.
    """
    if name.isalpha():  # nearly all: no digit and no private character
        return name
    text = standard_name(name)
    if not any(map(str.isdigit, text)):
        return text
    return _LONG_NUMBER.sub(lambda found: mask(found[0]), without_shape(text))


def _without_dots(name: str) -> str:
    return _ANY_DOTS.sub("", spelling(name))
