"""How unlikely it is that somebody wrote a text, so that two readings of its bytes can be compared. Pure.

Chinese text in the wrong encoding seldom breaks; it becomes letters of other scripts, or characters that
nobody uses. So a character costs more the rarer it is in a register of persons; a surname at the start of a
short word takes something off, and so does a word of the national code lists.

Units: a cost is a negative natural logarithm of a probability; 7 is one in a thousand. [assumed] All costs:
GB/T 2312-1980 put the 3 755 most common characters on its first level and 3 008 on its second, and a register
takes some 97, 3 and 0.2 % of its characters from the two and from beyond them; Big5 has 5 401 on its first
level, some 2 400 of them traditional. The rest was found by trial, and docs/adr/0027 has what came of it.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from verification.characters import is_blank
from verification.code_lists import LISTS, code_list
from verification.names.surnames import begins_with_surname
from verification.private_use import standard_text

_COMMON, TRADITIONAL, _UNCOMMON, _RARE = 8.0, 9.5, 10.5, 15.5
_PUNCTUATION: Final = 8.0
_OTHER_SYMBOL: Final = 14.5
_OTHER_LETTER: Final = 14.5
_NEXT_COMMON_LETTER, _NEXT_LETTER = 4.0, 5.0
_COMBINING_MARK: Final = 16.0
NO_CHARACTER: Final = 20.0
_BROKEN, _NEXT_BROKEN, _NEVER_BROKEN = 7.0, 3.0, 14.0
"""A cut in UTF-8 leaves a byte that begins a character, some that continue one, or both in this order; it
does not leave bytes that are never in UTF-8."""
BYTE: Final = math.log(128)
"""What a byte beyond ASCII costs if all are equally likely, as in data that are not text of ours."""
_WORD_OF_A_LIST: Final = 5.0
_WORD_OF_ONE_CHARACTER: Final = 6.0
_SURNAME, _NO_SURNAME = -3.0, 3.0
"""For short words: half of those in a register are names, and 99 of 100 names begin with a listed surname."""

_SECOND_LEVEL_LEAD, _BIG5_SECOND_LEVEL_LEAD = 0xD8, 0xC9
_LONGEST_NAME: Final = 4
_HAN, _LATIN, _BROKEN_BYTE = "han", "latin", "broken"
# A letter before an accented one may be the rest of a cut character: dƽ is 鬱平 without its first byte.
_TWO_LETTERS: Final = re.compile("[A-Za-z]{2}")
_JOINT: Final = 9.0
"""The cost of a small letter beside a Chinese character, as in Jos茅 (José) but not in A座."""
_SMALL, _CHINESE = r"[a-z\u00df-\u024f\u03b1-\u03c9\u0430-\u044f]", r"[\u3400-\u9fff]"
_JOINED: Final = re.compile(f"{_SMALL}(?={_CHINESE})|{_CHINESE}(?={_SMALL})")
_YES_AND_NO: Final = frozenset("是否")
# A word is ended by blanks, and by what stands between cells and around the strings of JSON.
_WORD: Final = re.compile(r"[^\x00-\x20\x7f,;:\"']+")
_ASIAN_PUNCTUATION: Final = frozenset("·—–…“”‘’•")


class _CharacterCost(NamedTuple):
    """What a character costs, less (`following`) after one of the same script."""

    script: str
    first: float
    following: float


def words_of(text: str) -> Iterator[str]:
    """The words of a text that are seen and not plain ASCII; bytes that are not text are lone surrogates."""
    return (word for word in _WORD.findall(text) if not word.isascii() and not is_blank(word))


def cost(text: str) -> float:
    """The cost of all these words together."""
    return sum(map(cost_of_word, words_of(text)))


@lru_cache(maxsize=4096)  # places, offices and causes of death come again and again
def cost_of_word(word: str) -> float:
    """The cost of one of them."""
    if word in _listed_words():
        return _WORD_OF_A_LIST
    total, before, latin = 0.0, "", _TWO_LETTERS.search(word) is not None
    for character in word:
        script, first, following = _WEIGHTS[character]
        total += following if script == before or (latin and script == _LATIN) else first
        before = script
    return total + _cost_as_word(word) + _JOINT * len(_JOINED.findall(word))


def _cost_as_word(word: str) -> float:
    """What it adds or saves that the characters stand together."""
    if len(word) == 1:
        return _WORD_OF_ONE_CHARACTER
    if len(word) > _LONGEST_NAME or not all(_WEIGHTS[character].script == _HAN for character in word):
        return 0.0
    return _SURNAME if begins_with_surname(word) else _NO_SURNAME


@cache
def _listed_words() -> frozenset[str]:
    listed = {word for name in LISTS for word in code_list(name).codes if not word.isascii()}
    return _YES_AND_NO | listed


class _Weights(dict[str, _CharacterCost]):
    """Each character's weight, worked out when it is first met."""

    def __missing__(self, character: str) -> _CharacterCost:
        weight = self[character] = _weigh(standard_text(character))
        return weight


_WEIGHTS: Final = _Weights()


def _weigh(character: str) -> _CharacterCost:
    point = ord(character)
    if point < 0x80:
        return _CharacterCost("ascii", 0.0, 0.0)
    if 0xDC80 <= point <= 0xDCFF:
        return _weigh_broken(point - 0xDC00)
    if 0x3000 < point < 0x3040 or 0xFF00 < point < 0xFF66 or character in _ASIAN_PUNCTUATION:
        return _CharacterCost("punctuation", _PUNCTUATION, _PUNCTUATION)
    name = unicodedata.name(character, "")
    if not name or unicodedata.category(character) == "Cc":
        return _CharacterCost("none", NO_CHARACTER, NO_CHARACTER)
    if name.startswith("CJK UNIFIED"):
        each = _han_cost(character)
        return _CharacterCost(_HAN, each, each)
    return _weigh_other(character, name)


def _weigh_broken(byte: int) -> _CharacterCost:
    if byte < 0xC0:
        return _CharacterCost(_BROKEN_BYTE, _BROKEN, _NEXT_BROKEN)
    each = _BROKEN if 0xC2 <= byte < 0xF5 else _NEVER_BROKEN
    return _CharacterCost(_BROKEN_BYTE, each, each)


def _han_cost(character: str) -> float:
    if lead := _lead(character, "gb2312"):
        return _COMMON if lead < _SECOND_LEVEL_LEAD else _UNCOMMON
    return TRADITIONAL if 0 < _lead(character, "big5") < _BIG5_SECOND_LEVEL_LEAD else _RARE


def _lead(character: str, encoding: str) -> int:
    """The first byte of a character, 0 if the encoding lacks it."""
    return (character.encode(encoding, "ignore") or b"\0")[0]


def _weigh_other(character: str, name: str) -> _CharacterCost:
    """Letters of other scripts come in words of their own, above all the everyday ones of two scripts."""
    script, point = name.partition(" ")[0].lower(), ord(character)
    kind = unicodedata.category(character)[0]
    if kind == "M":
        return _CharacterCost("mark", _COMBINING_MARK, _COMBINING_MARK)
    if kind != "L":
        return _CharacterCost("symbol", _OTHER_SYMBOL, _OTHER_SYMBOL)
    if 0x0391 <= point <= 0x03C9 or 0x0410 <= point <= 0x044F:
        return _CharacterCost(f"everyday {script}", _OTHER_LETTER, _NEXT_COMMON_LETTER)
    return _CharacterCost(script, _OTHER_LETTER, _NEXT_LETTER)
