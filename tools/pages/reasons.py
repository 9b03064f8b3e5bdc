"""Writes the page on reasons from the catalogue, so that it cannot go stale unnoticed."""

from typing import Final

from topics.labels import Labels
from verification.code_lists import LISTS, code_list
from verification.reasons import ReasonEntry, catalogue

LABELS: Final = Labels(__file__)
_HEAD = """# Reasons 原因代码

Generated from `verification/reasons.yaml` by `make docs`; do not edit.
本页由 `verification/reasons.yaml` 生成，请勿手工修改。

A receipt names each reason by its code, the field and a sentence.
In a sentence `{field}` stands for the field, `{value}` for the value with most of its characters masked, and
`{lines}` and the like for what is told of a file: lines, counts, columns, encodings. `{line_s}` is line or
lines, `{nearest}` the name that was probably meant, if there is one.
"""


def render() -> str:
    """The text of docs/reference/reasons.md: every code by class, in Chinese and English, with its source."""
    return "\n".join([_HEAD, *(_section(kind) for kind in LABELS.table("titles")), _code_lists()])


def _section(kind: str) -> str:
    rows = "\n".join(_row(entry) for entry in catalogue().values() if entry.kind == kind)
    head = "| code | 中文 | English | source |\n|---|---|---|---|"
    title, introduction = LABELS.table("titles")[kind], LABELS.table("introductions")[kind].both("en", "\n")
    return f"## {title.both('en', ' ')}\n\n{introduction}\n\n{head}\n{rows}\n"


def _row(entry: ReasonEntry) -> str:
    return f"| `{entry.code}` | {entry.zh} | {entry.en} | {entry.source} |"


def _code_lists() -> str:
    """Which words each code list takes."""
    sections = (f"### {name}\n\nSource: {code_list(name).source}\n\n{_codes(name)}\n" for name in LISTS)
    return "## Code lists 代码表\n\n" + "\n".join(sections)


def _codes(name: str) -> str:
    listed = code_list(name)
    words: dict[str, list[str]] = {code: [] for code in listed.names}
    for word, code in listed.codes.items():
        if word != code:
            words[code].append(word)
    rows = "\n".join(f"| `{code}` | {'，'.join(taken)} |" for code, taken in words.items())
    return f"| code | words |\n|---|---|\n{rows}"
