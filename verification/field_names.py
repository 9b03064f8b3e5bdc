"""What fields are called, by their names and in Chinese, and the one nearest to what somebody wrote. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

_NEAR_ENOUGH: Final = 0.6
_LONG_ENOUGH_FOR_A_PART: Final = 4
_LONGEST: Final = 40
_KEPT_GUESSES: Final = 1024
"""The lines of a file have the same keys, and a guess takes a quarter of a millisecond."""
_SEPARATING: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, eq=False)
class FieldNames:
    """The names that may stand in one place: a header, an object, an envelope.

    Attributes:
        terms: names by Chinese terms.
        letters: names by their letters and digits alone, small.
    """

    terms: Mapping[str, str]
    letters: Mapping[str, str]

    @classmethod
    def of(cls, named: Mapping[str, str]) -> Self:
        """From name → Chinese term; of equal terms the last one counts."""
        return cls({term: name for name, term in named.items()}, {_letters(name): name for name in named})

    def nearest(self, written: str) -> str | None:
        """The name that was probably meant."""
        return None if len(written) > _LONGEST else _nearest(self, written)

    def means(self, written: str) -> bool:
        """Whether it can only be one of the names, if not written as it: recordId, 姓名."""
        return written in self.terms or _letters(written) in self.letters

    def resembles(self, written: str) -> bool:
        """Whether it is plainly a label and nobody's name or number: near, and of their characters alone."""
        if not written.isprintable() or self.nearest(written) is None:
            return False
        return self.means(written) or set().union(*self.terms).issuperset(written)


@lru_cache(_KEPT_GUESSES)
def _nearest(names: FieldNames, written: str) -> str | None:
    if term := difflib.get_close_matches(written, names.terms, 1, _NEAR_ENOUGH):
        return names.terms[term[0]]
    letters = _letters(written)
    if found := difflib.get_close_matches(letters, names.letters, 1, _NEAR_ENOUGH):
        return names.letters[found[0]]
    within = [name for whole, name in names.letters.items() if letters in whole]
    return within[0] if len(within) == 1 and len(letters) >= _LONG_ENOUGH_FOR_A_PART else None


def _letters(text: str) -> str:
    return _SEPARATING.sub("", unicodedata.normalize("NFKC", text).casefold())
