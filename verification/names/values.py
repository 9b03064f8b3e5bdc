"""Judges whether a name is what belongs into another column (肺炎, 已婚), or has more around it (户主王芳).

The words are data (`signs.yaml`, `name_values`; the surnames). They came later than all other signs.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from verification.characters import in_one_line, without_shape
from verification.names.keys import HANZI, word_key
from verification.names.signs import name_signs
from verification.names.surnames import any_surname, begins_with_surname, usual_surname

_LATIN: Final = "A-Za-z\u00c0-\u024f"
_TWO_SCRIPTS: Final = re.compile(f"[{HANZI}].*[{_LATIN}]{{2}}|[{_LATIN}]{{2}}.*[{HANZI}]")
_HANZI_ALONE: Final = re.compile(f"[{HANZI}]{{2,}}")
_HALF_WIDTH_KANA: Final = re.compile("[\uff61-\uff9f]+")
_INNER_CAPITAL: Final = re.compile("[\u0400-\u04ff]*[\u0430-\u045f][\u0400-\u042f][\u0400-\u04ff]*")
_MISREAD_AS: Final = ((_HALF_WIDTH_KANA, "shift_jis"), (_INNER_CAPITAL, "cp1251"), (_INNER_CAPITAL, "koi8_r"))
"""What GBK may become in other encodings: half-width kana alone, and capitals within Cyrillic words."""


@dataclass(frozen=True, slots=True)
class _OtherValues:
    """What is looked for.

    Attributes:
        words: what belongs into another column, as words are compared.
        forms: what does so in many words, such as causes of death.
        first, last: every name of hanzi with more around it begins, or ends, with one of these.
        more: a name with more around it.
    """

    words: frozenset[str]
    forms: re.Pattern[str]
    first: tuple[str, ...]
    last: tuple[str, ...]
    more: re.Pattern[str]


@cache
def _known() -> _OtherValues:
    named: dict[str, Any] = name_signs()["name_values"]
    before, behind = "|".join(named["before"]), "|".join(named["behind"])
    name, of_whom = f"{usual_surname()}[{HANZI}]{{1,2}}", f"{any_surname()}[{HANZI}]{{0,2}}[之的]?"
    more = (f"(?:{before}){name}", f"{of_whom}(?:{behind})", *named["around"])
    return _OtherValues(
        words=frozenset(word_key(word) for line in named["words"] for word in line),
        forms=re.compile("|".join((*named["causes"], *named["states"]))),
        first=tuple(named["before"]),
        last=tuple(named["behind"]),
        more=re.compile("|".join(more)),
    )


def may_be_value(name: str) -> bool:
    """Whether a name of hanzi, in one piece, needs a closer look: few do."""
    known = _known()
    around = name.startswith(known.first) or name.endswith(known.last)
    return around or name in known.words or bool(known.forms.fullmatch(name))


def is_value(name: str) -> bool:
    """Whether it is a cause of death, an occupation, a state or a code of another column."""
    word, known = word_key(name), _known()
    return word in known.words or bool(known.forms.fullmatch(word))


def has_more_around(name: str) -> bool:
    """Whether it is written twice, in hanzi and in letters, or says what somebody is before or behind it."""
    seen = in_one_line(without_shape(unicodedata.normalize("NFKC", name)))
    if _TWO_SCRIPTS.search(seen):
        return True
    return bool(_known().more.fullmatch(seen.replace(" ", "") if _HANZI_ALONE.match(seen) else seen))


def is_misread_elsewhere(name: str) -> bool:
    """Whether it is a name in GBK that was read as an encoding of Japan or of Russia."""
    seen = in_one_line(without_shape(name)).replace(" ", "")
    return any(shape.fullmatch(seen) and _is_name_in_gbk(seen, read_as) for shape, read_as in _MISREAD_AS)


def _is_name_in_gbk(text: str, read_as: str) -> bool:
    try:
        name = text.encode(read_as).decode("gbk")
    except UnicodeError:
        return False
    return bool(_HANZI_ALONE.fullmatch(name)) and begins_with_surname(name)
