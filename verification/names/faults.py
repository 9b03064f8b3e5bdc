"""Judges one name by itself: whether it is plainly damaged, or is not a name at all.

A name that is only rare is good: with one character or many, in any script, with any character of Unicode.
What is looked for is data (`signs.yaml`, the surnames). Source: ADR 0028.
"""

import re
import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from verification.acceptance_rules import Fault, RuleSet
from verification.characters import in_one_line, without_shape
from verification.names.keys import DOTS, HANZI, name_key, word_key
from verification.names.lookalikes import (
    has_gap_like_dot,
    has_lookalikes,
    has_more_behind,
    looks_longer,
    names_nobody_either,
)
from verification.names.notes import (
    has_note,
    is_misread_in_seven_bits,
    is_nobody_noted,
    may_be_noted,
    simplified,
)
from verification.names.roles import (
    has_circles,
    has_sex_beside,
    is_role,
    may_be_role,
    names_nobody_twice,
)
from verification.names.signs import lost_characters, name_signs
from verification.names.spoken import is_spoken, may_be_spoken, stands_for_nobody
from verification.names.surnames import begins_with_surname
from verification.names.values import has_more_around, is_misread_elsewhere, is_value, may_be_value
from verification.names.words import may_tell, names_nobody, names_office, names_several
from verification.private_use import standard_name

_USUAL = re.compile(rf"[{HANZI}{re.escape(DOTS)}\s]+")
_ANY_HANZI = re.compile(rf"[{HANZI}]")
_WELL_PARTED = re.compile(rf"[{HANZI}]+(?:[{re.escape(DOTS)} ][{HANZI}]+)*")
_LETTER_BESIDE_HANZI = re.compile(rf"[{HANZI}][A-Za-z]|[A-Za-z][{HANZI}]")
_SEX_BEHIND = re.compile(rf"[{HANZI}]{{2,}}\s+[男女]")
# Left where a decoder or a font had no character: replacement, annotation and private-use characters, and
# what Unicode promises will never be a character.
_LOST = re.compile("[\ufff9-\ufffd\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff]")
_BARE = re.compile(rf"[{re.escape(DOTS)}\s]")
_SEPARATORS = re.compile(r"[\s\-‐-―_.,、/·()+]")
_NUMBER = re.compile(r"[A-Za-z]{0,3}[0-9]{5,}[A-Za-z]?")
# Found within names in Latin letters, and between syllables in Tibetan; a comma follows a surname.
_JOINS = frozenset("'’‘ʼʻ`´-‐‑–.་")
# At either end they join nothing: a spreadsheet's mark for text, or a slip. But initials end with a full
# stop, and a Hawaiian name may begin with an ʻokina.
_LOOSE = rf"[{re.escape(DOTS.replace('.', ''))}'＇’‘`´\-‐‑–]"
_AT_AN_END = re.compile(rf"\s*(?:{_LOOSE}|\.)|.*{_LOOSE}\s*$|.*[{HANZI}]\s*\.\s*$")
_LATIN = ("cp1252", "latin-1")
_EAST_AND_OTHERS = ("gb18030", "big5", "mac_roman", "cp1251")
_LONGEST_WITH_SURNAME = 4
# What is told by words alone, and so whatever characters they are written in.
_OF_WORDS: Final = frozenset(("name_placeholder", "name_is_office", "name_with_more", "name_is_value"))
# The first bytes of hanzi in UTF-8; each of them also begins a character in GBK.
_UTF8_LEADS = (*range(0xE3, 0xEA), 0xF0)
_UTF8_HANZI = frozenset(bytes((lead,)) for lead in _UTF8_LEADS)
_FIRST_OF_MISREAD = frozenset(
    bytes((lead, trail)).decode("gb18030")
    for lead in _UTF8_LEADS
    for trail in range(0x80, 0xC0)
    if trail != 0x7F
)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What is looked for, as the files have it."""

    placeholders: frozenset[str]
    placeholders_as_written: frozenset[str]
    gaps: frozenset[str]
    escaped: re.Pattern[str]
    remark: re.Pattern[str]
    among_hanzi: re.Pattern[str]


class NameFinding(NamedTuple):
    """What is wrong with a name, and the set of rules to which that sign belongs."""

    code: Fault
    rule_set: RuleSet


@cache
def _signs() -> _Signs:
    """The signs; read once."""
    named = name_signs()
    among_hanzi = "".join(filter(_ANY_HANZI.match, named["gaps"]))
    remark = f"(?:{'|'.join(named['remarks'])})$"
    return _Signs(
        placeholders=frozenset(word_key(word) for line in named["placeholders"] for word in line),
        placeholders_as_written=frozenset(named["placeholders_as_written"]),
        gaps=frozenset(named["gaps"]),
        escaped=re.compile("|".join(named["escapes"])),
        remark=re.compile(remark),
        among_hanzi=re.compile(f"[{among_hanzi}]|{lost_characters().pattern}|{remark}| [男女]"),
    )


def name_fault(name: str) -> Fault | None:
    """The code of what is plainly wrong with a name; None for a good one, however rare."""
    found = name_finding(name)
    return found and found.code


@lru_cache(maxsize=1024)  # in one case the same name comes again and again
def name_finding(name: str) -> NameFinding | None:
    """What is plainly wrong with a name, and from which signs that is known."""
    text = standard_name(name)
    return _found_in(text) or _found_in_traditional(text)


def _found_in(text: str) -> NameFinding | None:
    seen = in_one_line(without_shape(text))
    if _USUAL.fullmatch(seen) and not _may_be_wrong(seen):
        return None
    return next((finding for finding, holds in _FINDINGS if holds(text)), None)


def _found_in_traditional(text: str) -> NameFinding | None:
    """What the words say where they are written in traditional characters: 王芳銷戶 as 王芳销户."""
    plain = simplified(text)
    found = None if plain == text else _found_in(plain)
    return NameFinding(found.code, "name_notes") if found and found.code in _OF_WORDS else None


def _may_be_wrong(name: str) -> bool:
    """Whether a name of hanzi alone needs a closer look: few do."""
    if not name.isalpha() and (has_gap_like_dot(name) or not _WELL_PARTED.fullmatch(name)):
        return True
    known, word = _signs(), name if name.isalpha() else name_key(name)
    return (
        word in known.placeholders
        or name[0] in _FIRST_OF_MISREAD
        or looks_longer(name)
        or names_nobody_either(name)
        or may_be_spoken(word)
        or may_be_role(word)
        or may_be_value(word)
        or may_be_noted(name)
        or _is_nobody_twice(word)
        or bool(known.among_hanzi.search(name))
        or (may_tell(name) and any(holds(name) for holds in (names_nobody, names_office, names_several)))
    )


def _is_damaged(name: str) -> bool:
    return bool(_LOST.search(name))


def _is_number(name: str) -> bool:
    return bool(_NUMBER.fullmatch(_SEPARATORS.sub("", unicodedata.normalize("NFKC", name))))


def _is_placeholder(name: str) -> bool:
    """Whether it stands for a missing name, as does anything without a single letter."""
    if word_key(name) in _signs().placeholders or name.strip() in _signs().placeholders_as_written:
        return True
    has_letters = bool(_ANY_HANZI.search(name)) or any(map(str.isalpha, name))
    return not has_letters and not _is_escaped(name)


def _is_escaped(name: str) -> bool:
    return bool(_signs().escaped.search(unicodedata.normalize("NFKC", name)))


def _is_misread(name: str) -> bool:
    """Whether it is text of one encoding that was read as another, judged by what it would have been."""
    if name.isascii():
        return False
    if lost_characters().search(name) or any(_is_utf8(name, read_as) for read_as in _LATIN):
        return True
    if not begins_with_surname(name) and any(_is_utf8_name(name, read_as) for read_as in _EAST_AND_OTHERS):
        return True
    return not _ANY_HANZI.search(name) and any(_is_gbk_name(name, read_as) for read_as in ("utf-8", *_LATIN))


def _is_utf8(name: str, read_as: str) -> bool:
    """Whether Latin letters and signs are the bytes of any UTF-8 text, which a real name's never are."""
    text, _ = _reread(name, read_as, "utf-8")
    return not text.isascii()


def _is_utf8_name(name: str, read_as: str) -> bool:
    """Whether the bytes are a name in UTF-8: one with a surname, or any that now reads as rare characters."""
    text, cut = _reread(name, read_as, "utf-8")
    if not _USUAL.fullmatch(text):
        return False
    if _is_common(name):
        return len(text) > 1 and begins_with_surname(text)
    return len(text) > 1 or cut[:1] in _UTF8_HANZI


def _is_common(name: str) -> bool:
    """Whether it is written in the 6 763 hanzi of GB 2312 alone."""
    try:
        return bool(name.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _is_gbk_name(name: str, read_as: str) -> bool:
    text, cut = _reread(name, read_as, "gbk")
    # Greek and Cyrillic words become hanzi, too, but more than a name with a surname has.
    fits = 1 < len(text) <= _LONGEST_WITH_SURNAME or "·" in text
    return not cut and fits and bool(_USUAL.fullmatch(text)) and begins_with_surname(text)


def _reread(name: str, read_as: str, was: str) -> tuple[str, bytes]:
    """The text in an encoding whose bytes were read as another's, and what was cut off at its end.

    Empty if they are not text in that encoding.
    """
    decoder = getincrementaldecoder(was)()
    try:
        text = decoder.decode(b"".join(_bytes(character, read_as) for character in name))
    except UnicodeError:
        return "", b""
    return text, decoder.getstate()[0]


def _bytes(character: str, encoding: str) -> bytes:
    """A character's bytes; if cp1252 has none for it, programs let the byte itself pass."""
    if encoding == "cp1252" and 0x80 <= ord(character) <= 0x9F:
        return bytes((ord(character),))
    return character.encode(encoding)


def _has_digits(name: str) -> bool:
    return any(character.isdigit() for character in unicodedata.normalize("NFKC", name))


def _has_gaps(name: str) -> bool:
    text = unicodedata.normalize("NFKC", name)
    beside = bool(_LETTER_BESIDE_HANZI.search(text))
    return beside or ".." in text or not (_signs().gaps.isdisjoint(name) and _signs().gaps.isdisjoint(text))


def _has_more(name: str) -> bool:
    """Whether there is more than a name: two names, a remark, a sign that no name has."""
    text = _BARE.sub("", without_shape(unicodedata.normalize("NFKC", name)))
    # Hanzi are letters, even those that are younger than the tables of this Python.
    strange = {one for one in _ANY_HANZI.sub("", text) if unicodedata.category(one)[0] not in "LMN"} - _JOINS
    if not _ANY_HANZI.search(text):
        strange -= {","}
    return bool(strange or _signs().remark.search(text) or _SEX_BEHIND.search(name) or _AT_AN_END.match(name))


def _is_nobody_twice(name: str) -> bool:
    return names_nobody_twice(name, _signs().placeholders)


_FINDINGS: Final[tuple[tuple[NameFinding, Callable[[str], bool]], ...]] = (
    (NameFinding("name_damaged", "names"), _is_damaged),
    (NameFinding("name_is_number", "names"), _is_number),
    (NameFinding("name_placeholder", "names"), _is_placeholder),
    (NameFinding("name_escaped", "names"), _is_escaped),
    (NameFinding("name_misread", "names"), _is_misread),
    (NameFinding("name_with_digits", "names"), _has_digits),
    (NameFinding("name_with_gaps", "names"), _has_gaps),
    (NameFinding("name_with_more", "names"), _has_more),
    (NameFinding("name_placeholder", "name_words"), names_nobody),
    (NameFinding("name_is_office", "name_words"), names_office),
    (NameFinding("name_with_more", "name_words"), names_several),
    (NameFinding("name_with_gaps", "name_looks"), has_gap_like_dot),
    (NameFinding("name_with_lookalikes", "name_looks"), has_lookalikes),
    (NameFinding("name_with_more", "name_looks"), has_more_behind),
    (NameFinding("name_placeholder", "name_looks"), names_nobody_either),
    (NameFinding("name_with_more", "name_spoken"), is_spoken),
    (NameFinding("name_placeholder", "name_spoken"), stands_for_nobody),
    (NameFinding("name_placeholder", "name_roles"), is_role),
    (NameFinding("name_placeholder", "name_roles"), _is_nobody_twice),
    (NameFinding("name_with_gaps", "name_roles"), has_circles),
    (NameFinding("name_with_more", "name_roles"), has_sex_beside),
    (NameFinding("name_is_value", "name_values"), is_value),
    (NameFinding("name_misread", "name_values"), is_misread_elsewhere),
    (NameFinding("name_with_more", "name_values"), has_more_around),
    (NameFinding("name_placeholder", "name_notes"), is_nobody_noted),
    (NameFinding("name_misread", "name_notes"), is_misread_in_seven_bits),
    (NameFinding("name_with_more", "name_notes"), has_note),
)
"""What can be wrong with a name; only one code is told for each name.

The worst comes first, except for what later sets tell: what the log took by earlier sets must stay.
"""
