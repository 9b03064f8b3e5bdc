"""Changes between versions that Avro or the registry would let pass, each planted once and each found."""

import copy
from collections.abc import Callable
from typing import Any

from avro_schemas.catalogue import event_names, record_types, schema
from avro_schemas.compatibility import compatibility_findings
from avro_schemas.evolution import lint_change
from tests.cells import each_cell

Schema = dict[str, Any]
_DOC = "试验: planted. Source: [assumed]"


def _base() -> Schema:
    fields: list[Schema] = [
        {
            "name": "at",
            "type": {"type": "long", "logicalType": "timestamp-millis"},
            "required": True,
            "doc": _DOC,
        },
        {"name": "count", "type": "long", "default": 1, "rule": "count", "doc": _DOC},
        {"name": "plain", "type": ["null", "long"], "default": None, "doc": _DOC},
        {"name": "share", "type": ["null", _decimal(7, 4)], "default": None, "doc": _DOC},
        {"name": "kind", "type": _enum(["A", "B", "UNKNOWN"]), "default": "A", "doc": _DOC},
        {"name": "note", "type": ["null", "string"], "default": None, "rule": "text", "doc": _DOC},
        {"name": "place", "type": _place(), "required": True, "doc": _DOC},
    ]
    return {
        "type": "record",
        "name": "Planted",
        "namespace": "exchange.records",
        "doc": _DOC,
        "fact_key": ["kind"],
        "fact_rule": "document",
        "fields": fields,
    }


def _decimal(precision: int, scale: int) -> Schema:
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


def _enum(symbols: list[str]) -> Schema:
    return {"type": "enum", "name": "Kind", "symbols": symbols, "default": "UNKNOWN", "doc": _DOC}


def _place() -> Schema:
    town = {"name": "town", "type": ["null", "string"], "default": None, "doc": _DOC}
    return {"type": "record", "name": "Place", "doc": _DOC, "fields": [town]}


def _field(planted: Schema, name: str) -> Schema:
    found: Schema = next(field for field in planted["fields"] if field["name"] == name)
    return found


def _millis_to_micros(planted: Schema) -> None:
    _field(planted, "at")["type"]["logicalType"] = "timestamp-micros"


def _decimal_scale(planted: Schema) -> None:
    _field(planted, "share")["type"][1] = _decimal(7, 2)


def _logical_type_added(planted: Schema) -> None:
    _field(planted, "plain")["type"][1] = {"type": "long", "logicalType": "timestamp-micros"}


def _logical_type_dropped(planted: Schema) -> None:
    _field(planted, "at")["type"] = "long"


def _default_changed(planted: Schema) -> None:
    _field(planted, "count")["default"] = 2


def _enum_default_changed(planted: Schema) -> None:
    _field(planted, "kind")["type"]["default"] = "B"


def _namespace_changed(planted: Schema) -> None:
    planted["namespace"] = "exchange.other"


def _name_changed(planted: Schema) -> None:
    planted["name"] = "Replanted"


def _nested_name_changed(planted: Schema) -> None:
    _field(planted, "place")["type"]["name"] = "Town"


def _renamed_with_defaults(planted: Schema) -> None:
    _field(planted, "note")["name"] = "remark"


def _nested_rename(planted: Schema) -> None:
    _field(planted, "place")["type"]["fields"][0]["name"] = "city"


def _optional_field_removed(planted: Schema) -> None:
    planted["fields"] = [field for field in planted["fields"] if field["name"] != "share"]


def _enum_symbol_removed(planted: Schema) -> None:
    _field(planted, "kind")["type"]["symbols"] = ["A", "UNKNOWN"]


def _demand_added(planted: Schema) -> None:
    _field(planted, "note")["required_if"] = "kind=A"


def _required_field_added(planted: Schema) -> None:
    planted["fields"].append({"name": "new", "type": "string", "required": True, "doc": _DOC})


def _rule_changed(planted: Schema) -> None:
    _field(planted, "note")["rule"] = "name"


def _fact_key_changed(planted: Schema) -> None:
    planted["fact_key"] = []


def _fact_key_gains_a_known_field(planted: Schema) -> None:
    planted["fact_key"] = ["kind", "note"]


_PLANTED: list[tuple[Callable[[Schema], None], str, str]] = [
    (_millis_to_micros, "at", "logical_type_changed"),
    (_decimal_scale, "share", "decimal_changed"),
    (_logical_type_added, "plain", "logical_type_changed"),
    (_logical_type_dropped, "at", "logical_type_changed"),
    (_default_changed, "count", "default_changed"),
    (_enum_default_changed, "kind", "enum_default_changed"),
    (_namespace_changed, "", "name_changed"),
    (_name_changed, "", "name_changed"),
    (_nested_name_changed, "place", "name_changed"),
    (_renamed_with_defaults, "note", "field_renamed"),
    (_nested_rename, "place.town", "field_renamed"),
    (_optional_field_removed, "share", "field_removed"),
    (_enum_symbol_removed, "kind", "enum_symbol_removed"),
    (_demand_added, "note", "required_added"),
    (_required_field_added, "new", "required_added"),
    (_rule_changed, "note", "rule_changed"),
    (_fact_key_changed, "", "fact_key_changed"),
    (_fact_key_gains_a_known_field, "", "fact_key_changed"),
]


@each_cell(("plant", "path", "code"), _PLANTED, ids=[plant.__name__ for plant, _, _ in _PLANTED])
def test_a_planted_change_is_found(plant: Callable[[Schema], None], path: str, code: str) -> None:
    """No new version makes an old record mean something else, whatever the registry thinks of it."""
    changed = copy.deepcopy(_base())
    plant(changed)
    assert (path, code) in {
        (finding.path, finding.code) for finding in lint_change("planted", _base(), changed)
    }


_PASSED_BY_AVRO = [
    *(_millis_to_micros, _decimal_scale, _logical_type_added, _logical_type_dropped),
    *(_default_changed, _renamed_with_defaults, _optional_field_removed, _demand_added, _fact_key_changed),
]


@each_cell("plant", _PASSED_BY_AVRO, ids=[plant.__name__ for plant in _PASSED_BY_AVRO])
def test_what_avro_itself_lets_pass_needs_the_lint(plant: Callable[[Schema], None]) -> None:
    """The lint is there because the judge of compatibility finds nothing; else it could go."""
    changed = copy.deepcopy(_base())
    plant(changed)
    assert compatibility_findings("planted", [_base()], changed) == []


def test_an_optional_field_may_be_added() -> None:
    """A department may state more than it did."""
    changed = _base()
    changed["fields"].append({"name": "more", "type": ["null", "string"], "default": None, "doc": _DOC})
    assert lint_change("planted", _base(), changed) == []
    assert compatibility_findings("planted", [_base()], changed) == []


def test_a_key_may_gain_a_field_that_older_records_lack() -> None:
    """They all have nothing there, so it tells none of them apart."""
    changed = _base()
    changed["fields"].append({"name": "more", "type": ["null", "string"], "default": None, "doc": _DOC})
    changed["fact_key"] = ["kind", "more"]
    assert lint_change("planted", _base(), changed) == []


def test_an_enum_symbol_may_be_added_since_the_enum_has_a_default() -> None:
    """A new kind reaches old readers as UNKNOWN, and stops nobody."""
    changed = _base()
    _field(changed, "kind")["type"] = _enum(["A", "B", "C", "UNKNOWN"])
    assert lint_change("planted", _base(), changed) == []
    assert compatibility_findings("planted", [_base()], changed) == []


def test_a_doc_may_be_reworded() -> None:
    """Words for people may get better."""
    changed = _base()
    changed["doc"] = _field(changed, "note")["doc"] = "试验: better. Source: [assumed]"
    assert lint_change("planted", _base(), changed) == []


@each_cell("name", [*record_types(), *event_names()])
def test_a_schema_is_its_own_successor(name: str) -> None:
    """A release without changes passes."""
    assert lint_change(name, schema(name), schema(name)) == []
