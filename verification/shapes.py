"""Reads an Avro schema into the shape from which models and acceptance are built.

So a new record type needs a new `.avsc` file and no code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from avro_schemas.catalogue import Schemas

EVENT_TIME = "event_time"
DEATHS = ("death_time", "declared_death_date")
"""The fields that say when somebody died."""
_NAMED = ("record", "enum")
_PLAIN_KINDS = frozenset({"text", "long", "int", "boolean", "enum"})
_LOGICAL = {"timestamp-micros": "instant", "date": "date", "decimal": "decimal"}
# UNKNOWN stands in enums for what an older reader does not know, so nobody may write it; but a manner of
# death sometimes really is unknown.
_ENUMS_WHERE_UNKNOWN_IS_SAID = frozenset({"Manner"})
# Acceptance fills it in, so nobody can mean it by a name that they wrote.
_NOT_STATED = "id_number_original"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record, as its schema has it.

    Attributes:
        kind: text, long, int, boolean, enum, date, instant, event_time, decimal, record or list.
        rule: the schema's `rule`, empty if it has none.
        default: the schema's default; None where it is null or there is none.
        required: neither null nor absent is allowed.
        blank_refused: text of spacing alone is not a value; this is so where the schema wants one, and in the
            fields that tell facts apart.
        symbols: what an enum may say.
        limits: those of a number, both included.
        fields: those of a record.
        item: that of a list; it has the field's own name.
        plain: its value is the same in model, JSON and Avro: so is all except times, decimals, identities and
            what holds others.
    """

    name: str
    kind: str
    rule: str
    doc: str
    default: Any
    required: bool
    blank_refused: bool
    symbols: frozenset[str] = frozenset()
    limits: tuple[int, int] = (0, 0)
    fields: tuple["Field", ...] = ()
    item: "Field | None" = None
    plain: bool = False

    @property
    def inner(self) -> tuple["Field", ...]:
        """The fields of the record that it is, or that it is a list of."""
        return self.item.fields if self.item else self.fields


@dataclass(frozen=True, slots=True)
class Shape:
    """A whole record type: its fields in the order of the schema; whether its name says who the person is."""

    name: str
    fields: tuple[Field, ...]
    names_person: bool = True


@cache
def shape_of(record_type: str, schemas: Schemas) -> Shape:
    """The shape of a record type of a city's; read once.

    Raises:
        KeyError: there is no such record type.
    """
    parsed = schemas.schema(record_type)
    named: dict[str, Any] = {}
    fact_key = frozenset(parsed.get("fact_key", ()))
    fields = tuple(_field(field, named, fact_key) for field in parsed["fields"])
    return Shape(record_type, fields, bool(parsed.get("names_person", True)))


@cache
def field_at(record_type: str, path: str, schemas: Schemas) -> Field:
    """The field at a dotted path; read once.

    Raises:
        KeyError: there is no such record type.
        StopIteration: it has no such field.
    """
    first, *others = path.split(".")
    found = next(field for field in shape_of(record_type, schemas).fields if field.name == first)
    for name in others:
        found = next(field for field in found.fields if field.name == name)
    return found


def terms_of(fields: dict[str, Field]) -> dict[str, str]:
    """Name → Chinese term for the fields that somebody may mean; the first of equal terms comes last."""
    return {
        name: field.doc.partition(":")[0] for name, field in reversed(fields.items()) if name != _NOT_STATED
    }


def fields_with(wanted: Callable[[Field], bool], fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields that are wanted, or that hold a wanted one at any depth."""
    return tuple(one for one in fields if wanted(one) or fields_with(wanted, one.inner))


def _field(declared: dict[str, Any], named: dict[str, Any], fact_key: frozenset[str]) -> Field:
    nullable, avro_type = _unwrap(declared["type"], named)
    rule = declared.get("rule", "")
    required = not nullable and "default" not in declared
    kind = EVENT_TIME if rule == EVENT_TIME else _kind(avro_type)
    return Field(
        name=declared["name"],
        kind=kind,
        rule=rule,
        doc=declared.get("doc", ""),
        default=declared.get("default"),
        required=required,
        blank_refused=required or rule == "name" or declared["name"] in fact_key,
        symbols=_symbols(avro_type) if kind == "enum" else frozenset(),
        limits=_limits(kind, rule),
        fields=tuple(_field(f, named, frozenset()) for f in avro_type["fields"]) if kind == "record" else (),
        item=_item(declared, avro_type, named) if kind == "list" else None,
        plain=kind in _PLAIN_KINDS and rule != "id_number",
    )


def _unwrap(avro_type: Any, named: dict[str, Any]) -> tuple[bool, Any]:
    """Take null out of a union, and replace the name of a type by its definition."""
    nullable = isinstance(avro_type, list)
    inner = next(branch for branch in avro_type if branch != "null") if nullable else avro_type
    inner = named.get(inner.rpartition(".")[2], inner) if isinstance(inner, str) else inner
    if isinstance(inner, dict) and inner["type"] in _NAMED:
        named[inner["name"]] = inner
    return nullable, inner


def _kind(avro_type: Any) -> str:
    if isinstance(avro_type, str):
        return "text" if avro_type == "string" else avro_type
    if avro_type["type"] == "array":
        return "list"
    logical = avro_type.get("logicalType")
    return _LOGICAL[logical] if logical else str(avro_type["type"])


def _item(declared: dict[str, Any], avro_type: dict[str, Any], named: dict[str, Any]) -> Field:
    item = {"name": declared["name"], "type": avro_type["items"], "rule": declared.get("rule", "")}
    return _field(item, named, frozenset())


def _symbols(avro_type: dict[str, Any]) -> frozenset[str]:
    symbols = frozenset(avro_type["symbols"])
    return symbols if avro_type["name"] in _ENUMS_WHERE_UNKNOWN_IS_SAID else symbols - {"UNKNOWN"}


def _limits(kind: str, rule: str) -> tuple[int, int]:
    """What a whole number may be: as its rule says, else as much as its Avro type can hold."""
    bits = 31 if kind == "int" else 63
    by_rule = {
        "money_fen": (0, 2**63 - 1),
        "count": (1, 2**63 - 1),
    }
    return by_rule.get(rule, (-(2**bits), 2**bits - 1))
