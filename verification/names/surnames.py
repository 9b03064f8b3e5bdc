"""Which texts begin with a surname of this country; the list is data (`surnames.yaml`), with its sources."""

from functools import cache
from typing import Any

from topics.yaml_text import read_packaged

_COMPOUND_CHARACTERS = 2
_COMMON = 100


def begins_with_surname(text: str) -> bool:
    """Whether the first character is a surname, or the first two are a compound one (欧阳)."""
    first = text[:1]
    if first in single_surnames() or first in _traditional_surnames():
        return True
    return text[:_COMPOUND_CHARACTERS] in compound_surnames()


def any_surname() -> str:
    """A pattern that finds any surname of the list."""
    singles = "".join((*single_surnames(), *sorted(_traditional_surnames())))
    return f"(?:{compound_surname()}|[{singles}])"


def usual_surname() -> str:
    """A pattern that finds a compound surname, or one of the hundred most common not followed by another."""
    common = common_surname()
    return f"(?:{compound_surname()}|(?!{compound_surname()}){common}(?!{common}))"


def common_surname() -> str:
    """A pattern that finds one of the hundred most common surnames."""
    return f"[{''.join(one for one, place in single_surnames().items() if place < _COMMON)}]"


def single_surname() -> str:
    """A pattern that finds any surname of one character, as it is written today."""
    return f"[{''.join(single_surnames())}]"


def compound_surname() -> str:
    """A pattern that finds a surname of two characters."""
    return f"(?:{'|'.join(sorted(compound_surnames()))})"


@cache
def single_surnames() -> dict[str, int]:
    """Surnames of one character with their place in the list; the first hundred are in order of frequency."""
    listed = "".join("".join(group["surnames"].split()) for group in _data()["single"])
    return {surname: place for place, surname in enumerate(listed)}


@cache
def _traditional_surnames() -> frozenset[str]:
    """Common one-character surnames as they are written where characters were not simplified."""
    return frozenset("".join(group["surnames"] for group in _data()["traditional"]))


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two characters."""
    return frozenset(surname for group in _data()["compound"] for surname in group["surnames"].split())


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_packaged("verification", "names", "surnames.yaml")
    return data
