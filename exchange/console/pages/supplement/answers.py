"""From what a browser sends to a record as JSON has it; what cannot be read goes on as it was typed.

Admission says what is wrong with it, by the same reasons as of every record.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from exchange.console.pages.forms import SHANGHAI_OFFSET
from exchange.desk.actions.amounts import UnreadableAnswerError, fen_of
from verification.shapes import EVENT_TIME, Field

TIME: Final = "@time"
"""Behind the name of a moment: its time of day, which may be left out."""
NONE: Final = "@none"
"""Behind the name of a list: whether it is known to be empty."""
_WHOLE: Final = re.compile(r"-?[0-9]{1,20}")
Texts = Mapping[str, str]
"""Path of a field, such as `social_card.bank_name` or `holdings[0].uscc` → what was typed."""


def record_of(fields: tuple[Field, ...], texts: Texts, before: str = "") -> dict[str, Any]:
    """Return a record without what was left empty.

    Args:
        fields: of the record, or of a part of it.
        texts: what was typed.
        before: the path of that part, with a dot behind it.
    """
    values = ((one.name, _value(one, texts, f"{before}{one.name}")) for one in fields)
    return {name: value for name, value in values if value is not None}


def rows_typed(texts: Texts, path: str) -> int:
    """Return how many rows a list has of which anything was typed, or which came before such a row."""
    found = re.compile(rf"{re.escape(path)}\[([0-9]{{1,4}})\]")
    numbers = [int(match[1]) for name, text in texts.items() if text.strip() and (match := found.match(name))]
    return max(numbers, default=-1) + 1


def _value(field: Field, texts: Texts, path: str) -> Any:
    if field.kind == "record":
        return record_of(field.fields, texts, f"{path}.") or None
    if field.kind == "list":
        return _items(field, texts, path)
    text = texts.get(path, "").strip()
    return _scalar(field, text, texts.get(f"{path}{TIME}", "").strip()) if text else None


def _items(field: Field, texts: Texts, path: str) -> list[Any] | None:
    if field.inner:
        rows = (record_of(field.inner, texts, f"{path}[{row}].") for row in range(rows_typed(texts, path)))
        found: list[Any] = [row for row in rows if row]
    else:
        found = list(_lines(texts.get(path, "")))
    return found or ([] if texts.get(f"{path}{NONE}") else None)


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _scalar(field: Field, text: str, time: str) -> Any:
    if field.kind == "boolean":
        return {"yes": True, "no": False}.get(text, text)
    if field.rule == "money_fen":
        return _fen(text)
    if field.kind in {"int", "long"}:
        return int(text) if _WHOLE.fullmatch(text) else text
    if field.kind == "instant":
        return f"{text}{SHANGHAI_OFFSET}"
    if field.kind == EVENT_TIME:
        return f"{text}T{time}{SHANGHAI_OFFSET}" if time else text
    return text


def _fen(yuan: str) -> int | str:
    try:
        return fen_of(yuan)
    except UnreadableAnswerError:
        return yuan
