"""What an operator sees of a refused record, without a reason to see more."""

from datetime import UTC, datetime

from avro_schemas.catalogue import schema
from consumers.privacy.record_masking import masked_record

ID, CARD, PHONE = "620502194711020686", "6217000012345678901", "13800138000"


def test_numbers_of_persons_cards_and_telephones_are_masked_wherever_they_stand() -> None:
    """A mistake is found by its place; whose number it was is not needed for that."""
    record = {
        "record_id": "4a6e8c02-1f3b-4d5e-8a7c-9b0d1e2f3a01",
        "id_number": ID,
        "name": "赵玉珍",
        "applicant": {"name": f"李明 {PHONE}", "id_number": ID, "phone": PHONE},
        "payee": {"account_no": CARD, "bank_name": f"甘肃银行 {CARD}"},
        "matters": [3, 8],
    }
    masked = masked_record(record, schema("application"))
    assert not any(number in str(masked) for number in (ID, CARD, PHONE))
    assert masked["record_id"] == record["record_id"]
    assert masked["name"] == "赵玉珍"
    assert masked["matters"] == [3, 8]
    assert masked["applicant"]["id_number"] == "620***86"


def test_times_states_and_amounts_are_shown() -> None:
    """They are what a rule usually stumbles over."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    record = {
        "action": "ISSUED",
        "recorded_at": at,
        "death_time": {"instant": at, "date": None},
        "revision": 2,
    }
    assert masked_record(record, schema("death_certificate")) == record


def test_a_field_that_the_schema_does_not_know_is_masked() -> None:
    """Nobody has said that it is harmless."""
    masked = masked_record({"remark_of_clerk": f"电话 {PHONE}"}, schema("cremation"))
    assert masked == {"remark_of_clerk": "电话 ***00"}
