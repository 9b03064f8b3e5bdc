"""A schema laid out flat: path of each value → what the schema says of it. A rule is then one comparison.

Paths: `death_time.instant`, `matters[]` (items of an array), `draft{}` (values of a map). A union of null
and one type is one nullable value. Types referred to by name are laid out in full at each place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MISSING = object()
"""Stands for a default that a field does not have; null is a default."""


@dataclass(frozen=True, slots=True)
class SchemaValue:
    """One place in a schema. `full_name` and `symbols` are empty if the kind has none."""

    path: str
    kind: str
    nullable: bool
    full_name: str
    logical: str
    decimal: tuple[int, int] | None
    symbols: tuple[str, ...]
    enum_default: str | None
    default: Any
    attributes: Mapping[str, Any]
    branches: tuple[str, ...]

    @property
    def parent(self) -> str:
        """Path of the record that holds this field; empty for the top."""
        return self.path.rpartition(".")[0]


def lay_out(schema: Mapping[str, Any]) -> dict[str, SchemaValue]:
    """Path → value for every place of a schema; the top has the empty path."""
    return {value.path: value for value in _values(schema, "", {}, str(schema.get("namespace", "")))}


def named_types(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Full name → definition of every named type that a schema defines."""
    names: dict[str, Any] = {}
    for _ in _values(schema, "", names, str(schema.get("namespace", ""))):
        pass
    return names


def _values(
    node: Any, path: str, names: dict[str, Any], namespace: str, holder: Mapping[str, Any] | None = None
) -> Iterator[SchemaValue]:
    branches = node if isinstance(node, list) else [node]
    concrete = [branch for branch in branches if branch != "null"]
    chosen = _definition(concrete[0] if concrete else "null", names, namespace)
    inner = str(chosen.get("namespace", namespace))
    yield _value(chosen, branches, path, inner, holder)
    yield from _children(chosen, path, names, inner)


def _definition(node: Any, names: dict[str, Any], namespace: str) -> Mapping[str, Any]:
    if isinstance(node, str):
        full_name = node if "." in node else f"{namespace}.{node}"
        found: Mapping[str, Any] = names.get(full_name, {"type": node})
        return found
    if "name" in node:
        names.setdefault(f"{node.get('namespace', namespace)}.{node['name']}", node)
    definition: Mapping[str, Any] = node
    return definition


def _children(
    node: Mapping[str, Any], path: str, names: dict[str, Any], namespace: str
) -> Iterator[SchemaValue]:
    if node["type"] == "array":
        yield from _values(node["items"], f"{path}[]", names, namespace)
    elif node["type"] == "map":
        yield from _values(node["values"], f"{path}{{}}", names, namespace)
    for field in node.get("fields", ()):
        yield from _values(field["type"], f"{path}.{field['name']}".lstrip("."), names, namespace, field)


def _value(
    node: Mapping[str, Any],
    branches: list[Any],
    path: str,
    namespace: str,
    holder: Mapping[str, Any] | None,
) -> SchemaValue:
    attributes = node if holder is None else holder
    scaled = node.get("logicalType") == "decimal"
    return SchemaValue(
        path=path,
        kind=str(node["type"]),
        nullable="null" in branches,
        full_name=f"{namespace}.{node['name']}" if "name" in node else "",
        logical=str(node.get("logicalType", "")),
        decimal=(int(node["precision"]), int(node.get("scale", 0))) if scaled else None,
        symbols=tuple(node.get("symbols", ())),
        enum_default=node.get("default") if node["type"] == "enum" else None,
        default=MISSING if holder is None else holder.get("default", MISSING),
        attributes=attributes,
        branches=tuple(branch if isinstance(branch, str) else str(branch["type"]) for branch in branches),
    )
