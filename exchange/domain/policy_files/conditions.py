"""Conditions of the policy files, asked of a record or of several together.

A condition maps a field (a dotted path) to a plain value, which must be equal, or to one of
``{above: n}``, ``{at_most: n}``, ``{one_of: [..]}``; several bounds of one field must all hold.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from verification.records import Record

Condition = Mapping[str, Any]

BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "above": lambda value, limit: bool(value > limit),
    "at_most": lambda value, limit: bool(value <= limit),
    "one_of": lambda value, limit: value in limit,
}


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
    return value is not None and all(BOUNDS[bound](value, limit) for bound, limit in wanted.items())
