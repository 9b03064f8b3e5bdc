"""Masks numbers as long as those of persons, cards, passports and telephones in what people wrote.

A name should hold no number, so even short ones are found there, however they are spaced. What people write
in their own words also holds dates and amounts: there only a number as long as a telephone's counts, or one
grouped as a person's is.
"""

import re
from typing import Final

from verification.characters import without_shape
from verification.private_use import standard_name
from verification.reasons import mask

_BETWEEN = r"(?:[^\w&#;]|_)*"  # not the signs that write escaped characters: &#29579;
_IN_NAMES: Final = re.compile(
    rf"(?:(?<![A-Za-z])[A-Za-z]{{1,3}})?\d(?:{_BETWEEN}\d){{5,}}(?:{_BETWEEN}[Xx])?"
)
IN_WORDS: Final = re.compile(
    r"\d{9,}[Xx]?|\d{6}[\W_]*(?:18|19|20)\d{2}[\W_]*\d{2}[\W_]*\d{2}[\W_]*\d{3}[\W_]*[\dXx]"
)


def shown_name(name: str) -> str:
    """The name as it may be shown or printed: in standard characters, and a number in it masked.

    If the number of a person, a card or a telephone was written as the name, no reader needs all of it.
    """
    if name.isalpha():  # nearly all: no digit and no private character
        return name
    text = standard_name(name)
    if not any(map(str.isdigit, text)):
        return text
    return without_numbers(text, _IN_NAMES)


def without_numbers(text: str, long_number: re.Pattern[str]) -> str:
    """The text with the long numbers in it masked.

    Nothing without shape is left in it: that would split a number that is seen in one piece.
    """
    return long_number.sub(lambda found: mask(found[0]), without_shape(text))
