"""Recognises tables of neighbouring countries whose bytes are common characters in GB18030. Pure.

Nothing is read in their encodings: a file that reads better in one of them is not taken for GB18030.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Final

from producers.encoding.plausibility import NO_CHARACTER, TRADITIONAL, cost_of_word, words_of
from topics.yaml_text import read_packaged

_OF_NAMES: Final = 5.5
"""What a character used in names costs: 200 are nearly all of them [assumed]."""
_MARGIN: Final = 4.0
"""How much less the other reading must cost; for names in GB18030 it costs more [assumed]."""
_RARE_LEAD: Final = 0xD0
"""Characters from this first byte on are not used in names today in either country."""


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """An encoding, and the characters used in names in its country."""

    encoding: str
    names: frozenset[str]

    def cost(self, word: str) -> float:
        """What a word read in it costs."""
        return sum(self._weight(character) for character in word if not character.isascii())

    def _weight(self, character: str) -> float:
        if character in self.names:
            return _OF_NAMES
        lead = (character.encode(self.encoding, "ignore") or b"\xff")[0]
        return TRADITIONAL if lead < _RARE_LEAD else NO_CHARACTER


def reads_as_neighbour(lines: Collection[bytes], encoding: str) -> bool:
    """Whether the lines cost less in a neighbour's encoding; words that are alike in both do not count."""
    written = _words(lines, encoding)
    for neighbour in _neighbours():
        theirs = _words(lines, neighbour.encoding)
        ours = sum(cost_of_word(word) for word in written - theirs)
        if ours - sum(neighbour.cost(word) for word in theirs - written) >= _MARGIN:
            return True
    return False


def _words(lines: Collection[bytes], encoding: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in words_of(line.decode(encoding, "surrogateescape")))


@cache
def _neighbours() -> tuple[_Neighbour, ...]:
    """All of them; read once."""
    listed = read_packaged("producers", "encoding", "neighbours.yaml")
    return tuple(_Neighbour(one["encoding"], frozenset("".join(one["names"].split()))) for one in listed)
