r"""Text as a terminal may get it: what would control it, as file names can, is written out, as in `\x1b`."""

import unicodedata
from typing import Final

_UNPRINTED: Final = frozenset({"Cc", "Zl", "Zp"})


def is_unprinted(character: str) -> bool:
    """Say whether a character controls a terminal or ends a line, which no character of a sane name does."""
    return unicodedata.category(character) in _UNPRINTED


def printed(text: str, kept: str = "") -> str:
    """Return the text in one line, with nothing in it that controls a terminal, except for what is kept."""
    return "".join(
        one.encode("unicode_escape").decode() if is_unprinted(one) and one not in kept else one
        for one in text
    )
