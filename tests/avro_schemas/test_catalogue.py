"""The schema files: what they hold of the domain's table of records."""

import fastavro
import pytest

from avro_schemas.catalogue import (
    event_names,
    record_types,
    released_versions,
    schema,
    schema_paths,
    schema_text,
)
from avro_schemas.lint import HEADER_FIELDS
from avro_schemas.shape import lay_out
from tests.cells import each_cell

REQUIRED = {
    "death_certificate": {"death_time", "death_cause"},
    "abnormal_death": {"death_time"},
    "death_declaration": {"declared_death_date"},
    "cremation": {"death_time", "cremation_time", "cremation_place"},
    "hukou_cancellation": {"cancelled_at"},
    "social_insurance": {"scheme", "account_balance_fen"},
    "medical_insurance": {"scheme", "account_balance_fen"},
    "provident_fund": {"balance_fen", "status"},
    "notary": {"kind", "deed_no"},
    "driving_licence": {"licence_no", "status"},
    "equity": set(),
    "bank_deposit": {"balance_fen"},
    "application": {"applicant", "matters"},
    "acknowledgement": set(),
    "decision": {"kind", "handler", "reason"},
    "result": {"matter", "outcome"},
    "examination": {"application"},
    "handover": {"results", "delivery"},
    "appointment": {"scheduled_at", "place"},
    "enquiry": {"text"},
}

HEADER_DEFAULTS = {"action": "ISSUED", "revision": 1, "id_type": "RESIDENT_ID", "backfill": False}


def test_there_is_a_schema_for_every_record_of_the_table() -> None:
    """The plan's kinds of records are all shared; another one is a schema more."""
    assert set(record_types()) >= set(REQUIRED)


@each_cell("record_type", sorted(REQUIRED))
def test_a_record_requires_exactly_what_the_domain_requires(record_type: str) -> None:
    """A department is refused only for leaving out what was agreed."""
    own = schema(record_type)["fields"][HEADER_FIELDS:]
    assert {field["name"] for field in own if field.get("required")} == REQUIRED[record_type]


@each_cell("record_type", sorted(REQUIRED))
def test_every_record_begins_with_the_same_header_and_defaults(record_type: str) -> None:
    """What every record carries is spelled the same in each file, since a file stands alone."""
    header = {field["name"]: field for field in schema(record_type)["fields"][:HEADER_FIELDS]}
    assert {name for name, field in header.items() if field.get("required")} == {
        "record_id",
        "recorded_at",
        "name",
    }
    defaults = {name: field["default"] for name, field in header.items() if field.get("default") is not None}
    assert defaults == HEADER_DEFAULTS
    assert header["id_number"]["required_unless"] == "id_type=NONE"
    assert header["supersedes"]["required_if"] == "action=AMENDED|REVOKED"


@each_cell("record_type", sorted(REQUIRED))
def test_a_fact_key_names_fields_of_its_record(record_type: str) -> None:
    """What tells two facts apart is stated by the record itself."""
    top = schema(record_type)
    assert set(top["fact_key"]) <= {field["name"] for field in top["fields"]}
    assert top["fact_rule"] in {"document", "state", "each"}


def test_only_acknowledgements_and_results_have_a_topic_per_department() -> None:
    """Every other record has one owner, so that write access proves authority."""
    assert {name for name in record_types() if schema(name).get("topic_per_department")} == {
        "acknowledgement",
        "result",
    }


@each_cell("name", [*sorted(REQUIRED), *event_names()])
def test_every_schema_is_read_by_fastavro_and_was_released(name: str) -> None:
    """What stands in a file is what the log is written with."""
    fastavro.parse_schema(dict(schema(name)))
    assert released_versions(name)


def test_no_event_carries_a_field_for_a_person() -> None:
    """Outside the records a person appears only as a case id."""
    banned = {"id_number", "name", "phone", "id_number_original"}
    paths = {path for name in event_names() for path in lay_out(schema(name))}
    assert not {path for path in paths if path.rpartition(".")[2] in banned}


def test_an_unknown_schema_is_a_key_error() -> None:
    """A misspelled record type is found at once."""
    with pytest.raises(KeyError, match="birth_certificate"):
        schema_text("birth_certificate")


def test_schema_paths_name_every_file() -> None:
    """Every record and every event."""
    assert len(schema_paths()) == len(REQUIRED) + len(event_names())
