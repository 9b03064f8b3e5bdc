"""The conventions that Avro itself does not enforce, checked on one schema and across the files.

Each rule says why it exists.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from avro_schemas.findings import SchemaFinding
from avro_schemas.shape import MISSING, SchemaValue, lay_out, named_types

RULES_OF: Final[Mapping[str, tuple[str | None, ...]]] = {
    "string": (
        *("uuid", "id_number", "name", "text", "uscc", "bank_routing_no", "bank_card", "phone", "sha256"),
        *("icd10", "department", "codes:sex", "codes:ethnicity", "codes:relation"),
    ),
    "long": ("money_fen", "count"),
    "int": ("matter", "material_kind"),
    "boolean": (None,),
    "enum": (None,),
    "record": (None,),
    "event time": ("event_time",),
    "date": ("date",),
    "timestamp-micros": ("instant",),
    "decimal": ("percent",),
}
"""What a value may be → the rules by which it may be read and shown; None: it needs none."""

RULES: Final = frozenset(rule for rules in RULES_OF.values() for rule in rules if rule)
"""The rules a field may name; the models are built from them."""

HEADER_FIELDS = 15
"""Every record begins with the same fields, repeated in each file so that a file stands alone."""

_CHINESE = re.compile("[\u4e00-\u9fff]")
RECORDS: Final = "exchange.records"
_LONG_RULES = frozenset({"money_fen", "count"})
_LOGICAL_BASE = {"timestamp-micros": "long", "date": "int", "decimal": "bytes"}

_Check = Callable[[SchemaValue, bool], str | None]


def lint_schema(name: str, schema: Mapping[str, Any]) -> list[SchemaFinding]:
    """Every convention that one schema breaks."""
    is_record = schema.get("namespace") == RECORDS
    return [
        SchemaFinding(name, value.path, code, message)
        for value in lay_out(schema).values()
        for code, check in _CHECKS.items()
        if (message := check(value, is_record)) is not None
    ]


def lint_together(schemas: Mapping[str, Mapping[str, Any]]) -> list[SchemaFinding]:
    """What differs between files: a record's header, or two definitions of one named type."""
    return [*_header_findings(schemas), *_type_findings(schemas)]


def _doc_missing(value: SchemaValue, _: bool) -> str | None:
    doc = value.attributes.get("doc")
    if value.path.endswith(("[]", "{}")) and not value.full_name:
        return None  # the field that holds bare items describes them
    if doc is None or not _CHINESE.search(doc.partition(":")[0]):
        return "the doc must begin with the Chinese term and a colon"
    return None if "Source: " in doc else "the doc must name its source: the plan, or [assumed]"


def _number_not_long(value: SchemaValue, _: bool) -> str | None:
    counted = value.attributes.get("rule") in _LONG_RULES or value.path.endswith("_fen")
    return f"money and counters are long, not {value.kind}" if counted and value.kind != "long" else None


def _float_used(value: SchemaValue, _: bool) -> str | None:
    inexact = value.kind in {"float", "double"}
    return "no binary fraction: use long in the smallest unit, or a decimal" if inexact else None


def _enum_without_default(value: SchemaValue, _: bool) -> str | None:
    if value.kind != "enum" or value.enum_default in value.symbols:
        return None
    return "an enum needs a default among its symbols, or old readers fail on a new symbol"


def _union_not_optional(value: SchemaValue, _: bool) -> str | None:
    if len(value.branches) == 1:
        return None
    if len(value.branches) != 2 or value.branches[0] != "null":
        return "a union is null first and one type"
    is_field = not value.path.endswith(("[]", "{}"))
    return "an optional field has the default null" if is_field and value.default is not None else None


def _required_unclear(value: SchemaValue, is_record: bool) -> str | None:
    if not is_record or not value.path or value.path.endswith(("[]", "{}")):
        return None
    required = value.attributes.get("required", False)
    if required and (value.nullable or value.default is not MISSING):
        return "a required field is not nullable and has no default"
    if not required and value.default is MISSING:
        return "a field without a default is required: say so"
    return None


def _rule_unknown(value: SchemaValue, _: bool) -> str | None:
    rule = value.attributes.get("rule")
    return f"unknown rule {rule}" if rule is not None and rule not in RULES else None


def _logical_type_unknown(value: SchemaValue, _: bool) -> str | None:
    if not value.logical or _LOGICAL_BASE.get(value.logical) == value.kind:
        return None
    return f"{value.logical} on {value.kind} is none of ours: {', '.join(sorted(_LOGICAL_BASE))}"


_CHECKS: Mapping[str, _Check] = {
    "doc_missing": _doc_missing,
    "number_not_long": _number_not_long,
    "float_used": _float_used,
    "enum_without_default": _enum_without_default,
    "union_not_optional": _union_not_optional,
    "required_unclear": _required_unclear,
    "rule_unknown": _rule_unknown,
    "logical_type_unknown": _logical_type_unknown,
}


def _header_findings(schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[SchemaFinding]:
    records = {name: schema for name, schema in sorted(schemas.items()) if schema.get("namespace") == RECORDS}
    model: list[Any] | None = None
    for name, schema in records.items():
        header = schema["fields"][:HEADER_FIELDS]
        model = model or header
        if header != model:
            yield SchemaFinding(
                name, "", "header_differs", "a record begins with the same header in every file"
            )


def _type_findings(schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[SchemaFinding]:
    seen: dict[str, Any] = {}
    for name, schema in sorted(schemas.items()):
        for full_name, definition in named_types(schema).items():
            if seen.setdefault(full_name, definition) != definition:
                yield SchemaFinding(
                    name, "", "type_differs", f"{full_name} is defined otherwise in another file"
                )
