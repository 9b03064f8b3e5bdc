"""Records as a department's programmer writes them: as the schemas have them, and silent about people."""

import json
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from avro_schemas.catalogue import record_types, schema
from life_events_client import PlainRecord
from life_events_client.model import as_bytes
from life_events_client.records import RECORD_TYPES, Applicant, Application, HukouCancellation, Material
from tests.cells import each_cell
from tests.client.test_publishing import record


@each_cell("name", record_types())
def test_every_record_type_has_every_field_of_its_schema(name: str) -> None:
    """A field that is new in a schema can be sent, once `make docs` has run."""
    kind = RECORD_TYPES[name]
    assert kind.type == name
    assert [one.name for one in fields(kind)] == [one["name"] for one in schema(name)["fields"]]
    required = {one["name"] for one in schema(name)["fields"] if "default" not in one}
    with pytest.raises(TypeError):
        kind()
    made = {"record_id", "recorded_at"}
    assert kind(**dict.fromkeys(required - made)).record_id


def test_a_record_keeps_the_id_and_the_time_that_it_was_made_with() -> None:
    """Sent again it is the same, so nobody is counted twice."""
    mine = record()
    assert mine.as_json() == mine.as_json()
    assert record().record_id != mine.record_id


def test_a_correction_is_a_record_of_its_own() -> None:
    mine = record()
    amended = mine.amended(cancelled_at=date(2025, 9, 6))
    assert isinstance(amended, HukouCancellation)
    assert (amended.supersedes, amended.revision, amended.action) == (mine.record_id, 2, "AMENDED")
    assert amended.record_id != mine.record_id
    assert amended.as_json()["cancelled_at"] == "2025-09-06"
    assert amended.revoked().action == "REVOKED"


def test_what_is_not_known_is_left_out_and_times_are_as_json_has_them() -> None:
    made = Application(
        name="王桂芳",
        recorded_at=datetime(2025, 9, 5, 7, tzinfo=UTC),
        matters=[8],
        applicant=Applicant(name="李明", id_number="620503197511020037"),
        materials=[Material(kind=1)],
    ).as_json()
    assert made["recorded_at"] == "2025-09-05T07:00:00+00:00"
    assert made["applicant"] == {"name": "李明", "id_number": "620503197511020037"}
    assert (made["matters"], made["materials"]) == ([8], [{"kind": 1, "original_sighted": False}])
    assert "payee" not in made


def test_a_time_without_a_zone_is_refused_where_it_is_made() -> None:
    """Eight hours make another day of a death."""
    with pytest.raises(ValueError, match="recorded_at has no time zone"):
        record().amended(recorded_at=datetime(2025, 9, 5))


def test_printed_a_record_shows_no_person() -> None:
    mine, plain = record(), PlainRecord("vehicle_registration", {"name": "王桂芳"})
    assert repr(mine) == f"<HukouCancellation {mine.record_id}>"
    assert repr(plain) == f"<PlainRecord vehicle_registration {plain.record_id}>"
    assert repr(Applicant(name="李明", id_number="620503197511020037")) == "<Applicant>"


def test_what_is_no_character_reaches_the_exchange_which_refuses_it() -> None:
    """A damaged name is refused with its reason; it neither stops the outbox nor shows in an error."""
    assert json.loads(as_bytes(record("王\ud800")))["name"] == "王\ud800"


def test_a_city_s_own_type_is_published_by_its_name() -> None:
    plain = PlainRecord("vehicle_registration", {"plate_no": "甘E12345", "record_id": "given"})
    assert (plain.type, plain.record_id) == ("vehicle_registration", "given")
    assert set(plain.as_json()) == {"plate_no", "record_id", "recorded_at"}


@pytest.mark.process
def test_the_client_is_used_where_nothing_of_the_exchange_is_installed() -> None:
    """A department's machine has nothing of ours beside it."""
    ours = "{'avro_schemas', 'topics', 'verification', 'exchange', 'producers', 'consumers'}"
    program = f"import sys, life_events_client.records; sys.exit(bool({ours} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
