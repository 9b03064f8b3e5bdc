"""Words and codes of the national code lists: a word becomes its code, a code stays, the rest is unlisted.

The lists are data (`codes/*.yaml`), each with its standard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from topics.yaml_text import read_packaged

LISTS = ("sex", "ethnicity", "relation")
_MALE, _FEMALE = "1", "2"


@dataclass(frozen=True, slots=True)
class CodeList:
    """One national list.

    Attributes:
        source: the standard.
        names: code → the standard's name, or the everyday word where that name is no word by itself.
        codes: code, name or everyday word → code.
        by_sex: word → sex (GB/T 2261.1) → code, for words that stand for two codes.
        keeps_unlisted: a word that the list lacks is kept as written, and counts as not stated.
    """

    source: str
    names: Mapping[str, str]
    codes: Mapping[str, str]
    by_sex: Mapping[str, Mapping[str, str]]
    keeps_unlisted: bool


@cache
def code_list(name: str) -> CodeList:
    """The list of that name, read once.

    Raises:
        FileNotFoundError: no such list.
    """
    data: dict[str, Any] = read_packaged("verification", "codes", f"{name}.yaml")
    by_sex = {
        entry["word"]: {_MALE: entry["male"], _FEMALE: entry["female"]} for entry in data.get("by_sex", ())
    }
    codes = {word: entry["code"] for entry in data["codes"] for word in _words(entry)}
    codes.update({word: choice[_MALE] for word, choice in by_sex.items()})
    names = {entry["code"]: entry.get("shown", entry["name"]) for entry in data["codes"]}
    return CodeList(data["source"], names, codes, by_sex, bool(data.get("keeps_unlisted", False)))


def code_of(list_name: str, text: str) -> str | None:
    """The code that a code, a name or a usual word stands for; None if the list has none."""
    return code_list(list_name).codes.get(text)


def code_by_sex(list_name: str, text: str, sex: str | None) -> str | None:
    """As `code_of`, but the word may mean two codes and the person's sex tells which."""
    choice = code_list(list_name).by_sex.get(text, {})
    return choice.get(sex or "") or code_of(list_name, text)


def name_of(list_name: str, code: str) -> str | None:
    """The word for a code, to be shown to people; None if the list lacks the code."""
    return code_list(list_name).names.get(code)


def _words(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return (entry["code"], entry["name"], *entry["words"])
