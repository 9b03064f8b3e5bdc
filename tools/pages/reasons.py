"""Writes the page on reasons from the catalogue, so that it cannot go stale unnoticed."""

from verification.code_lists import LISTS, code_list
from verification.reasons import HELD, REFUSED, UNDECODABLE, WARNING, ReasonEntry, catalogue

_TITLES = {
    REFUSED: "Refused 退回",
    HELD: "Held 暂存",
    WARNING: "Warnings 提示",
    UNDECODABLE: "Undecodable 无法解码",
}
_INTRODUCTIONS = {
    REFUSED: "The record does not stand; it is kept in quarantine, and a corrected one may be published.\n"
    "记录不予接收，留存隔离区；更正后可重新发布。",
    HELD: "The record is kept and takes no effect until a handler has decided.\n"
    "记录已保存，在工作人员裁定之前不产生效力。",
    WARNING: "The record stands; somebody should look at it again.\n记录有效，但请再核对。",
    UNDECODABLE: "The bytes could not be read as a record; they are kept in quarantine as they came.\n"
    "消息无法读成记录，原样留存隔离区。",
}
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
    return "\n".join([_HEAD, *(_section(kind) for kind in _TITLES), _code_lists()])


def _section(kind: str) -> str:
    rows = "\n".join(_row(entry) for entry in catalogue().values() if entry.kind == kind)
    head = "| code | 中文 | English | source |\n|---|---|---|---|"
    return f"## {_TITLES[kind]}\n\n{_INTRODUCTIONS[kind]}\n\n{head}\n{rows}\n"


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
