"""Judges by characters: whether some of a name only look like the ones that were meant.

Which those are is data (`name_signs.yaml`, `name_looks`). They came later than all other signs.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from verification.characters import in_one_line, without_shape
from verification.name_signs import name_signs
from verification.names import DOTS, HANZI

_LATIN = r"A-Za-z\u00c0-\u024f"


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is looked for: a gap that looks like a dot, and what looks like hanzi or letters."""

    gap: re.Pattern[str]
    alike: re.Pattern[str]
    letters: re.Pattern[str]
    kana: re.Pattern[str]


@cache
def _known() -> _Looks:
    named: dict[str, Any] = name_signs()["name_looks"]
    disc, kana, others, dots = named["disc"], named["kana"], named["letters"], re.escape(DOTS)
    beside = f"{HANZI}{_LATIN}"
    return _Looks(
        gap=re.compile(rf"(?:^|[{dots}])[{HANZI}]{disc}|{disc}+[{HANZI}](?:$|[{dots}])"),
        alike=re.compile(f"[{named['unlike_hanzi']}]"),
        letters=re.compile(f"[{beside}][{others}]|[{others}][{beside}]"),
        kana=re.compile(f"[{HANZI}]+[{kana}][{HANZI}]*|[{kana}][{HANZI}]+"),
    )


def has_gap_like_dot(name: str) -> bool:
    """Whether a disc stands for a character (王●芳); between parts of a name it is a dot (买买提●艾力)."""
    return bool(_known().gap.search(_seen(name).replace(" ", "")))


def has_lookalikes(name: str) -> bool:
    """Whether a radical, a circled character or a letter of another script stands for a usual one."""
    seen, known = _seen(name), _known()
    if known.alike.search(seen) or known.kana.fullmatch(seen.replace(" ", "")):
        return True
    return bool(known.letters.search(unicodedata.normalize("NFKC", seen)))


def is_address(name: str) -> bool:
    """Whether somebody is only spoken to (王师傅)."""
    seen = _seen(name)
    return seen.endswith(addresses()) and seen not in addresses()


@cache
def addresses() -> tuple[str, ...]:
    """The words with which people are spoken to, behind a surname."""
    return tuple(name_signs()["name_looks"]["address"])


def _seen(name: str) -> str:
    return in_one_line(without_shape(name))
