"""What a record type of a city's own has to keep to, so that all that works on records works on it, too.

The conventions of `lint` hold for it as for ours. What is asked beyond them holds for ours by itself: that no
name is taken, that the common fields come first, and that each value has a rule by which it is read, and
shown or masked.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from avro_schemas.catalogue import event_names, record_types, schema
from avro_schemas.findings import SchemaFinding
from avro_schemas.lint import HEADER_FIELDS, RECORDS, RULES_OF, lint_schema
from avro_schemas.shape import SchemaValue, lay_out, named_types

_Found = Iterator[tuple[str, str, str]]
"""Path, code and message."""

FACT_RULES: Final = ("document", "state", "each")
_EVENT_TIME: Final = f"{RECORDS}.EventTime"
_NAME: Final = re.compile("[a-z][a-z0-9_]{0,39}")


def own_findings(name: str, parsed: Any) -> tuple[SchemaFinding, ...]:
    """Everything wrong with a record type of a city's own; what would hide the rest is told alone.

    Args:
        name: of the type, after its file.
        parsed: what its file holds, as JSON has it.
    """
    for look in (_of_name, _of_avro, _of_head):
        found = tuple(SchemaFinding(name, *one) for one in look(name, parsed))
        if found:
            return found
    others = (_of_names, _of_header, _of_facts, _of_types, _of_values)
    told = [SchemaFinding(name, *one) for look in others for one in look(name, parsed)]
    wrong = {one.path for one in told}
    return (*told, *(one for one in lint_schema(name, parsed) if one.path not in wrong))


def _of_name(name: str, _: Any) -> _Found:
    if not _NAME.fullmatch(name):
        yield "", "name_unfit", "a file is named by small letters, digits and _, a letter first, 40 at most"
    elif name in record_types() or name in event_names():
        taken = ", ".join((*record_types(), *event_names()))
        yield "", "name_taken", f"the name {name} is taken; taken are {taken}"


def _of_avro(_: str, parsed: Any) -> _Found:
    import fastavro  # noqa: PLC0415 - only a city with types of its own needs it so early

    try:
        fastavro.parse_schema(parsed, _write_hint=False)
    except (fastavro.schema.SchemaParseException, ValueError, TypeError, KeyError, AttributeError) as error:
        yield "", "not_avro", f"it is no Avro schema: {type(error).__name__}: {error}"


def _of_head(name: str, parsed: Any) -> _Found:
    """A record of our namespace, called as its file is."""
    called = "".join(part.capitalize() for part in name.split("_"))
    head = parsed if isinstance(parsed, Mapping) else {}
    for key, wanted in {"type": "record", "name": called, "namespace": RECORDS}.items():
        if head.get(key) != wanted:
            yield "", "head_differs", f"{key} is {wanted}, not {head.get(key)}"
    if not head.get("names_person", True):
        yield "", "names_nobody", "names_person is ours: records of a city's own say who the person is"
    names = [field["name"] for field in head.get("fields", ())]
    for one in sorted({one for one in names if names.count(one) > 1}):
        yield one, "field_twice", "the field stands twice"


def _of_names(_: str, parsed: Mapping[str, Any]) -> _Found:
    """A field is a column of a table, whatever its capitals, and an attribute of the class built of it."""
    from pydantic import BaseModel  # noqa: PLC0415 - as above

    for path in lay_out(parsed):
        name = path.rpartition(".")[2]
        if not name or name.endswith("[]"):
            continue
        if not _NAME.fullmatch(name):
            yield path, "field_unfit", "a field is named by small letters, digits and _, a letter first"
        elif hasattr(BaseModel, name):
            yield path, "field_taken", f"no field may be called {name}: the models of records have that word"


def _of_header(_: str, parsed: Mapping[str, Any]) -> _Found:
    """The common fields come first, word for word: acceptance, the join and the views ask for them."""
    header = schema(record_types()[0])["fields"][:HEADER_FIELDS]
    own = {field["name"]: field for field in parsed["fields"][:HEADER_FIELDS]}
    for field in header:
        if own.get(field["name"]) != field:
            problem = "differs from that" if field["name"] in own else "is not among the first fields, as"
            common = ", ".join(one["name"] for one in header)
            message = f"the common field {field['name']} {problem} of the shipped schemas; they are {common}"
            yield field["name"] if field["name"] in own else "", "header_differs", message


def _of_facts(_: str, parsed: Mapping[str, Any]) -> _Found:
    """What makes two records one fact, and which of two then stands."""
    names = [field["name"] for field in parsed["fields"]]
    key = parsed.get("fact_key")
    if not isinstance(key, list) or not set(key) <= set(names):
        fields = ", ".join(names)
        yield "", "fact_key_unknown", f"fact_key is a list of its fields, not {key}; they are {fields}"
    if parsed.get("fact_rule") not in FACT_RULES:
        allowed = ", ".join(FACT_RULES)
        yield "", "fact_rule_unknown", f"fact_rule is one of {allowed}, not {parsed.get('fact_rule')}"


def _of_types(_: str, parsed: Mapping[str, Any]) -> _Found:
    """A named type that ours have, too, is the same there: one name, one meaning."""
    shipped: dict[str, Any] = {}
    for name in record_types():
        shipped |= named_types(schema(name))
    places = {value.full_name: path for path, value in reversed(lay_out(parsed).items())}
    for full_name, definition in named_types(parsed).items():
        if shipped.get(full_name, definition) != definition:
            message = f"{full_name} is defined otherwise in the shipped schemas"
            yield places[full_name], "type_differs", message


def _of_values(_: str, parsed: Mapping[str, Any]) -> _Found:
    """Each value is of a kind that can be read, and has a rule: without one nobody knows who may see it."""
    values = lay_out(parsed)
    for path, value in values.items():
        if not path or (value.kind == "array" and not path.endswith("[]")):
            continue
        if value.parent and values[value.parent].full_name == _EVENT_TIME:
            continue
        kind, rule = _kind_of(value), values[path.removesuffix("[]")].attributes.get("rule")
        if kind not in RULES_OF:
            yield (
                path,
                "kind_unknown",
                f"no record holds {kind} here; it may hold {', '.join(RULES_OF)}, or a list of them",
            )
        elif rule not in RULES_OF[kind]:
            allowed = ", ".join(one or "none" for one in RULES_OF[kind])
            yield path, "rule_unfit", f"{kind} has no rule {rule or '(none)'}; allowed: {allowed}"


def _kind_of(value: SchemaValue) -> str:
    return "event time" if value.full_name == _EVENT_TIME else value.logical or value.kind
