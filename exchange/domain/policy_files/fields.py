"""Checks the policy's words against the schemas: fields, codes and bounds that a record can really have."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from avro_schemas.catalogue import Schemas
from exchange.domain.policy_files.conditions import BOUNDS
from topics.policy_file import no_such
from verification.shapes import Field, shape_of

_NUMBERS = frozenset({"int", "long"})


def require_field(record_type: str, path: str, schemas: Schemas) -> Field:
    """Return the field at a dotted path of a record type that exists.

    Raises:
        ValueError: there is no such field; the text names it.
    """
    fields, found = shape_of(record_type, schemas).fields, None
    for name in path.split("."):
        found = next((field for field in fields if field.name == name), None)
        if found is None:
            raise ValueError(
                no_such(f"field of {record_type}", path, _paths("", shape_of(record_type, schemas).fields))
            )
        fields = found.fields
    if found is None:
        raise ValueError(
            no_such(f"field of {record_type}", path, _paths("", shape_of(record_type, schemas).fields))
        )
    return found


def _paths(within: str, fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        yield within + field.name
        yield from _paths(f"{within}{field.name}.", field.fields)


def require_condition(record_type: str, condition: Mapping[str, Any], schemas: Schemas) -> None:
    """Make sure that a condition asks for fields that the record type has and for values that they can have.

    Raises:
        ValueError: it does not; a condition that can never hold would silently switch a matter off.
    """
    for path, wanted in condition.items():
        field = require_field(record_type, path, schemas)
        for bound, limit in wanted.items() if isinstance(wanted, Mapping) else [("", wanted)]:
            _require_bound(field, bound, limit)


def _require_bound(field: Field, bound: str, limit: Any) -> None:
    if bound and bound not in BOUNDS:
        raise ValueError(no_such("bound", bound, sorted(BOUNDS)))
    if bound == "one_of":
        if not isinstance(limit, list) or not limit:
            raise ValueError(f"one_of wants a list of values for {field.name}")
        for value in limit:
            _require_value(field, value)
    elif bound and (field.kind not in _NUMBERS or not _is_number(limit)):
        raise ValueError(f"{bound} wants a whole number, and a field that holds one: {field.name}")
    elif not bound:
        _require_value(field, limit)


def _require_value(field: Field, value: Any) -> None:
    if field.kind == "enum":
        fits = value in field.symbols
    elif field.kind == "boolean":
        fits = isinstance(value, bool)
    else:
        fits = _is_number(value) if field.kind in _NUMBERS else isinstance(value, str)
    if not fits:
        raise ValueError(f"{field.name} is never {value}: {_values(field, value)}")


def _values(field: Field, value: Any) -> str:
    if field.kind == "enum":
        return no_such("value", value, sorted(field.symbols))
    return "it is true or false" if field.kind == "boolean" else f"it is {field.kind}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
