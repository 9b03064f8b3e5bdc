"""Judges by characters: whether some in a name only look like the ones that were meant.

Which those are is data (`signs.yaml`, `name_looks`). They came later than all other signs.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from verification.characters import in_one_line, without_shape
from verification.names.keys import DOTS, HANZI
from verification.names.signs import name_signs
from verification.names.surnames import begins_with_surname

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


def looks_longer(name: str) -> bool:
    """Whether something follows the name (王师傅, 王芳手机), or the name is repeated (王芳王芳)."""
    return name.endswith(_behind()) or _twice(name)


def has_more_behind(name: str) -> bool:
    """As `looks_longer`, for any name."""
    seen = _seen(name).replace(" ", "")
    return seen not in _behind() and looks_longer(seen)


def names_nobody_either(name: str) -> bool:
    """Whether it says why there is no name (字迹不清)."""
    return _seen(name).replace(" ", "") in _nobody()


def _twice(name: str) -> bool:
    half = len(name) // 2
    return half > 1 and name[:half] == name[half:] and begins_with_surname(name)


@cache
def _behind() -> tuple[str, ...]:
    return tuple(name_signs()["name_looks"]["behind"])


@cache
def _nobody() -> frozenset[str]:
    return frozenset(name_signs()["name_looks"]["placeholders"])


def _seen(name: str) -> str:
    return in_one_line(without_shape(name))
