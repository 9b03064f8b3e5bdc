"""What differs, named: which thing of which case, between which sides, and in which fields; never a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from avro_schemas.catalogue import Document
from consumers.replay.compared_entries import Side


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which two sides do not agree.

    Attributes:
        case_id: The case.
        what: A kind of ``consumers.replay.compared_content``, ``matter rows`` or ``move``.
        name: The thing of the case: a matter with its department, a task; empty for the case itself.
        sides: The sides that were compared.
        missing: The sides that know nothing of it.
        fields: If all sides know it, the names of the fields that differ.
        matters: Of a case whose fields are named, how many of its matters differ.
    """

    case_id: str
    what: str
    name: str
    sides: tuple[Side, ...]
    missing: tuple[Side, ...] = ()
    fields: tuple[str, ...] = ()
    matters: int = 0

    def row(self) -> Document:
        """Return the difference as `exchange verify --json` prints it."""
        return {
            "difference": self.what,
            "case_id": self.case_id,
            "name": self.name,
            "between": list(self.sides),
            "missing_in": list(self.missing),
            "fields": list(self.fields),
        }


def differing_fields(one: Any, other: Any) -> tuple[str, ...]:
    """Return the paths at which two documents differ, such as ``form.deceased.name.value``."""
    return tuple(_paths(one, other, ""))


def differing_matters(one: Document, other: Document) -> int:
    """Return how many matters of two case documents differ; one that only one of them has counts."""
    ours, theirs = (
        {(view["matter"], view["instance"]): view for view in case.get("matters", ())}
        for case in (one, other)
    )
    return sum(ours.get(key) != theirs.get(key) for key in ours.keys() | theirs.keys())


def _paths(one: Any, other: Any, path: str) -> Iterator[str]:
    if one == other:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys((*one, *other)):
            yield from _paths(one.get(name), other.get(name), f"{path}.{name}" if path else name)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _paths(left, right, f"{path}[{number}]")
    else:
        yield path
