"""The models agree with the schemas they are built from: every field, its default, nullability and type."""

import json

import pytest
from pydantic import ValidationError

from avro_schemas.catalogue import SHIPPED, record_types, schema
from tests.cells import each_cell
from tests.strategies import OWNERS
from tests.verification.test_acceptance import record
from verification.models import model_for
from verification.shapes import shape_of

FIELDS = [
    (record_type, field["name"]) for record_type in record_types() for field in schema(record_type)["fields"]
]


def _declared(record_type, name):
    return next(field for field in schema(record_type)["fields"] if field["name"] == name)


def _takes(record_type, **changes):
    try:
        model_for(record_type, SHIPPED).model_validate(record(record_type, **changes))
    except ValidationError:
        return False
    return True


@each_cell("record_type", record_types())
def test_a_model_has_the_fields_of_the_schema_in_their_order(record_type):
    """No field is forgotten and none invented."""
    assert list(model_for(record_type, SHIPPED).model_fields) == [
        field["name"] for field in schema(record_type)["fields"]
    ]


@each_cell(("record_type", "name"), FIELDS)
def test_a_field_is_required_where_the_schema_has_neither_null_nor_default(record_type, name):
    """What the schema cannot leave out, the model does not let be left out."""
    declared = _declared(record_type, name)
    required = not isinstance(declared["type"], list) and "default" not in declared
    field = model_for(record_type, SHIPPED).model_fields[name]
    assert field.is_required() == required
    assert required or field.default == declared["default"]
    assert _takes(record_type, **{name: None}) != required


@each_cell("record_type", record_types())
@each_cell("value", [{"strange": 1}, [{"strange": 1}], 0.5])
def test_no_field_takes_a_value_of_a_strange_type(record_type, value):
    """Nothing is turned into what it is not."""
    assert not [
        field.name
        for field in shape_of(record_type, SHIPPED).fields
        if _takes(record_type, **{field.name: value})
    ]


@each_cell("record_type", record_types())
def test_every_rule_of_the_schema_has_a_reader(record_type):
    """A rule that nobody reads would be a promise that nobody keeps."""
    rules = {
        *(
            "",
            "uuid",
            "id_number",
            "name",
            "instant",
            "event_time",
            "date",
            "money_fen",
            "count",
            "codes:sex",
        ),
        *("codes:ethnicity", "codes:relation", "uscc", "bank_routing_no", "bank_card", "percent", "text"),
        *("sha256", "phone", "matter", "material_kind", "icd10", "department"),
    }
    for field in shape_of(record_type, SHIPPED).fields:
        inner = field.item.fields if field.item else field.fields
        assert {field.rule, *(part.rule for part in inner)} <= rules


@each_cell("record_type", sorted(OWNERS))
def test_a_model_describes_itself(record_type):
    """The gateway's OpenAPI page is made from it."""
    described = model_for(record_type, SHIPPED).model_json_schema()
    assert "姓名" in json.dumps(described, ensure_ascii=False)
    assert described["additionalProperties"] is False


def test_the_text_of_a_model_names_nobody():
    """A repr and an error end in logs."""
    assert "李秀兰" not in repr(model_for("cremation", SHIPPED).model_validate(record("cremation")))
    with pytest.raises(ValidationError) as refused:
        model_for("cremation", SHIPPED).model_validate(record("cremation", id_number="李秀兰"))
    assert "李秀兰" not in str(refused.value)
