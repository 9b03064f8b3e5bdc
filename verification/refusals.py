"""Turns what a model objects to into reasons with stable codes, in the order of the schema's fields."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from verification.reasons import Reason, UnfitValueError, mask, reason
from verification.shapes import Shape

# A record with more faults than this is no record; the first ones tell its sender enough.
MOST_REASONS = 100

_BY_TYPE = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "invalid_key": "field_unknown",
    "model_type": "not_a_record",
    "list_type": "not_a_list",
    "too_long": "too_many",
    "string_unicode": "characters_wrong",
}
_TOP = re.compile(r"[.\[]")
_LONG_NUMBER = re.compile("[0-9]{6}")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def reasons_of(error: ValidationError, shape: Shape) -> tuple[Reason, ...]:
    """All reasons at once, by the order of the schema's fields; fields it does not know come last."""
    order = {field.name: position for position, field in enumerate(shape.fields)}
    faults = sorted(error.errors(include_url=False), key=lambda fault: _position(fault["loc"], order))
    return tuple(_reason(dict(fault)) for fault in faults[:MOST_REASONS])


def in_order(reasons: Iterable[Reason], shape: Shape) -> tuple[Reason, ...]:
    """The reasons by the order of the schema's fields; those about one field stay in their own order."""
    order = {field.name: position for position, field in enumerate(shape.fields)}
    return tuple(sorted(reasons, key=lambda one: order.get(_TOP.split(one.field)[0], -1)))


def _position(location: tuple[int | str, ...], order: dict[str, int]) -> int:
    return order.get(str(location[0]), len(order)) if location else -1


def _reason(fault: dict[str, Any]) -> Reason:
    return reason(_code(fault), field_path(fault["loc"]), fault["input"])


def _code(fault: dict[str, Any]) -> str:
    refused = fault.get("ctx", {}).get("error")
    if isinstance(refused, UnfitValueError):
        return refused.code
    if fault["type"] == "model_type" and fault["input"] is None and fault["loc"]:
        return "field_missing"
    if fault["type"] == "list_type" and fault["input"] is None:
        return "field_missing"
    return _BY_TYPE[fault["type"]]


def field_path(location: tuple[int | str, ...]) -> str:
    """`materials[0].kind` and the like. What does not look like a name of a field is masked."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{_shown(step)}"
    return path.removeprefix(".")


def _shown(step: str) -> str:
    return step if _FIELD_NAME.fullmatch(step) and not _LONG_NUMBER.search(step) else mask(step)
