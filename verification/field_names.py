"""What fields are called, in code and in Chinese, and which name is nearest to what somebody wrote. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, Self

from verification.names.keys import HANZI
from verification.names.pinyin import spellings
from verification.names.surnames import usual_surname

NamePlace = Literal["values", "keys", "columns"]
"""Where a text is found that should name a field: among values, if there may be no header at all; among the
keys of an object; among the columns of a header."""

_NEAR_ENOUGH: Final = 0.6
_LONG_ENOUGH_FOR_A_PART: Final = 4
_LONGEST: Final = 40
_KEPT_GUESSES: Final = 1024
"""The lines of a file have the same keys, and a guess takes a quarter of a millisecond."""
_OTHER_UNIT: Final = re.compile(
    r"(?<![a-z])(?:yuan|rmb|cny|wanyuan|jiao)(?![a-z])|\((?:人民币)?[百千万]?元\)|\(角\)|[百千万/]元|[额款金费计币]元$"
)
_UNIT_NOTE: Final = re.compile(
    rf"(?:单位|金额|币种|unit|currency|amounts?)[:为是]? ?(?:in )?(?:人民币)?"
    rf"(?:[百千万亿]*元|yuan|rmb|cny)(?![{HANZI}a-z])|\((?:单位:)?(?:人民币)?[百千万亿]*元\)"
    r"|^(?:人民币)?[百千万亿]*元$"
)
_SEPARATING: Final = re.compile(r"[\W_]+")
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]{0,39}|[A-Za-z_]{1,40}")
_DIGIT: Final = re.compile(r"[0-9]")
_MOST_DIGITS: Final = 5
_PERSON: Final = re.compile(f"{usual_surname()}[{HANZI}]{{2}}|.*[·•‧・\u00c0-\u024f].*")
"""What persons are called, and columns hardly ever."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldNames:
    """The names that may stand in one place: a header, an object, an envelope.

    Attributes:
        terms: names by Chinese terms.
        letters: names by their letters and digits alone, in lower case.
        spelled: names by how offices write their terms otherwise: in pinyin (xingming, xm), in other words.
    """

    terms: Mapping[str, str]
    letters: Mapping[str, str]
    spelled: Mapping[str, str]

    @classmethod
    def of(cls, named: Mapping[str, str]) -> Self:
        """Made from name → Chinese term; of equal terms the last one counts."""
        terms = {term: name for name, term in named.items()}
        return cls(terms, {_letters(name): name for name in named}, spellings(terms))

    def nearest(self, written: str) -> str | None:
        """The name that was probably meant."""
        return None if len(written) > _LONGEST else _nearest(self, written)

    def means(self, written: str) -> bool:
        """Whether it can only be one of the names, though written otherwise: recordId, 姓名, xm, 4.name."""
        found = {_letters(written), _letters(written.rpartition(".")[2])}
        return written in self.terms or not (
            found.isdisjoint(self.letters) and found.isdisjoint(self.spelled)
        )

    def may_show(self, written: str, place: NamePlace) -> bool:
        """Whether it is plainly a label, and nobody's name or number; among values only a field's name is."""
        if len(written) > _LONGEST or not written.isprintable():
            return False
        if place == "values" or self.means(written):
            return self.means(written)
        if place == "keys":
            return is_identifier(written) or self._resembles(written)
        return not (_has_long_number(written) or _PERSON.fullmatch(written))

    def _resembles(self, written: str) -> bool:
        """Whether it is near to one of the names, and made only of characters of their terms."""
        return self.nearest(written) is not None and set().union(*self.terms).issuperset(written)


def says_other_unit(written: str) -> bool:
    """Whether it says that amounts are in yuan or the like (balance_yuan, 余额（元）): all are in fen."""
    return bool(_OTHER_UNIT.search(unicodedata.normalize("NFKC", written).strip().casefold()))


def other_unit_noted(text: str) -> str:
    """The words of a title or a label by which amounts are in yuan or the like (单位：元); empty if none."""
    found = _UNIT_NOTE.search(unicodedata.normalize("NFKC", text).strip().casefold())
    return found[0] if found else ""


def is_identifier(written: str) -> bool:
    """Whether it looks like the name of a field in a program."""
    return bool(_IDENTIFIER.fullmatch(written)) and not _has_long_number(written)


def _has_long_number(written: str) -> bool:
    return len(_DIGIT.findall(written)) > _MOST_DIGITS


@lru_cache(_KEPT_GUESSES)
def _nearest(names: FieldNames, written: str) -> str | None:
    letters = _letters(written)
    last = _letters(written.rpartition(".")[2])
    if exact := names.letters.get(letters) or names.spelled.get(letters) or names.letters.get(last):
        return exact
    if term := difflib.get_close_matches(written, names.terms, 1, _NEAR_ENOUGH):
        return names.terms[term[0]]
    if found := difflib.get_close_matches(letters, names.letters, 1, _NEAR_ENOUGH):
        return names.letters[found[0]]
    within = [name for whole, name in names.letters.items() if letters in whole]
    return within[0] if len(within) == 1 and len(letters) >= _LONG_ENOUGH_FOR_A_PART else None


def _letters(text: str) -> str:
    return _SEPARATING.sub("", unicodedata.normalize("NFKC", text).casefold())
