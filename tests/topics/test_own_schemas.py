"""A record type of a city's own: a schema that is right is taken, one that is wrong told with its place."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avro_schemas.catalogue import SHIPPED, record_types, schema
from exchange.domain.policy import load_policy
from exchange.runtime.city import City, city_in
from tests.own_types import FILE, VEHICLE, edit, own_city, own_folder, put_schema, vehicle_schema
from topics.own_schemas import load_schemas
from topics.policy_file import PolicyFileError, PolicyFinding
from verification.models import model_for
from verification.shapes import shape_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a city with a seventeenth type."""
    return own_folder(tmp_path / "秦州")


def field(parsed: dict[str, Any], name: str) -> dict[str, Any]:
    """One of the schema's fields, to be changed."""
    return next(one for one in parsed["fields"] if one["name"] == name)


def found_in(folder: Path) -> tuple[PolicyFinding, ...]:
    """What is told of the folder's schemas."""
    with pytest.raises(PolicyFileError) as caught:
        load_schemas(folder)
    return caught.value.findings


def test_a_folder_without_schemas_has_those_that_are_shipped() -> None:
    """The very same, so that nothing is made twice for a city that adds none."""
    assert City().catalogue.schemas is SHIPPED
    assert City().policy.schemas is SHIPPED
    assert SHIPPED.record_types == record_types()
    assert all(SHIPPED.schema(name) is schema(name) for name in record_types())


def test_a_city_has_its_own_type_beside_the_shipped_ones(tmp_path: Path) -> None:
    """Catalogue, policy and acceptance know one set; the shipped one stays what it was."""
    city = own_city(tmp_path / "own")
    schemas = city.catalogue.schemas
    assert set(schemas.record_types) == {*record_types(), VEHICLE}
    assert schemas.schema(VEHICLE) == vehicle_schema()
    assert schemas.schema("notary") is schema("notary")
    assert city.policy.schemas is schemas
    assert city.policy.acceptance.schemas is schemas
    topic = city.catalogue.record_topic(VEHICLE)
    assert (topic.name, topic.owner) == ("records.vehicle_registration", "police")
    assert city.catalogue.schema_of(topic.name) == vehicle_schema()
    assert VEHICLE not in load_policy().schemas.record_types
    assert not city.findings()


def test_two_cities_may_have_two_types_of_one_name(tmp_path: Path) -> None:
    """Nothing that is kept of a type of one city is shown for another's."""
    first, second = own_city(tmp_path / "first"), own_folder(tmp_path / "second")
    parsed = vehicle_schema()
    field(parsed, "plate_no")["name"] = "plate_number"
    put_schema(second, {**parsed, "fact_key": ["plate_number"]})
    for name in ("matters.yaml", "form.yaml"):
        text = (second / name).read_text(encoding="utf-8")
        (second / name).write_text(text.replace("plate_no]", "plate_number]"), encoding="utf-8")
    assert city_in(second).policy.facts[VEHICLE].keys == ("plate_number",)
    assert first.policy.facts[VEHICLE].keys == ("plate_no",)


KINDS = {"text", "long", "boolean", "enum", "date", "instant", "event_time", "record", "list"}

RIGHT: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("a fact of the person", lambda one: one.update(fact_key=[])),
    ("documents of which equal ones are one", lambda one: one.update(fact_rule="document")),
    ("a fact for each record", lambda one: one.update(fact_rule="each", fact_key=[])),
    ("a key of a common field", lambda one: one.update(fact_key=["certificate_no"])),
    ("no fields of its own", lambda one: one.update(fields=one["fields"][:15], fact_key=[])),
    (
        "a list of names",
        lambda one: one["fields"].append(
            {
                "name": "drivers",
                "type": ["null", {"type": "array", "items": "string"}],
                "default": None,
                "rule": "name",
                "doc": "驾驶人: who drives it. Source: [assumed]",
            }
        ),
    ),
    (
        "a time perhaps known to the day",
        lambda one: one["fields"].append(
            {**field(copy.deepcopy(schema("notary")), "notarised_at"), "name": "sold_at"}
        ),
    ),
    (
        "a type by its full name",
        lambda one: one["fields"].append(
            {**field(one, "status"), "name": "before", "type": "exchange.records.VehicleStatus"}
        ),
    ),
    ("an optional number with a default", lambda one: field(one, "value_fen").update(type="long", default=0)),
]


@pytest.mark.parametrize("change", [one for _, one in RIGHT], ids=[name for name, _ in RIGHT])
def test_a_schema_that_keeps_to_the_conventions_is_taken(
    folder: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    """As many good ones as slips: what is checked leaves room."""
    parsed = vehicle_schema()
    change(parsed)
    put_schema(folder, parsed)
    schemas = load_schemas(folder)
    assert schemas.own == {VEHICLE: parsed}
    names = [one["name"] for one in parsed["fields"]]
    assert list(model_for(VEHICLE, schemas).model_fields) == names
    assert {one.kind for one in shape_of(VEHICLE, schemas).fields} <= KINDS


WRONG: list[tuple[str, Callable[[dict[str, Any]], object], str, str]] = [
    ("no type of Avro", lambda one: field(one, "plate_no").update(type="text"), "", "it is no Avro schema"),
    ("no record", lambda one: one.update(type="enum", symbols=["A"]), "", "type is record, not enum"),
    ("another name", lambda one: one.update(name="Car"), "", "name is VehicleRegistration, not Car"),
    ("another namespace", lambda one: one.update(namespace="city"), "", "namespace is exchange.records"),
    ("of nobody", lambda one: one.update(names_person=False), "", "names_person is ours"),
    (
        "a field twice",
        lambda one: one["fields"].append(field(one, "plate_no")),
        "plate_no",
        "the field stands twice",
    ),
    (
        "a common field that is not there",
        lambda one: one["fields"].remove(field(one, "county")),
        "",
        "the common field county is not among the first fields",
    ),
    (
        "a common field that says something else",
        lambda one: field(one, "backfill").update(default=True),
        "backfill",
        "the common field backfill differs from that of the shipped schemas; they are record_id, action",
    ),
    (
        "an unknown field for a key",
        lambda one: one.update(fact_key=["plate"]),
        "",
        "fact_key is a list of its fields, not ['plate']; they are record_id, ",
    ),
    (
        "an unknown rule of facts",
        lambda one: one.update(fact_rule="latest"),
        "",
        "fact_rule is one of document, state, each, not latest",
    ),
    (
        "an optional field without a default",
        lambda one: field(one, "value_fen").pop("default"),
        "value_fen",
        "an optional field has the default null",
    ),
    (
        "a field without a default that is not called required",
        lambda one: field(one, "plate_no").pop("required"),
        "plate_no",
        "a field without a default is required: say so",
    ),
    (
        "a choice without a default",
        lambda one: field(one, "status")["type"].pop("default"),
        "status",
        "an enum needs a default among its symbols",
    ),
    (
        "a text that nobody has classified",
        lambda one: field(one, "plate_no").pop("rule"),
        "plate_no",
        "string has no rule (none); allowed: uuid, id_number, name, text, ",
    ),
    (
        "a number that nobody has classified",
        lambda one: field(one, "value_fen").pop("rule"),
        "value_fen",
        "long has no rule (none); allowed: money_fen, count",
    ),
    (
        "an unknown rule",
        lambda one: field(one, "plate_no").update(rule="plate"),
        "plate_no",
        "string has no rule plate; allowed: ",
    ),
    (
        "a text within that nobody has classified",
        lambda one: field(one, "keeper")["type"][1]["fields"][1].pop("rule"),
        "keeper.phone",
        "string has no rule (none)",
    ),
    (
        "a field in capitals",
        lambda one: field(one, "plate_no").update(name="plateNo"),
        "plateNo",
        "small letters",
    ),
    (
        "a word of the models",
        lambda one: field(one, "plate_no").update(name="copy"),
        "copy",
        "may be called copy",
    ),
    (
        "a list of lists",
        lambda one: field(one, "plate_no").update(
            type={"type": "array", "items": {"type": "array", "items": "string"}}
        ),
        "plate_no[]",
        "no record holds array",
    ),
    (
        "a binary fraction",
        lambda one: field(one, "value_fen").update(type=["null", "double"]),
        "value_fen",
        "no record holds double here; it may hold string, long, ",
    ),
    (
        "a map",
        lambda one: field(one, "value_fen").update(type=["null", {"type": "map", "values": "string"}]),
        "value_fen",
        "no record holds map",
    ),
    (
        "one of our types, defined otherwise",
        lambda one: field(one, "status")["type"].update(name="LicenceStatus"),
        "status",
        "exchange.records.LicenceStatus is defined otherwise in the shipped schemas",
    ),
    (
        "no term",
        lambda one: field(one, "plate_no").update(doc="the plate. Source: [assumed]"),
        "plate_no",
        "the doc must begin with the Chinese term and a colon",
    ),
    ("no term of its own", lambda one: one.pop("doc"), "", "the doc must begin with the Chinese term"),
]


@pytest.mark.parametrize(
    ("change", "path", "told"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG]
)
def test_a_schema_that_is_wrong_is_told_with_file_line_and_what_is_allowed(
    folder: Path, change: Callable[[dict[str, Any]], object], path: str, told: str
) -> None:
    """The line is that of the field; for the schema as a whole it is the first."""
    parsed = vehicle_schema()
    change(parsed)
    put_schema(folder, parsed)
    found = [one for one in found_in(folder) if told in one.problem]
    assert len(found) == 1, found_in(folder)
    assert found[0].file == FILE
    assert found[0].problem.startswith(f"{path}: " if path else told)
    line = (folder / FILE).read_text(encoding="utf-8").splitlines()[(found[0].line or 0) - 1]
    assert f'"name": "{path.rpartition(".")[2].removesuffix("[]")}"' in line if path else found[0].line == 1


@pytest.mark.parametrize("name", ["notary", "receipt"])
def test_a_name_that_is_taken_is_refused(folder: Path, name: str) -> None:
    """By a record type, or by an event."""
    put_schema(folder, vehicle_schema(), f"schemas/records/{name}.avsc")
    (found,) = found_in(folder)
    assert found.file == f"schemas/records/{name}.avsc"
    assert f"the name {name} is taken; taken are abnormal_death, " in found.problem


def test_a_name_that_is_no_topics_is_refused(folder: Path) -> None:
    """It stands in topics and in headers of files."""
    put_schema(folder, vehicle_schema(), "schemas/records/Vehicle-2.avsc")
    (found,) = found_in(folder)
    assert "small letters, digits and _" in found.problem


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (b'{\n "type": "record",\n}', 3, "it is not JSON"),
        (b"\xff\xfe", None, "it is not in UTF-8"),
        (b"[]", 1, "type is record, not None"),
        (b'"string"', 1, "type is record, not None"),
    ],
)
def test_a_file_that_holds_no_schema_is_told(
    folder: Path, content: bytes, line: int | None, told: str
) -> None:
    """Before anything is made of it."""
    (folder / FILE).write_bytes(content)
    found = found_in(folder)
    assert (found[0].file, found[0].line) == (FILE, line)
    assert told in found[0].problem


def test_two_own_types_share_what_they_call_alike(folder: Path) -> None:
    """One name has one meaning in one city."""
    other = json.loads(json.dumps(vehicle_schema(name="Boat")))
    put_schema(folder, other, "schemas/records/boat.avsc")
    assert set(load_schemas(folder).own) == {VEHICLE, "boat"}
    load_schemas.cache_clear()
    field(other, "status")["type"]["symbols"].append("SUNK")
    put_schema(folder, other, "schemas/records/boat.avsc")
    (found,) = found_in(folder)
    assert "VehicleStatus is defined otherwise in another file" in found.problem


def test_a_type_has_an_owner_and_an_owner_a_type(folder: Path) -> None:
    """The catalogue names who publishes it; neither stands alone."""
    line = edit(
        folder, "catalogue.yaml", "    vehicle_registration: police\n", "    vehicle_registratoin: police\n"
    )
    (found,) = city_in(folder).findings()
    assert (found.file, found.line) == ("catalogue.yaml", line)
    assert "no such record schema: vehicle_registratoin (vehicle_registration?)" in found.problem
    edit(folder, "catalogue.yaml", "    vehicle_registratoin: police\n", "")
    (found,) = city_in(folder).findings()
    assert "record type vehicle_registration has a schema and no owner" in found.problem


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        (
            "matters.yaml",
            "any_record: [vehicle_registration]",
            "any_record: [vehicle_registratoin]",
            "no such record type: vehicle_registratoin (vehicle_registration?)",
        ),
        (
            "matters.yaml",
            "{status: REGISTERED}",
            "{status: REGISTRED}",
            "status is never REGISTRED: no such value: REGISTRED (REGISTERED?); known: REGISTERED, SCRAPPED",
        ),
        (
            "matters.yaml",
            "named_by: [plate_no]",
            "named_by: [plate]",
            "no such field of vehicle_registration: plate (plate_no?)",
        ),
        (
            "form.yaml",
            "vehicle_registration.plate_no]",
            "vehicle_registration.keeper.plate]",
            "no such field of vehicle_registration: keeper.plate",
        ),
    ],
)
def test_a_slip_in_what_is_said_of_the_type_is_told(
    folder: Path, name: str, before: str, after: str, told: str
) -> None:
    """Policy files may name the type and its fields, as they name ours."""
    line = edit(folder, name, before, after)
    found = [one for one in city_in(folder).findings() if told in one.problem]
    assert [(one.file, one.line) for one in found] == [(name, line)]
