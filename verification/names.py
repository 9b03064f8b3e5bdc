"""Compares names of persons: what differs only in the middle dot or in spacing is one name."""

import re
import unicodedata
from typing import Final

from verification.reasons import mask

# All the characters that files use for the dot between the parts of a name (买买提·艾力), and spacing,
# among it the zero-width kinds that copying from web pages leaves behind.
DOTS: Final = "·•・．.‧∙⋅●﹒｡。ꞏ\u0387\u2024\u2027\uff65"
SHAPELESS: Final = "\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef"
_IGNORED = re.compile(rf"[{re.escape(DOTS)}\s\u200b-\u200d\u2060\ufeff]+")
# Private use in GB 18030-2000 and 2005, where Unicode had no such character yet; 䶮 since.
_STANDARD = {0xE863: 0x4DAE}
_ANY_OLD = re.compile(f"[{''.join(map(chr, _STANDARD))}]")
_LONG_NUMBER = re.compile(rf"(?:(?<![A-Za-z])[A-Za-z]{{1,3}})?\d(?:[\s\-./·{SHAPELESS}]*\d){{5,}}[Xx]?")
"""As long as the numbers of telephones, cards, passports and persons are, however they are spaced."""


def name_key(name: str) -> str:
    """A form equal for two spellings of one name; for comparing only: the stored name stays as written.

    Compatibility forms (full-width letters, ligatures) are folded by NFKC, letters compared without case.

    Source: names that differ only in the middle dot or in spacing are the same name.
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", _IGNORED.sub("", standard_name(name)))).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one person as far as spelling can tell."""
    return one == other or name_key(one) == name_key(other)


def is_blank(name: str) -> bool:
    """Whether nothing remains of a name once dots and spacing are gone: such a name is refused as empty."""
    return not name_key(name)


def standard_name(name: str) -> str:
    """The name with the characters that the standard has now, where older files use private ones for them.

    Source: GB 18030-2022, annex on the changes since 2005: U+E863 is 䶮 (U+4DAE).
    """
    return name.translate(_STANDARD) if _ANY_OLD.search(name) else name


def shown_name(name: str) -> str:
    """The name as it may be shown or printed: in standard characters, and a number in it masked.

    Where the number of a person, a card or a telephone was written for the name, no reader needs it whole.
    """
    if name.isalpha():  # nearly all: no digit and no private character
        return name
    return _LONG_NUMBER.sub(lambda found: mask(found[0]), standard_name(name))
