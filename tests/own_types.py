"""A made-up city with a record type of its own: vehicles, which the police push for a thirteenth matter."""

import json
import shutil
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from avro_schemas.catalogue import record_types, schema
from avro_schemas.lint import HEADER_FIELDS
from exchange.runtime.city import City, city_files, city_in
from tests.cases import Given, given

VEHICLE: Final = "vehicle_registration"
FILE: Final = f"schemas/records/{VEHICLE}.avsc"
TRANSFER: Final = 13
OWN_FIELDS: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "name": "plate_no",
        "type": "string",
        "rule": "text",
        "required": True,
        "doc": "号牌号码: number of the plate. Source: [assumed]",
    },
    {
        "name": "status",
        "type": {
            "type": "enum",
            "name": "VehicleStatus",
            "symbols": ["REGISTERED", "SCRAPPED", "UNKNOWN"],
            "default": "UNKNOWN",
            "doc": "车辆状态: 正常 or 报废; UNKNOWN is refused. Source: [assumed]",
        },
        "required": True,
        "doc": "车辆状态: state of the vehicle. Source: [assumed]",
    },
    {
        "name": "value_fen",
        "type": ["null", "long"],
        "default": None,
        "rule": "money_fen",
        "doc": "估价（分）: what it is worth, whole fen. Source: [assumed]",
    },
    {
        "name": "registered_on",
        "type": ["null", {"type": "int", "logicalType": "date"}],
        "default": None,
        "rule": "date",
        "doc": "登记日期: when it was registered. Source: [assumed]",
    },
    {
        "name": "keeper",
        "type": [
            "null",
            {
                "type": "record",
                "name": "Keeper",
                "doc": "保管人: who keeps the vehicle. Source: [assumed]",
                "fields": [
                    {
                        "name": "name",
                        "type": ["null", "string"],
                        "default": None,
                        "rule": "name",
                        "doc": "保管人姓名: name of the keeper. Source: [assumed]",
                    },
                    {
                        "name": "phone",
                        "type": ["null", "string"],
                        "default": None,
                        "rule": "phone",
                        "doc": "保管人电话: telephone of the keeper. Source: [assumed]",
                    },
                ],
            },
        ],
        "default": None,
        "doc": "保管人: who keeps the vehicle. Source: [assumed]",
    },
)
PREREQUISITE: Final = """prerequisites:
  vehicle_registration:
    term: 机动车登记信息
    any_record: [vehicle_registration]
    owed_by: [police]
    source: "assumed: made up"
"""
MATTER: Final = """matters:
  - matter: 13
    term: 车辆过户
    english: Transfer of a vehicle
    decides: police
    instance: {record: vehicle_registration, named_by: [plate_no]}
    applies: {record: vehicle_registration, where: {status: REGISTERED}}
    prerequisites: [death, vehicle_registration]
    done_by: {result: true}
    limit_working_days: 2
    materials: [{kind: 1, assumed: true}, {kind: 4, assumed: true}]
    source: "assumed: made up"

"""
FORM: Final = """  further:
    vehicle_plate_no: {term: 号牌号码, from: [vehicle_registration.plate_no]}
"""
EDITS: Final = (
    (
        "catalogue.yaml",
        "    driving_licence: police\n",
        "    driving_licence: police\n    vehicle_registration: police\n",
    ),
    ("matters.yaml", "prerequisites:\n", PREREQUISITE),
    ("matters.yaml", "matters:\n", MATTER),
    ("form.yaml", "  further:\n", FORM),
    (
        "disclosure.yaml",
        "department: police, may_see: [",
        "department: police, may_see: [further.vehicle_plate_no, ",
    ),
)


def vehicle_schema(**changes: Any) -> dict[str, Any]:
    """The schema of the type, after the common fields; with other attributes where a test wants that."""
    return {
        "type": "record",
        "name": "VehicleRegistration",
        "namespace": "exchange.records",
        "doc": "机动车登记: a vehicle that somebody owns. Source: [assumed]",
        "fact_key": ["plate_no"],
        "fact_rule": "state",
        "fields": deepcopy([*schema(record_types()[0])["fields"][:HEADER_FIELDS], *OWN_FIELDS]),
        **changes,
    }


def own_folder(folder: Path) -> Path:
    """A city's folder with the shipped files, the seventeenth type, and what speaks of it."""
    (folder / FILE).parent.mkdir(parents=True)
    for name in city_files():
        shutil.copy(City().path_of(name), folder / name)
    for name, before, after in EDITS:
        edit(folder, name, before, after)
    put_schema(folder, vehicle_schema())
    return folder


def own_city(folder: Path) -> City:
    """The city of such a folder."""
    return city_in(own_folder(folder))


def put_schema(folder: Path, parsed: Mapping[str, Any], name: str = FILE) -> None:
    """Write a schema as people write it: a field's name on a line of its own."""
    (folder / name).write_text(json.dumps(parsed, ensure_ascii=False, indent=2), encoding="utf-8")


def edit(folder: Path, name: str, before: str, after: str) -> int:
    """Change some words of a file, once; return their line."""
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text, before
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    return 1 + text[: text.index(before)].count("\n")


def vehicle(label: str = "", **fields: Any) -> Given:
    """A vehicle of the deceased, which stands."""
    return given(VEHICLE, label, **{"plate_no": "甘E12345", "status": "REGISTERED", **fields})
