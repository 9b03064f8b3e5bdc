"""The JSON that others rely on, letter by letter."""

from collections.abc import Iterable
from datetime import date

import orjson

from avro_schemas.catalogue import Document, schema
from consumers.family.next_steps import next_steps
from consumers.read_model.rows import announcement_row, case_row, shown_fields, task_row
from exchange.domain.policy import load_policy
from tests.case_documents import (
    ESTABLISHED_AT,
    announcement_document,
    case_document,
    decision,
    matter,
    task_document,
)

AT = "2026-01-05T02:30:00.000000Z"


def shown_row(document: Document, tasks: Iterable[Document] = ()) -> Document:
    """The row of a case as it stands on the day on which the death was established."""
    return case_row(document, next_steps(document, load_policy(), ESTABLISHED_AT.date()), tasks)


def test_a_case_has_the_fields_of_the_contract() -> None:
    """Programs find what was promised, under the names promised."""
    row = shown_row(case_document())
    promised = {"case_id", "death_established", "corroborated_by", "records", "conflicts", "matters", "form"}
    assert promised <= row.keys()
    assert {"matter", "instance", "state", "waiting_for", "materials", "due", "proofs", "department"} <= row[
        "matters"
    ][0].keys()
    assert row["matters"][0]["materials"][0].items() >= {"kind": 1, "state": "missing"}.items()
    assert list(row["form"]) == ["deceased", "applicant", "accounts"]
    assert row["form"]["deceased"]["name"].keys() == {"value", "state", "source"}


def test_a_case_has_its_decisions_its_tasks_and_where_it_moved() -> None:
    """What a handler decided and what is still owed is part of the case, also for programs."""
    row = shown_row(case_document(decisions=[decision("MATTER_HELD")]), [task_document()])
    assert row["forwards_to"] is None
    assert row["decisions"][0].items() >= {"kind": "MATTER_HELD", "recorded_at": AT}.items()
    assert row["matters"][0]["recovery"] is False
    assert row["tasks"] == [task_row(task_document())]


def test_a_task_has_the_fields_of_its_schema() -> None:
    """Whoever reads the topic and whoever reads the command find the same."""
    row = task_row(task_document())
    assert list(row) == [field["name"] for field in schema("task")["fields"]]
    assert (row["opened_at"], row["due"]) == (AT, "2026-01-06T02:30:00.000000Z")


def test_an_announcement_has_every_field_of_its_schema() -> None:
    """A department's program finds what an OVERDUE reminds of."""
    row = announcement_row(announcement_document())
    assert row.keys() == {field["name"] for field in schema("announcement")["fields"]}


def test_an_announcement_has_the_fields_of_the_contract() -> None:
    """A department's program finds what was promised."""
    row = announcement_row(announcement_document())
    promised = {"id", "case_id", "matter", "instance", "transition", "at", "draft", "department", "proofs"}
    assert promised <= row.keys()
    assert row["at"] == AT
    assert row["draft"]["deceased.name"].keys() == {"value", "state", "source"}


def test_instants_are_utc_with_a_z_and_dates_are_dates() -> None:
    """One way to write time, readable by every program."""
    row = shown_row(case_document(matters=[matter(3, "police", "APPLIED", due=date(2026, 1, 9))]))
    assert row["established_at"] == AT
    assert row["records"][0]["recorded_at"] == AT
    assert row["form"]["deceased"]["name"]["source"]["recorded_at"] == AT
    assert row["matters"][0]["due"] == "2026-01-09"


def test_rows_are_json() -> None:
    """Nothing in a row is more than JSON can hold."""
    case = shown_row(case_document(), [task_document()])
    for row in (case, announcement_row(announcement_document()), task_row(task_document())):
        assert orjson.loads(orjson.dumps(row)) == row


def test_the_access_record_names_the_fields_shown_and_no_values() -> None:
    """An auditor learns what was looked at without seeing it."""
    fields = shown_fields(case_document())
    assert "deceased.id_number" in fields
    assert "applicant.residential_address" not in fields
    assert "李秀兰" not in fields
    assert "decisions.reason" not in fields
    assert "decisions.reason" in shown_fields(case_document(decisions=[decision("MATTER_HELD")]))
