"""Turns what a model objects to into reasons with stable codes, in the order of the schema's fields."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from pydantic import ValidationError

from avro_schemas.catalogue import Schemas
from verification.field_names import FieldNames, is_identifier, says_other_unit
from verification.reasons import Reason, UnfitValueError, mask, reason
from verification.shapes import Field, Shape, shape_of, terms_of

# What has more faults than this is not a record; the first ones tell its sender enough.
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

Location = tuple[int | str, ...]
ENVELOPE: Final = FieldNames.of({"type": "类型", "record": "记录"})
"""What stands around a record in JSON."""


def reasons_of(error: ValidationError, shape: Shape, schemas: Schemas) -> tuple[Reason, ...]:
    """All reasons at once, in the order of the schema's fields; fields it does not know come last."""
    order = {field.name: position for position, field in enumerate(shape.fields)}
    faults = sorted(error.errors(include_url=False), key=lambda fault: _position(fault["loc"], order))
    return tuple(_reason(dict(fault), shape, schemas) for fault in faults[:MOST_REASONS])


def in_order(reasons: Iterable[Reason], shape: Shape) -> tuple[Reason, ...]:
    """The reasons in the order of the schema's fields; those about one field stay in their own order."""
    order = {field.name: position for position, field in enumerate(shape.fields)}
    return tuple(sorted(reasons, key=lambda one: order.get(_TOP.split(one.field)[0], -1)))


def unknown_field(location: Location, names: FieldNames) -> Reason:
    """The reason for a key that is not a field; a plain label is shown, with what it may mean."""
    written = str(location[-1])
    path = ".".join(filter(None, (field_path(location[:-1]), _label(written, names))))
    if says_other_unit(written):
        return reason("field_in_other_unit", path)
    return reason("field_unknown", path, nearest=_guess(written, names))


def unknown_type(written: str, schemas: Schemas) -> Reason:
    """The reason for a type that does not exist, with those that do."""
    names, known = _type_names(schemas), ", ".join(schemas.record_types)
    guess = guessed_type(written, schemas)
    return reason("unknown_record_type", "type", found=_label(written, names), nearest=guess, wanted=known)


def guessed_type(written: str, schemas: Schemas) -> str:
    """The type that was probably meant, in brackets behind what was written; nothing if none is near."""
    return _guess(written, _type_names(schemas))


@cache
def _type_names(schemas: Schemas) -> FieldNames:
    return FieldNames.of({one: schemas.schema(one)["doc"].partition(":")[0] for one in schemas.record_types})


def _label(written: str, names: FieldNames) -> str:
    return written if names.may_show(written, "keys") else mask(written)


def _guess(written: str, names: FieldNames) -> str:
    nearest = names.nearest(written)
    return f" ({nearest}?)" if nearest else ""


def _position(location: Location, order: dict[str, int]) -> int:
    return order.get(str(location[0]), len(order)) if location else -1


def _reason(fault: dict[str, Any], shape: Shape, schemas: Schemas) -> Reason:
    code, location = _code(fault), fault["loc"]
    if code == "field_unknown":
        around = tuple(step for step in location[:-1] if isinstance(step, str))
        return unknown_field(location, _names_within(shape.name, around, schemas))
    wanted = _symbols(shape.name, location, schemas) if code == "value_unknown" else ""
    return reason(code, field_path(location), fault["input"], wanted=wanted)


def _symbols(record_type: str, location: Location, schemas: Schemas) -> str:
    """What the enum at a location may say."""
    *around, name = (step for step in location if isinstance(step, str))
    fields = _fields_within(record_type, tuple(around), schemas)
    found = next(field for field in fields if field.name == name)
    return ", ".join(sorted(found.symbols))


@cache
def _names_within(record_type: str, path: tuple[str, ...], schemas: Schemas) -> FieldNames:
    """The names of the fields of a record, or of an object or a list of objects within it."""
    return FieldNames.of(
        terms_of({field.name: field for field in _fields_within(record_type, path, schemas)})
    )


def _fields_within(record_type: str, path: tuple[str, ...], schemas: Schemas) -> tuple[Field, ...]:
    fields = shape_of(record_type, schemas).fields
    for name in path:
        fields = next(field for field in fields if field.name == name).inner
    return fields


def _code(fault: dict[str, Any]) -> str:
    refused = fault.get("ctx", {}).get("error")
    if isinstance(refused, UnfitValueError):
        return refused.code
    if fault["type"] == "model_type" and fault["input"] is None and fault["loc"]:
        return "field_missing"
    if fault["type"] == "list_type" and fault["input"] is None:
        return "field_missing"
    return _BY_TYPE[fault["type"]]


def field_path(location: Location) -> str:
    """`materials[0].kind` and the like. What does not look like the name of a field is masked."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step if is_identifier(step) else mask(step)}"
    return path.removeprefix(".")
