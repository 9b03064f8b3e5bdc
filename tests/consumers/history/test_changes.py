"""What is different in a case, and what of it may be shown."""

from typing import Any

import pytest

from consumers.history.changes import changed_fields, changes, masked_changes
from exchange.domain.policy import load_policy
from tests.case_documents import case_document, conflict, filled, form, matter, record
from tests.people import LI_XIULAN, WANG_JIANGUO

POLICY = load_policy()


def only(found: list[dict[str, Any]], what: str) -> dict[str, Any]:
    """The one change, which is about this."""
    (change,) = found
    assert change["what"] == what
    return change


def with_form(field: str, value: dict[str, Any]) -> dict[str, Any]:
    """The case with another value in a field of its form."""
    section, _, name = field.partition(".")
    other = form()
    other[section][name] = value
    return case_document(form=other)


def test_nothing_is_different_where_nothing_changed() -> None:
    """Reading twice is no event."""
    assert changes(case_document(), case_document()) == []
    assert changes(None, None) == []


def test_of_what_was_not_known_before_everything_is_new() -> None:
    """The change from nothing to the case: records, death, conflict, matters and the filled fields."""
    found = changes(None, case_document())
    assert {one["what"] for one in found} == {"record", "death", "conflict", "matter", "form"}
    assert all(one["before"] in (None, False, []) for one in found)
    assert {one["matter"]: one["after"] for one in found if one["what"] == "matter"} == {
        3: "READY",
        8: "WAITING",
        10: "READY",
    }
    assert "applicant.residential_address" not in {one.get("field") for one in found}


@pytest.mark.parametrize(
    ("entry", "standing"),
    [
        ({"in_force": False}, "not_in_force"),
        ({"held": True}, "held"),
        ({"duplicate_of": "certificate-0"}, "duplicate"),
        ({"moved_to": "0" * 32}, "moved"),
    ],
)
def test_a_record_that_stands_otherwise_is_a_change(entry: dict[str, Any], standing: str) -> None:
    """Revoked, held, moved: it is the standing that counts."""
    before, after = (
        case_document(records=[record("certificate-1", "death_certificate", "health", **more)])
        for more in ({}, entry)
    )
    change = only(changes(before, after), "record")
    assert (change["record_id"], change["before"], change["after"]) == ("certificate-1", "in_force", standing)


def test_a_matter_changes_field_by_field() -> None:
    """Whoever asks sees what became of it: its state, its limit, what it waits for."""
    before = case_document(matters=[matter(3, "police", "READY")])
    after = case_document(matters=[matter(3, "police", "SUSPENDED", recovery=True)])
    found = changes(before, after)
    assert [(one["field"], one["before"], one["after"]) for one in found] == [
        ("state", "READY", "SUSPENDED"),
        ("recovery", False, True),
    ]
    assert {(one["matter"], one["instance"]) for one in found} == {(3, None)}


def test_a_conflict_opens_and_ends_with_its_values() -> None:
    """Both values side by side, whichever way it goes."""
    quiet = case_document(conflicts=[])
    loud = case_document(conflicts=[conflict("deceased.death_time", "2026-01-03", "2026-01-04")])
    opened, ended = only(changes(quiet, loud), "conflict"), only(changes(loud, quiet), "conflict")
    assert opened["before"] is None
    assert [entry["value"] for entry in opened["after"]] == ["2026-01-03", "2026-01-04"]
    assert (ended["before"], ended["after"]) == (opened["after"], None)


def test_that_another_record_says_the_same_is_no_change_of_the_form() -> None:
    """The family is not asked again for what has not changed."""
    value = filled("李秀兰")
    value["source"] = {**value["source"], "department": "police"}
    assert changes(case_document(), with_form("deceased.name", value)) == []


def test_that_a_number_changed_is_seen_and_the_numbers_are_not() -> None:
    """Masking hides values; it must not hide that something happened."""
    found = changes(case_document(), with_form("deceased.id_number", filled(WANG_JIANGUO)))
    assert only(found, "form")["before"]["value"] == LI_XIULAN
    masked = only(masked_changes(found, POLICY), "form")
    assert masked["field"] == "deceased.id_number"
    assert masked["after"]["state"] == "prefilled"
    assert LI_XIULAN not in str(masked)
    assert WANG_JIANGUO not in str(masked)


def test_numbers_in_a_conflict_are_masked_too() -> None:
    """Wherever they stand."""
    found = masked_changes(changes(case_document(conflicts=[]), case_document()), POLICY)
    assert only(found, "conflict")["after"][0]["department"] == "health"
    assert LI_XIULAN not in str(found)


def test_the_access_record_names_the_fields_of_which_something_is_shown() -> None:
    """Names, never values; and no name of a field of which nothing can be seen."""
    fields = changed_fields(changes(None, case_document()))
    assert {"deceased.name", "accounts.card_account_no", "deceased.id_number"} <= fields
    empty = changes(case_document(), with_form("applicant.residential_address", filled(None, "missing")))
    assert only(empty, "form")["field"] == "applicant.residential_address"
    assert not changed_fields(empty)
