"""What people read, in Chinese and in English: data, in the YAML file beside the module that shows it.

Shape: name → {zh, en}, or table → code → {zh, en}; `{details}` are in both languages or in neither.
A test compares the names with those that the module uses, and checks all files. A city may say some of them
otherwise, in its own folder (`topics/own_labels.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any, Final, Literal

from topics.city_folder import named_folder
from topics.yaml_text import read_yaml

Language = Literal["zh", "en"]

LANGUAGES: Final = frozenset({"zh", "en"})


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str

    def first(self, language: Language) -> str:
        """Return it in the language asked for."""
        return self.zh if language == "zh" else self.en

    def both(self, language: Language, separator: str = " · ") -> str:
        """Return it in both, the language asked for first."""
        return separator.join((self.zh, self.en) if language == "zh" else (self.en, self.zh))

    def filled(self, **details: object) -> "Words":
        """Return it with its details in place; a detail that is itself words is filled in by language."""
        return Words(self.zh.format(**_in("zh", details)), self.en.format(**_in("en", details)))


class LabelsError(ValueError):
    """A label lacks a language, or its languages tell different details."""


class Labels:
    """The labels of one module, read from `<module>.yaml` when the first one is asked for, with a city's own.

    Raises:
        KeyError: there is no such label (a fault of the caller, caught by a test).
        PolicyFileError: the city's own do not fit; names file and line.
        LabelsError: the file is unfit to be shown.
    """

    def __init__(self, module_file: str) -> None:
        self.path = Path(module_file).with_suffix(".yaml")

    def __getitem__(self, name: str) -> Words:
        return self._read[0][name]

    def table(self, name: str) -> Mapping[str, Words]:
        """Return the labels of a table by their codes, in the file's order."""
        return self._read[1][name]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all labels and tables."""
        return frozenset(name for kind in self._read for name in kind)

    @cached_property
    def _read(self) -> tuple[dict[str, Words], dict[str, dict[str, Words]]]:
        content = self._content
        single = {name: entry for name, entry in content.items() if LANGUAGES & entry.keys()}
        return (
            {name: self._words(name, entry) for name, entry in single.items()},
            {
                name: {code: self._words(f"{name}.{code}", entry) for code, entry in table.items()}
                for name, table in content.items()
                if name not in single
            },
        )

    @property
    def _content(self) -> dict[str, Any]:
        """What our file says, and what the city's own says instead."""
        ours: dict[str, Any] = read_yaml(self.path.read_text(encoding="utf-8"))
        folder = named_folder()
        if folder is None:
            return ours
        from topics.own_labels import with_own  # noqa: PLC0415 - takes long to load; most have no folder

        return with_own(ours, self.path, folder)

    def _words(self, name: str, entry: Mapping[str, object]) -> Words:
        zh, en = entry.get("zh"), entry.get("en")
        if entry.keys() != LANGUAGES or not (isinstance(zh, str) and isinstance(en, str) and zh and en):
            raise LabelsError(f"{self.path.name}: {name}: needs text in zh and en, and nothing else")
        if set(_details(zh)) != set(_details(en)):
            raise LabelsError(f"{self.path.name}: {name}: zh and en tell different details")
        return Words(zh, en)


def _details(text: str) -> Iterator[str]:
    """Yield the names of the details that a text tells."""
    return (name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _in(language: Language, details: Mapping[str, object]) -> dict[str, object]:
    return {
        name: detail.first(language) if isinstance(detail, Words) else detail
        for name, detail in details.items()
    }
