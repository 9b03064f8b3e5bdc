"""How text was read before the policy's moments: what the log then took, or refused, stays so."""

import re
import unicodedata

from verification.characters import without_blanks
from verification.identity import Identity, identify
from verification.names.keys import name_key
from verification.reasons import UnfitValueError

# What was known of dots, spacing and zero width before there was one list of them.
_DOTS_AND_SPACING = re.compile("[·•・．.‧∙⋅●﹒｡。ꞏ\u0387\u2024\u2027\uff65\\s\u200b-\u200d\u2060\ufeff]+")


def was_blank_name(name: str) -> bool:
    """Whether a name was refused as empty at first."""
    return not _DOTS_AND_SPACING.sub("", name)


def has_dots_alone(name: str) -> bool:
    """Whether a name was refused as empty until dots counted as seen, as other signs do."""
    return not name_key(name)


def was_blank(text: str) -> bool:
    """Whether text was refused as empty."""
    return not text.strip()


def identified(text: str) -> Identity:
    """A personal number, from which spaces were taken out and nothing else.

    Raises:
        UnfitValueError: it cannot be right.
    """
    if not text.isascii() and any(_unknown_then(character) for character in text):
        raise UnfitValueError("id_characters_wrong")
    return identify(text)


def _unknown_then(character: str) -> bool:
    return not without_blanks(character) and unicodedata.category(character) != "Zs"
