"""What is seen in a text: what has no shape, what is a blank, what ends a line; one list for all readers.

Whatever compares, prints or shows text asks here. The list is data (`characters.yaml`); what is stored stays
as it was written.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from topics.yaml_text import read_packaged

# One case is folded again and again, and has few accounts and banks.
KEPT_SPELLINGS: Final = 4096
_KINDS: Final = ("shapeless", "joiners", "joining_scripts", "blanks", "line_breaks")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The list, ready to be searched for; each pattern finds a run."""

    shapeless: re.Pattern[str]
    not_seen: re.Pattern[str]
    blanks: re.Pattern[str]
    line_breaks: re.Pattern[str]
    unseen: re.Pattern[str]
    nothing: re.Pattern[str]
    something: re.Pattern[str]


def without_shape(text: str) -> str:
    """The text without what has no shape, not even the joiners of any script."""
    return text if _is_plain(text) else _patterns().shapeless.sub("", text)


def visible(text: str) -> str:
    r"""The text as people see it: a line break is `\n`, a blank a space, and what has no shape is gone.

    A joiner stays right after a letter of a script that it shapes (Uyghur, Mongolian): there it is seen.
    """
    if _is_plain(text):
        return text
    patterns = _patterns()
    seen = patterns.not_seen.sub(lambda found: found["kept"] or "", text)
    return patterns.blanks.sub(" ", patterns.line_breaks.sub("\n", seen))


def in_one_line(text: str) -> str:
    """As `visible`, for where there is room for one line: runs of blanks and line breaks are one space."""
    return " ".join(visible(text).split())


def without_blanks(text: str) -> str:
    """The text in one piece: without blanks and what has no shape; line breaks stay."""
    return text if _is_plain(text) and " " not in text else _patterns().unseen.sub("", text)


@lru_cache(maxsize=KEPT_SPELLINGS)
def spelling(text: str) -> str:
    """A form equal for two writings of one number, or of one body's name: nothing in it but what is seen.

    For comparing only: blanks and line breaks are also gone. Width and case stay: they tell numbers apart.
    """
    if _is_plain(text) and " " not in text:
        return text
    return _patterns().nothing.sub("", text)


def is_blank(text: str) -> bool:
    """Whether nothing is to be seen in a text."""
    return _patterns().something.search(text) is None


def is_joiner(character: str) -> bool:
    """Whether a character has no shape but shapes its neighbours; `visible` leaves it only where it does."""
    return ord(character) in _code_points()["joiners"]


def _is_plain(text: str) -> bool:
    """The usual case of numbers and words, recognised at once."""
    return text.isascii() and text.isprintable()


@cache
def _code_points() -> dict[str, frozenset[int]]:
    """Kind → the code points of that kind; read once."""
    data: dict[str, Any] = read_packaged("verification", "characters.yaml")
    return {
        kind: frozenset(point for span in data[kind] for point in range(span["from"], span["to"] + 1))
        for kind in _KINDS
    }


@cache
def _patterns() -> _Patterns:
    points = _code_points()
    shapeless, joiners, scripts = (_one_of(points[kind]) for kind in _KINDS[:3])
    blanks, breaks = (_one_of(points[kind]) for kind in ("blanks", "line_breaks"))
    nothing = _one_of(points["shapeless"] | points["blanks"] | points["line_breaks"])
    return _Patterns(
        shapeless=re.compile(f"{shapeless}+"),
        not_seen=re.compile(f"(?P<kept>{scripts}{joiners}+)|{shapeless}+"),
        blanks=re.compile(blanks),
        line_breaks=re.compile(f"\r\n|{breaks}"),
        unseen=re.compile(_one_of(points["shapeless"] | points["blanks"])),
        nothing=re.compile(nothing),
        something=re.compile(nothing.replace("[", "[^", 1)),
    )


def _one_of(points: frozenset[int]) -> str:
    """A character class of these code points, as ranges: the shapeless are some four thousand."""
    ordered = sorted(points)
    begins = [at for at in ordered if at - 1 not in points]
    ends = [at for at in ordered if at + 1 not in points]
    return "[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in zip(begins, ends, strict=True)) + "]"
