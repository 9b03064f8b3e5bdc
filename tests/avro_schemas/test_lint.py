"""The conventions of one schema, each broken once and each found."""

import copy
from typing import Any

from avro_schemas.catalogue import schema
from avro_schemas.check import check_schemas
from avro_schemas.lint import lint_schema, lint_together
from tests.cells import each_cell

_DOC = "试验: planted. Source: [assumed]"


def _with(field: dict[str, Any], namespace: str = "exchange.records") -> dict[str, Any]:
    return {"type": "record", "name": "Planted", "namespace": namespace, "doc": _DOC, "fields": [field]}


_BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"type": "string", "required": True}, "doc_missing"),
    ({"type": "string", "required": True, "doc": "English only: no term. Source: [assumed]"}, "doc_missing"),
    ({"type": "string", "required": True, "doc": "试验: no source"}, "doc_missing"),
    ({"type": "int", "required": True, "rule": "money_fen", "doc": _DOC}, "number_not_long"),
    ({"type": "int", "required": True, "rule": "count", "doc": _DOC}, "number_not_long"),
    ({"type": "double", "required": True, "doc": _DOC}, "float_used"),
    (
        {"type": {"type": "enum", "name": "E", "symbols": ["A"], "doc": _DOC}, "required": True, "doc": _DOC},
        "enum_without_default",
    ),
    ({"type": ["string", "null"], "default": "", "doc": _DOC}, "union_not_optional"),
    ({"type": ["null", "string", "long"], "default": None, "doc": _DOC}, "union_not_optional"),
    ({"type": ["null", "string"], "doc": _DOC}, "union_not_optional"),
    ({"type": "string", "doc": _DOC}, "required_unclear"),
    ({"type": ["null", "string"], "default": None, "required": True, "doc": _DOC}, "required_unclear"),
    ({"type": "string", "required": True, "rule": "shoe_size", "doc": _DOC}, "rule_unknown"),
    (
        {"type": {"type": "long", "logicalType": "timestamp-millis"}, "required": True, "doc": _DOC},
        "logical_type_unknown",
    ),
]


@each_cell(("field", "code"), _BROKEN)
def test_a_broken_convention_is_found(field: dict[str, Any], code: str) -> None:
    """Every field says in Chinese what it is and where it comes from, and loses neither money nor kinds."""
    findings = lint_schema("planted", _with({"name": "x", **field}))
    assert ("x", code) in {(finding.path, finding.code) for finding in findings}


def test_money_is_known_by_its_name_too() -> None:
    """Whole fen are counted in long, rule or no rule."""
    field = {"name": "balance_fen", "type": "int", "required": True, "doc": _DOC}
    assert {finding.code for finding in lint_schema("planted", _with(field))} == {"number_not_long"}


def test_a_header_that_differs_in_one_file_is_found() -> None:
    """What every record carries is the same everywhere."""
    other = copy.deepcopy(schema("notary"))
    other["fields"][0]["doc"] = "编号: another. Source: [assumed]"
    found = lint_together({"cremation": schema("cremation"), "notary": other})
    assert [(finding.schema, finding.code) for finding in found] == [("notary", "header_differs")]


def test_one_type_has_one_definition() -> None:
    """An event time is the same thing in a cremation and in a notarial deed."""
    other = copy.deepcopy(schema("notary"))
    next(field for field in other["fields"] if field["name"] == "notarised_at")["type"][1]["fields"].pop()
    found = lint_together({"cremation": schema("cremation"), "notary": other})
    assert ("notary", "type_differs") in {(finding.schema, finding.code) for finding in found}


def test_the_schemas_of_this_package_pass_every_check() -> None:
    """What is registered has passed the conventions and is compatible with every release."""
    assert [str(finding) for finding in check_schemas()] == []
