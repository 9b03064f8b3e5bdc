"""Compares names of persons: what differs only in the middle dot or in spacing is one name."""

import re
import unicodedata

# All the characters that files use for the dot between the parts of a name (买买提·艾力), and spacing,
# among it the zero-width kinds that copying from web pages leaves behind.
_DOTS = "·•・．.‧∙⋅●﹒｡。ꞏ\u0387\u2024\u2027\uff65"
_IGNORED = re.compile(rf"[{re.escape(_DOTS)}\s\u200b-\u200d\u2060\ufeff]+")


def name_key(name: str) -> str:
    """A form equal for two spellings of one name; for comparing only: the stored name stays as written.

    Compatibility forms (full-width letters, ligatures) are folded by NFKC, letters compared without case.

    Source: names that differ only in the middle dot or in spacing are the same name.
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", _IGNORED.sub("", name))).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one person as far as spelling can tell."""
    return one == other or name_key(one) == name_key(other)


def is_blank(name: str) -> bool:
    """Whether nothing remains of a name once dots and spacing are gone: such a name is refused as empty."""
    return not name_key(name)
