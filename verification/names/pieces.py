"""Judges a name in one piece, without dot and blank, by how names are made: 王桂芳女儿代, 病区三床, 王建国公.

No list of words is ever whole. So whatever has a whole name in it and more hanzi than a name has is asked
about, unless it is plainly another people's, written by its sound. The characters are data
(`signs.yaml`, `pieces`).
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from verification.names.keys import HANZI
from verification.names.signs import name_signs
from verification.names.surnames import common_surname, compound_surname, single_surname

_SHORTEST: Final = 2
_LONGER_THAN_NAMES: Final = 5
_BY_SOUND: Final = 0.75
_PIECE: Final = re.compile(rf"[{HANZI}]+")


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What is looked for.

    Attributes:
        longer: five or more hanzi with a name in them that is whole before they end.
        ended: four hanzi, a usual name and one more that no given name ends with.
        rooms: rooms of a hospital, anywhere.
        numbered: places by their number.
        short: names of people, though they read like a place: 李一楼, 张李三楼.
        others: other peoples' names with a surname in them, and a husband's surname before the wife's.
        by_sound: the characters of names that are written by their sound.
    """

    longer: re.Pattern[str]
    ended: re.Pattern[str]
    rooms: re.Pattern[str]
    numbered: re.Pattern[str]
    short: re.Pattern[str]
    others: re.Pattern[str]
    by_sound: frozenset[str]


@cache
def _known() -> _Pieces:
    named: dict[str, Any] = name_signs()["name_notes"]["pieces"]
    common, single, compound = common_surname(), single_surname(), compound_surname()
    husbands = f"{single}{compound}|{compound}{single}|{compound}{compound}"
    given = f"(?:{_any(named['given_first'] + named['given'])}{_any(named['given'])})"
    return _Pieces(
        longer=re.compile(
            f"(?!{compound}){common}.{{4}}|{single}{given}..|{compound}.{{4}}"
            f"|..+{single}{given}|..+{_any(named['tellers'])}{single}.{{1,2}}$"
        ),
        ended=re.compile(f"(?!{compound}){common}(?!{common}){given}{_any(named['endings'])}"),
        rooms=re.compile(named["rooms"]),
        numbered=re.compile("|".join(named["numbered"])),
        short=re.compile(f"(?!{compound}){single}{single}?..|{compound}.."),
        others=re.compile("|".join((*named["other_peoples"], f"(?:{husbands})..$"))),
        by_sound=frozenset("".join(named["by_sound"].split())),
    )


def _any(listed: str) -> str:
    """One of the characters of a list."""
    return f"[{''.join(listed.split())}]"


def has_more_in_piece(name: str) -> bool:
    """Whether hanzi without dot and blank hold more than a name, or are a place where somebody lies."""
    if len(name) < _SHORTEST or not _PIECE.fullmatch(name):
        return False
    return _is_place(name) or bool(_known().ended.fullmatch(name)) or _is_longer(name)


def _is_place(name: str) -> bool:
    known = _known()
    if known.rooms.search(name):
        return True
    return bool(known.numbered.fullmatch(name)) and not known.short.fullmatch(name)


def _is_longer(name: str) -> bool:
    """Whether it goes on behind a name, or begins before one; a teller's word begins any."""
    known = _known()
    if len(name) < _LONGER_THAN_NAMES or known.others.match(name) or not known.longer.match(name):
        return False
    return not _is_by_sound(name[1:]) and not _is_by_sound(name)


def _is_by_sound(name: str) -> bool:
    return sum(one in _known().by_sound for one in name) >= _BY_SOUND * len(name)
