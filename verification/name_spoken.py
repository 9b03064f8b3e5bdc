"""Judges by how people are spoken to: whether a name is only a form of address (小王, 老李, 王大姐).

The words are data (`name_signs.yaml`, `name_spoken`; the surnames). They came later than all other signs.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from verification.characters import in_one_line, without_shape
from verification.name_signs import name_signs
from verification.names import HANZI
from verification.surnames import any_surname, usual_surname


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What is looked for: a word before a surname, and words behind a surname or a name of up to four."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    first: frozenset[str]
    last: tuple[str, ...]


@cache
def _known() -> _Spoken:
    named: dict[str, Any] = name_signs()["name_spoken"]
    before, words = "|".join(named["before"]), tuple(named["behind"])
    return _Spoken(
        before=re.compile(f"(?:{before}){usual_surname()}(?:{'|'.join(named['around'])})?"),
        behind=re.compile(f"{any_surname()}[{HANZI}]{{0,2}}(?:{'|'.join(words)})"),
        first=frozenset(pattern[0] for pattern in named["before"]),
        last=words,
    )


def sounds_spoken(name: str) -> bool:
    """Whether a name of hanzi alone is a form of address."""
    known = _known()
    if name[:1] in known.first and known.before.fullmatch(name):
        return True
    return name.endswith(known.last) and bool(known.behind.fullmatch(name))


def is_form_of_address(name: str) -> bool:
    """As `sounds_spoken`, for any name."""
    seen = in_one_line(without_shape(name)).replace(" ", "")
    return sounds_spoken(seen)
