"""What may not change from one version of a schema to the next, though Avro and the registry let it pass.

Each such change makes an old reader understand something else, or a replay of old records give another case.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from avro_schemas.findings import SchemaFinding
from avro_schemas.shape import SchemaValue, lay_out

_TOP_ATTRIBUTES = ("fact_key", "fact_rule", "topic_per_department")
_DEMANDS = ("required", "required_if", "required_unless")


def lint_change(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[SchemaFinding]:
    """Every forbidden difference between an older and a newer version."""
    before, after = lay_out(old), lay_out(new)
    found = [
        SchemaFinding(name, path, code, message)
        for path, value in before.items()
        if path in after
        for code, check in _CHECKS.items()
        if (message := check(value, after[path])) is not None
    ]
    return [
        *found,
        *_removed(name, before, after),
        *_demanded(name, before, after),
        *_rekeyed(name, old, new),
    ]


def _logical_type_changed(old: SchemaValue, new: SchemaValue) -> str | None:
    if old.logical == new.logical:
        return None
    verb = "added" if not old.logical else "dropped" if not new.logical else "changed"
    return f"logical type {verb}: {old.logical or 'none'} → {new.logical or 'none'}"


def _decimal_changed(old: SchemaValue, new: SchemaValue) -> str | None:
    if old.decimal is None or new.decimal is None or old.decimal == new.decimal:
        return None
    return f"decimal precision and scale changed: {old.decimal} → {new.decimal}"


def _default_changed(old: SchemaValue, new: SchemaValue) -> str | None:
    return "the default changed" if _spelled(old.default) != _spelled(new.default) else None


def _enum_default_changed(old: SchemaValue, new: SchemaValue) -> str | None:
    if old.enum_default == new.enum_default:
        return None
    return f"the enum's default changed: {old.enum_default} → {new.enum_default}"


def _name_changed(old: SchemaValue, new: SchemaValue) -> str | None:
    return None if old.full_name == new.full_name else f"name changed: {old.full_name} → {new.full_name}"


def _enum_symbol_removed(old: SchemaValue, new: SchemaValue) -> str | None:
    gone = sorted(set(old.symbols) - set(new.symbols))
    return f"symbols removed: {', '.join(gone)}" if gone else None


def _required_added(old: SchemaValue, new: SchemaValue) -> str | None:
    added = [demand for demand in _DEMANDS if demand in new.attributes and demand not in old.attributes]
    return f"{', '.join(added)} added: old records need not state it" if added else None


def _rule_changed(old: SchemaValue, new: SchemaValue) -> str | None:
    before, after = old.attributes.get("rule"), new.attributes.get("rule")
    return f"rule changed: {before} → {after}" if before != after else None


_CHECKS: Mapping[str, Callable[[SchemaValue, SchemaValue], str | None]] = {
    "logical_type_changed": _logical_type_changed,
    "decimal_changed": _decimal_changed,
    "default_changed": _default_changed,
    "enum_default_changed": _enum_default_changed,
    "name_changed": _name_changed,
    "enum_symbol_removed": _enum_symbol_removed,
    "required_added": _required_added,
    "rule_changed": _rule_changed,
}


def _removed(
    name: str, before: Mapping[str, SchemaValue], after: Mapping[str, SchemaValue]
) -> Iterator[SchemaFinding]:
    for path, value in before.items():
        if path in after or (value.parent and value.parent not in after):
            continue
        twins = [new.path for new in after.values() if new.path not in before and _alike(value, new)]
        if twins:
            yield SchemaFinding(
                name, path, "field_renamed", f"renamed to {twins[0]}? The old value would be lost"
            )
        else:
            yield SchemaFinding(name, path, "field_removed", "old records state it and a replay must read it")


def _demanded(
    name: str, before: Mapping[str, SchemaValue], after: Mapping[str, SchemaValue]
) -> Iterator[SchemaFinding]:
    for path, value in after.items():
        new_in_old_record = path not in before and value.parent in before
        if new_in_old_record and value.attributes.get("required"):
            yield SchemaFinding(
                name, path, "required_added", "a new field cannot be required: old records lack it"
            )


def _rekeyed(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[SchemaFinding]:
    for attribute in _TOP_ATTRIBUTES:
        if old.get(attribute) != new.get(attribute) and not (
            attribute == "fact_key" and _gains_new_field(old, new)
        ):
            yield SchemaFinding(
                name, "", "fact_key_changed", f"{attribute} changed: a replay would give another case"
            )


def _gains_new_field(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Say whether a key gains but fields that older records lack: they are told apart by it as before."""
    before, after = list(old.get("fact_key", ())), list(new.get("fact_key", ()))
    known = {field["name"] for field in old["fields"]}
    return after[: len(before)] == before and known.isdisjoint(after[len(before) :])


def _alike(old: SchemaValue, new: SchemaValue) -> bool:
    return (old.parent, old.kind, old.logical) == (new.parent, new.kind, new.logical)


def _spelled(default: Any) -> str:
    """True and 1 are equal in Python but different defaults in Avro."""
    return f"{type(default).__name__}:{default!r}"
