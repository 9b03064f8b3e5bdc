"""Blanks around a value of a fixed form: not part of it, whichever file it came in. Pure.

A column of fixed width pads its cells, and a program passes them on as they are. Text and names keep their
blanks, and what is within a value is for the rules to judge.
"""

from collections.abc import Mapping
from typing import Final

from avro_schemas.catalogue import Schemas
from verification.characters import in_one_line
from verification.shapes import Field, shape_of

_KINDS: Final = ("date", "instant", "event_time", "decimal", "enum")
_RULES: Final = ("uuid", "sha256", "uscc", "bank_routing_no", "department")


def without_padding(record: Mapping[str, object], record_type: str, schemas: Schemas) -> dict[str, object]:
    """The record as it was meant; its type must exist."""
    return _object(record, shape_of(record_type, schemas).fields)


def _object(values: Mapping[str, object], fields: tuple[Field, ...]) -> dict[str, object]:
    known = {field.name: field for field in fields}
    return {name: _value(value, known[name]) if name in known else value for name, value in values.items()}


def _value(value: object, field: Field) -> object:
    if isinstance(value, str):
        return in_one_line(value) if field.kind in _KINDS or field.rule in _RULES else value
    if isinstance(value, list) and field.item:
        return [_value(item, field.item) for item in value]
    if isinstance(value, Mapping) and field.kind == "record":
        return _object(value, field.fields)
    return value
