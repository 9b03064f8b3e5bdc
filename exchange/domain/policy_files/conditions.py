"""Conditions of the policy files: what the schemas let them ask, and whether they hold for what records say.

A condition maps a field (a dotted path) to a plain value, which must be equal, or to one of
``{above: n}``, ``{at_most: n}``, ``{one_of: [..]}``; several bounds of one field must all hold.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from avro_schemas.catalogue import Schemas
from topics.policy_file import no_such
from verification.records import Record
from verification.shapes import Field, field_at, shape_of

Condition = Mapping[str, Any]

_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "above": lambda value, limit: bool(value > limit),
    "at_most": lambda value, limit: bool(value <= limit),
    "one_of": lambda value, limit: value in limit,
}
_NUMBERS = frozenset({"int", "long"})
_TIMES = frozenset({"date", "instant", "event_time"})
_HOLDING_OTHERS = frozenset({"record", "list"})


def value_at(record: Record, path: str) -> Any:
    """Return the value at a dotted path, own fields first, then the common ones; None where absent."""
    facts: Mapping[str, Any] = record.facts
    if path in facts:  # no name has a dot in it
        return facts[path]
    head, *rest = path.split(".")
    value = facts[head] if head in facts else getattr(record, head, None)
    for step in rest:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def holds(condition: Condition, record: Record) -> bool:
    """Say whether every field of the condition holds for the record."""
    return all(_is(value_at(record, path), wanted) for path, wanted in condition.items())


def hold_together(
    condition: Condition, records: Iterable[Record], not_counted: Mapping[str, str] | None = None
) -> bool:
    """Say whether the condition holds for the sums of its fields over all the records.

    Args:
        condition: The bounds.
        records: What is added up.
        not_counted: Field → the field with the part of it that does not count towards an upper bound.
    """
    records, less = tuple(records), not_counted or {}
    return all(
        _is(_sum(path, records, less.get(path) if bound == "at_most" else None), {bound: limit})
        for path, wanted in condition.items()
        for bound, limit in (wanted.items() if isinstance(wanted, Mapping) else (("one_of", (wanted,)),))
    )


def _sum(path: str, records: tuple[Record, ...], less: str | None) -> int:
    parts = ((value_at(record, path) or 0, value_at(record, less) or 0 if less else 0) for record in records)
    return sum(max(whole - part, 0) for whole, part in parts)


def _is(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    return value is not None and all(_BOUNDS[bound](value, limit) for bound, limit in wanted.items())


def require_field(record_type: str, path: str, schemas: Schemas) -> Field:
    """Return the field at a dotted path of a record type that exists.

    Raises:
        ValueError: there is no such field; the text names it.
    """
    try:
        return field_at(record_type, path, schemas)
    except StopIteration:
        known = _paths("", shape_of(record_type, schemas).fields)
        raise ValueError(no_such(f"field of {record_type}", path, known)) from None


def require_time(record_type: str, path: str, schemas: Schemas) -> None:
    """Make sure that a field says when something was.

    Raises:
        ValueError: there is no such field, or a value of it is no day.
    """
    _require_kind(record_type, path, _TIMES, schemas)


def require_text(record_type: str, path: str, schemas: Schemas) -> None:
    """Make sure that a field holds text.

    Raises:
        ValueError: as above; so does the next.
    """
    _require_kind(record_type, path, frozenset({"text"}), schemas)


def require_number(record_type: str, path: str, schemas: Schemas) -> None:
    """Make sure that a field holds whole numbers, which can be added up."""
    _require_kind(record_type, path, _NUMBERS, schemas)


def _require_kind(record_type: str, path: str, wanted: frozenset[str], schemas: Schemas) -> None:
    kind = require_field(record_type, path, schemas).kind
    if kind not in wanted:
        message = f"{record_type}.{path} is {kind}, and has to be one of: {', '.join(sorted(wanted))}"
        raise ValueError(message)


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
        if isinstance(wanted, Mapping) and {"above", "at_most"} <= wanted.keys():
            _require_room(field, **wanted)


def _require_room(field: Field, above: int, at_most: int, **_: Any) -> None:
    if above >= at_most:
        raise ValueError(f"{field.name} is never above {above} and at most {at_most}")


def _require_bound(field: Field, bound: str, limit: Any) -> None:
    if bound and bound not in _BOUNDS:
        raise ValueError(no_such("bound", bound, sorted(_BOUNDS)))
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
    if field.kind in _HOLDING_OTHERS:
        fits = False
    elif field.kind == "enum":
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
