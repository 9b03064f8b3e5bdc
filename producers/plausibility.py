"""How unlikely it is that somebody wrote a text, so that two readings of its bytes can be compared. Pure.

Chinese text in the wrong encoding seldom breaks; it becomes letters of other scripts, or characters that
nobody uses. So a character costs the more the rarer it is in a register of persons; a surname in front of a
short word and a word of the national code lists take something off.

Units: a cost is a negative natural logarithm of a probability; 7 is one in a thousand. [assumed] All costs:
GB/T 2312-1980 put the 3 755 most common characters on its first level and 3 008 on its second, and a register
takes some 97, 3 and 0.2 % of its characters from the two and from beyond them; the rest is by trial.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final, NamedTuple

from verification.code_lists import LISTS, code_list
from verification.surnames import begins_with_surname

COMMON, UNCOMMON, RARE, VERY_RARE = 8.0, 11.5, 15.5, 18.0
_PUNCTUATION: Final = 8.0
_OTHER_SYMBOL: Final = 13.0
_OTHER_LETTER: Final = 14.5
_NEXT_COMMON_LETTER, _NEXT_LETTER = 4.0, 5.0
_COMBINING_MARK: Final = 16.0
_NO_CHARACTER: Final = 20.0
_BROKEN, _NEXT_BROKEN = 12.0, 3.0
_BYTES_OF_ONE_CUT: Final = 3
"""A cut leaves at most so many broken bytes side by side; each one more is worth another."""
_WORD_OF_A_LIST: Final = 5.0
_WORD_OF_ONE_CHARACTER: Final = 6.0
_SURNAME: Final = -3.0

_SECOND_LEVEL_LEAD: Final = 0xD8
_LONGEST_NAME: Final = 4
_HAN, _LATIN, _BROKEN_BYTE = "han", "latin", "broken"
_JOINTS: Final = {_HAN + _LATIN: 3.0, _LATIN + _HAN: 3.0}
"""What it costs besides that one word goes from one script to another, as it does in A座."""
_YES_AND_NO: Final = frozenset("是否")
# Letters and everything beyond ASCII; a cell's separators, digits and marks end a word.
_WORD: Final = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]+")
_ASIAN_PUNCTUATION: Final = frozenset("·—–…“”‘’•")


class _Weight(NamedTuple):
    """What a character costs, less (`following`) after one of the same script."""

    script: str
    first: float
    following: float


def cost(text: str) -> float:
    """The cost of all words of a text that are not plain ASCII; broken bytes come as lone surrogates."""
    return sum(_word_cost(word) for word in _WORD.findall(text) if not word.isascii())


@lru_cache(maxsize=4096)  # places, offices and causes of death come again and again
def _word_cost(word: str) -> float:
    if word in _listed_words():
        return _WORD_OF_A_LIST
    total, before, broken = 0.0, "", 0
    for character in word:
        script, first, following = _WEIGHTS[character]
        broken = broken + 1 if script == _BROKEN_BYTE else 0
        if script == before and broken <= _BYTES_OF_ONE_CUT:
            total += following
        else:
            total += first + _JOINTS.get(before + script, 0.0)
            before = script
    if len(word) == 1:
        return total + _WORD_OF_ONE_CHARACTER
    return total + (_SURNAME if len(word) <= _LONGEST_NAME and begins_with_surname(word) else 0.0)


@cache
def _listed_words() -> frozenset[str]:
    listed = {word for name in LISTS for word in code_list(name).codes if not word.isascii()}
    return _YES_AND_NO | listed


class _Weights(dict[str, _Weight]):
    """Each character's weight, worked out when it is first met."""

    def __missing__(self, character: str) -> _Weight:
        weight = self[character] = _weigh(character)
        return weight


_WEIGHTS: Final = _Weights()


def _weigh(character: str) -> _Weight:
    point = ord(character)
    if point < 0x80:
        return _Weight(_LATIN, 0.0, 0.0)
    if 0xDC80 <= point <= 0xDCFF:
        return _Weight(_BROKEN_BYTE, _BROKEN, _NEXT_BROKEN)
    if 0x3000 < point < 0x3040 or 0xFF00 < point < 0xFF66 or character in _ASIAN_PUNCTUATION:
        return _Weight("punctuation", _PUNCTUATION, _PUNCTUATION)
    name = unicodedata.name(character, "")
    if not name or unicodedata.category(character) == "Cc":
        return _Weight("none", _NO_CHARACTER, _NO_CHARACTER)
    if name.startswith("CJK UNIFIED"):
        each = _han_cost(character)
        return _Weight(_HAN, each, each)
    return _weigh_other(character, name)


def _han_cost(character: str) -> float:
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return VERY_RARE if ord(character) > 0xFFFF else RARE
    return COMMON if lead < _SECOND_LEVEL_LEAD else UNCOMMON


def _weigh_other(character: str, name: str) -> _Weight:
    """Letters of other scripts come in words of their own; the everyday ones of two scripts more so."""
    script, point = name.partition(" ")[0].lower(), ord(character)
    kind = unicodedata.category(character)[0]
    if kind == "M":
        return _Weight("mark", _COMBINING_MARK, _COMBINING_MARK)
    if kind != "L":
        return _Weight("symbol", _OTHER_SYMBOL, _OTHER_SYMBOL)
    if 0x0391 <= point <= 0x03C9 or 0x0410 <= point <= 0x044F:
        return _Weight(f"everyday {script}", _OTHER_LETTER, _NEXT_COMMON_LETTER)
    return _Weight(script, _OTHER_LETTER, _NEXT_LETTER)
