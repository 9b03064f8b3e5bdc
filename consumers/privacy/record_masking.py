"""Masks a record as departments publish it, by the rules that its schema gives for each field."""

from collections.abc import Mapping
from typing import Any, Final

from avro_schemas.catalogue import Document
from avro_schemas.shape import SchemaValue, lay_out
from consumers.privacy.masking import masked_text
from verification.long_numbers import shown_name
from verification.reasons import mask

SHOWN_RULES: Final = frozenset(
    {
        *("count", "date", "department", "event_time", "instant", "material_kind", "matter", "money_fen"),
        *("name", "percent", "uscc"),
    }
)
"""Readers of cases also see what these hold; any other text is masked, since it may hold a number."""


def masked_record(document: Document, schema: Mapping[str, Any]) -> Document:
    """Return the record with numbers of persons, cards and telephones masked, and free text with them.

    The rules are those of its type's schema; what that does not have is masked.
    """
    shape = lay_out(schema)
    return {name: _masked(value, name, shape, None) for name, value in document.items()}


def _masked(value: Any, path: str, shape: dict[str, SchemaValue], rule: str | None) -> Any:
    place = shape.get(path)
    own = rule if place is None else place.attributes.get("rule", rule)
    if isinstance(value, dict):
        return {name: _masked(inner, f"{path}.{name}", shape, own) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, f"{path}[]", shape, own) for inner in value]
    if not isinstance(value, str) or own == "uuid" or (place is not None and place.kind == "enum"):
        return value
    if own == "name":
        return shown_name(value)
    return masked_text(value) if own in SHOWN_RULES or str(own).startswith("codes:") else mask(value)
