"""Which texts begin with a surname of this country; the list is data (`surnames.yaml`), with its sources."""

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

_COMPOUND_CHARACTERS = 2


def begins_with_surname(text: str) -> bool:
    """Whether the first character is a surname, or the first two are a compound one (欧阳)."""
    first = text[:1]
    if first in single_surnames() or first in _traditional_surnames():
        return True
    return text[:_COMPOUND_CHARACTERS] in compound_surnames()


@cache
def single_surnames() -> dict[str, int]:
    """Surnames of one character with their place in the list; the first hundred are by number of bearers."""
    listed = "".join("".join(group["surnames"].split()) for group in _data()["single"])
    return {surname: place for place, surname in enumerate(listed)}


@cache
def _traditional_surnames() -> frozenset[str]:
    """Common surnames of one character as they are written where characters were not simplified."""
    return frozenset("".join(group["surnames"] for group in _data()["traditional"]))


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two characters."""
    return frozenset(surname for group in _data()["compound"] for surname in group["surnames"].split())


@cache
def _data() -> dict[str, Any]:
    text = files("verification").joinpath("surnames.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return data
