"""Every reason for which a record is refused, put aside or remarked upon, in words a clerk can act on.

Reasons are data (`reasons.yaml`): a stable code, its class and a sentence in Chinese and in English.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from topics.yaml_text import read_packaged
from verification.characters import in_one_line

REFUSED: Final = "refused"
HELD: Final = "held"
WARNING: Final = "warning"
UNDECODABLE: Final = "undecodable"

_LONG_CHARACTERS = 12
_MIDDLE_CHARACTERS = 7
_SEVERAL = re.compile("[-,]")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, ready to be shown: what is wrong (`code`), where (`field`), and both in two languages.

    `field` is a path such as `applicant.id_number` or `holdings[0].uscc`; empty for the whole record. No
    message holds a whole value of the record: values are masked.
    """

    code: str
    field: str
    message_zh: str
    message_en: str


class UnfitValueError(ValueError):
    """A value that cannot stand; `code` names the reason, which is made by whoever knows the field."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """What the catalogue says of one code; `kind` is refused, held, warning or undecodable."""

    code: str
    kind: str
    zh: str
    en: str
    source: str


@cache
def catalogue() -> dict[str, ReasonEntry]:
    """All codes in the order of the file; read once."""
    entries = read_packaged("verification", "reasons.yaml")["reasons"]
    return {entry["code"]: ReasonEntry(**entry) for entry in entries}


class _Details(dict[str, object]):
    """What fills a sentence; a detail that nobody gave is left out, and `line_s` depends on the lines."""

    def __missing__(self, name: str) -> str:
        if name != "line_s":
            return ""
        return "lines" if _SEVERAL.search(str(self["lines"])) else "line"


def fill(sentence: str, details: Mapping[str, object]) -> str:
    """A sentence with its details; `{line_s}` is `line`, or `lines` if there are several."""
    return sentence.format_map(_Details(details))


def reason(code: str, field: str = "", value: object = None, **details: object) -> Reason:
    """The reason of that code, with `value` masked.

    Args:
        code: as the catalogue has it.
        field: the path of the field, empty for the whole record.
        value: what is wrong; shown masked.
        details: what else the sentence tells (lines, counts, columns), shown as it is: nothing personal.

    Raises:
        KeyError: no such code in the catalogue (a fault of the caller, caught by a test).
    """
    entry = catalogue()[code]
    told = {"field": field, "value": mask(value), **details}
    return Reason(code, field, fill(entry.zh, told), fill(entry.en, told))


def mask(value: object) -> str:
    """As much of a value as lets its author find it, and never the whole.

    Long text keeps its first three and last two characters, middling text the first and the last, short text
    none. Objects and lists are not looked into.
    """
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return "***"
    text = _as_text(value)
    if len(text) >= _LONG_CHARACTERS:
        return f"{text[:3]}***{text[-2:]}"
    if len(text) >= _MIDDLE_CHARACTERS:
        return f"{text[:1]}***{text[-1:]}"
    return "***"


def _as_text(value: str | int | float) -> str:
    """Short text for any scalar; characters that no terminal or topic should see become a question mark."""
    if isinstance(value, int) and value.bit_length() > 128:
        return ""
    return "".join(c if c.isprintable() else "?" for c in in_one_line(_ends(str(value))))


def _ends(text: str) -> str:
    """Text longer than could matter is first cut in its middle."""
    return text if len(text) <= 40 else text[:20] + text[-20:]
