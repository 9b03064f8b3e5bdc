"""Annex 1: every field with its value, where it comes from, and what is left to the applicant."""

from typing import Any

import pytest

from tests.cases import HEIR, applied, case, document, given, next_of, tell
from tests.cells import each_cell
from tests.people import LI_XIULAN

CERTIFICATE = given(
    "death_certificate", death_place="天水市第一人民医院", sex="女", ethnicity="回", birth_date="1948-03-12"
)
CARD = {
    "account_name": "李秀兰",
    "bank_name": "甘肃银行",
    "account_no": "6222001234567890",
    "bank_routing_no": "313825892184",
    "active": True,
}
OTHER_CARD = {**CARD, "bank_name": "兰州银行", "account_no": "6222009999999999", "active": None}
OTHER_CARD.pop("active")
EMPTY = {"value": None, "source": None, "warnings": []}
OTHER_ACTIVE = {"account_name": "李秀兰", "bank_routing_no": "313825892184", "active": True}


def form(*records: Any) -> dict[str, dict[str, Any]]:
    """The form of the records' case."""
    found: dict[str, dict[str, Any]] = document(*records)["form"]
    return found


def on_the_form(card: dict[str, Any]) -> dict[str, Any]:
    """The card's fields that are on the form."""
    return {name: card.get(name) for name in CARD if name != "active"}


def test_the_form_has_every_field_of_annex_1_and_no_other() -> None:
    """A handler sees the same sheet as on paper."""
    assert {section: list(fields) for section, fields in form().items()} == {
        "deceased": [
            "name", "sex", "ethnicity", "employer", "id_number", "registered_address",
            "death_time", "death_place",
        ],
        "applicant": [
            "name", "sex", "ethnicity", "id_number", "phone", "relation",
            "residential_address", "registered_address",
        ],
        "accounts": [
            "card_account_name", "card_bank_name", "card_account_no", "card_bank_routing_no",
            "payee_account_no", "payee_bank_name",
        ],
    }  # fmt: skip


@each_cell(
    ("field", "value", "department"),
    [
        ("name", "李秀兰", "health"),
        ("sex", "女", "health"),
        ("ethnicity", "回族", "health"),
        ("id_number", LI_XIULAN, "health"),
        ("employer", "天水长城开关厂", "provident_fund"),
        ("registered_address", "秦州区民主路7号", "police"),
        ("death_time", "2026-03-01T08:00:00+08:00", "health"),
        ("death_place", "天水市第一人民医院", "health"),
    ],
)
def test_facts_of_the_deceased_come_from_departments(field: str, value: str, department: str) -> None:
    """Nobody types twice what a department has: and the sheet says which one had it."""
    found = form(
        CERTIFICATE,
        given("provident_fund", employer="天水长城开关厂"),
        given("hukou_cancellation", registered_address="秦州区民主路7号"),
    )["deceased"][field]
    assert (found["value"], found["state"]) == (value, "prefilled")
    assert found["source"]["department"] == department


def test_a_source_names_record_revision_and_time() -> None:
    """Anybody who doubts a value knows where to ask."""
    source = form(CERTIFICATE)["deceased"]["sex"]["source"]
    assert source["record_id"] == CERTIFICATE[1]["record_id"]
    assert source["revision"] == 1
    assert source["recorded_at"].isoformat() == "2026-03-02T01:00:00+00:00"


def test_what_no_department_has_is_missing_or_the_applicants() -> None:
    """An empty field says whose it is to fill."""
    found = form(CERTIFICATE)
    assert found["deceased"]["employer"] == {**EMPTY, "state": "missing"}
    assert {field["state"] for field in found["applicant"].values()} == {"for_applicant"}
    assert {field["state"] for field in found["accounts"].values()} == {"for_applicant"}


def test_a_date_only_stays_a_date_only() -> None:
    """No hour is made up where only the day is known."""
    assert (
        form(given("death_certificate", death_time="2026-03-01"))["deceased"]["death_time"]["value"]
        == "2026-03-01"
    )


def test_the_declared_date_serves_where_no_certificate_is() -> None:
    """A court names a day."""
    assert form(given("death_declaration"))["deceased"]["death_time"]["value"] == "2026-03-01"


def test_the_card_block_comes_from_the_active_social_card() -> None:
    """4 to 7 are paid to the deceased's social card."""
    found = form(CERTIFICATE, given("social_insurance", social_card=CARD))["accounts"]
    for name in ("account_name", "bank_name", "account_no", "bank_routing_no"):
        assert (found[f"card_{name}"]["value"], found[f"card_{name}"]["state"]) == (CARD[name], "prefilled")
    assert found["card_account_no"]["source"]["department"] == "human_resources"


@pytest.mark.parametrize("card", [None, {**CARD, "active": False}, {**CARD, "active": None}])
def test_without_an_active_card_the_applicant_names_another(card: dict[str, Any] | None) -> None:
    """An inactive card is not paid to."""
    pension = given("social_insurance", social_card=card)
    assert form(CERTIFICATE, pension)["accounts"]["card_account_no"]["state"] == "for_applicant"
    found = form(CERTIFICATE, pension, applied(4, deceased_bank_card=OTHER_CARD))["accounts"]
    assert found["card_account_no"]["value"] == "6222009999999999"
    assert found["card_account_no"]["source"]["department"] == "service_centre"


def test_the_card_in_force_is_the_latest() -> None:
    """The later of two states of the card counts."""
    later = given(
        "social_insurance",
        "later",
        social_card={**CARD, "account_no": "6222007777777777"},
        recorded_at="2026-02-01T09:00:00+08:00",
    )
    found = form(CERTIFICATE, later, given("social_insurance", social_card=CARD))
    assert found["accounts"]["card_account_no"]["value"] == "6222007777777777"


def test_applicant_and_payee_come_from_the_application_alone() -> None:
    """What departments know of an heir is never put into the applicant's mouth."""
    will = given("notary", beneficiaries=[HEIR])
    assert form(CERTIFICATE, will)["applicant"]["name"]["state"] == "for_applicant"
    payee = {"account_no": "6222001111111111", "bank_name": "兰州银行"}
    asked = applied(8, applicant={**HEIR, "relation": "女儿", "phone": "13900000000"}, payee=payee)
    found = form(CERTIFICATE, will, asked)
    assert found["applicant"]["name"]["value"] == HEIR["name"]
    assert found["applicant"]["relation"]["value"] == "女儿"
    assert found["accounts"]["payee_account_no"]["value"] == "6222001111111111"
    assert found["applicant"]["name"]["source"]["department"] == "service_centre"


@pytest.mark.parametrize(
    "other",
    [
        given("abnormal_death", death_time="2026-02-28"),
        given("death_declaration", declared_death_date="2026-02-28"),
        given("death_certificate", "second", death_time="2026-02-28"),
    ],
    ids=lambda other: other[0],
)
def test_death_dates_that_differ_are_a_conflict_and_nobody_wins(other: Any) -> None:
    """Both are shown side by side; the field stays empty until somebody has decided."""
    for order in ([CERTIFICATE, other], [other, CERTIFICATE]):
        found = document(*order)
        assert found["form"]["deceased"]["death_time"] == {**EMPTY, "state": "conflict"}
        (conflict,) = (c for c in found["conflicts"] if c["field"] == "deceased.death_time")
        assert {value["record_id"] for value in conflict["values"]} == {
            CERTIFICATE[1]["record_id"],
            other[1]["record_id"],
        }


@pytest.mark.parametrize("written", ["2026-03-01", "2026-03-01T23:30:00+08:00", "2026-02-28T17:00:00Z"])
def test_another_hour_of_the_same_day_is_no_conflict(written: str) -> None:
    """The day in Tianshui is what must agree."""
    found = document(CERTIFICATE, given("hukou_cancellation", death_time=written))
    assert found["conflicts"] == []
    assert found["form"]["deceased"]["death_time"]["state"] == "prefilled"


def test_names_that_differ_are_a_conflict_of_all_who_gave_one() -> None:
    """A handler sees both names beside each other."""
    found = document(CERTIFICATE, given("medical_insurance", name="赵冬生"))
    (conflict,) = found["conflicts"]
    assert conflict["field"] == "deceased.name"
    assert {value["value"] for value in conflict["values"]} == {"李秀兰", "赵冬生"}


def test_where_death_dates_disagree_no_audience_gets_either() -> None:
    """The date that banks may see comes from the same records as the form's, so it is withheld with it."""
    form_of_case = case(CERTIFICATE, given("abnormal_death", death_time="2026-02-27")).form
    assert form_of_case["deceased"]["death_time"].state == "conflict"
    assert form_of_case["further"]["death_date"].state == "conflict"


def test_a_card_is_never_put_together_from_two() -> None:
    """A name of one card beside the number of another is money paid astray."""
    first = {**CARD, "bank_routing_no": None}
    resident = given("social_insurance", "resident", scheme="RESIDENT_PENSION", social_card=OTHER_ACTIVE)
    asked = applied(4, deceased_bank_card=OTHER_CARD)
    found = form(CERTIFICATE, given("social_insurance", social_card=first), resident, asked)["accounts"]
    used = on_the_form({name: found[f"card_{name}"]["value"] for name in CARD if name != "active"})
    assert used in (on_the_form(first), on_the_form(OTHER_ACTIVE))


def test_what_an_active_card_does_not_say_is_left_to_the_applicant() -> None:
    """Never filled from another card."""
    pension = given("social_insurance", social_card={**CARD, "bank_routing_no": None})
    found = form(CERTIFICATE, pension, applied(4, deceased_bank_card=OTHER_CARD))["accounts"]
    assert found["card_account_no"]["value"] == CARD["account_no"]
    assert found["card_bank_routing_no"] == {**EMPTY, "state": "for_applicant"}


def test_another_card_comes_whole_from_one_application() -> None:
    """Two applications that name two cards make no third."""
    first = applied(4, deceased_bank_card={"account_no": "6222005555555555"})
    second = applied(4, label="b", deceased_bank_card=OTHER_CARD, recorded_at="2026-03-25T09:00:00+08:00")
    found = form(CERTIFICATE, first, second)["accounts"]
    assert found["card_account_no"]["value"] == "6222005555555555"
    assert found["card_bank_name"]["state"] == "for_applicant"


def test_an_empty_card_stands_in_nobodys_way() -> None:
    """A card about which nothing is known does not count."""
    pension = given("social_insurance", social_card={"active": True})
    found = form(CERTIFICATE, pension, applied(4, deceased_bank_card=OTHER_CARD))["accounts"]
    assert found["card_account_no"]["value"] == OTHER_CARD["account_no"]


def test_applicant_and_payee_come_from_one_application() -> None:
    """One heir's phone or account never ends up beside another heir's name."""
    payee = {"account_no": "6222001111111111", "bank_name": "兰州银行"}
    first = applied(9)
    second = applied(
        8,
        label="b",
        applicant={"name": "王小红", "id_number": HEIR["id_number"], "phone": "13900000000"},
        payee=payee,
        recorded_at="2026-03-25T09:00:00+08:00",
    )
    found = form(CERTIFICATE, first, second)
    assert found["applicant"]["name"]["value"] == HEIR["name"]
    assert found["applicant"]["phone"]["state"] == "for_applicant"
    assert found["accounts"]["payee_account_no"]["state"] == "for_applicant"


def test_a_departments_draft_holds_the_payee_of_its_own_application() -> None:
    """The fund's draft names the payee of the application that asks for matter 8, the first of all or not."""
    payee = {"account_no": "6222001111111111", "bank_name": "兰州银行"}
    second = applied(8, label="b", payee=payee, recorded_at="2026-03-25T09:00:00+08:00")
    _, told = tell([CERTIFICATE, given("provident_fund"), given("notary"), applied(9), second])
    draft = [one for one in told if one.matter == 8][-1].draft
    assert draft["accounts.payee_account_no"].value == payee["account_no"]


def test_every_application_has_its_own_part_of_the_form() -> None:
    """So that each can be printed: its applicant, its payee and its card, and the social card for all."""
    payee = {"account_no": "6222001111111111", "bank_name": "兰州银行"}
    first = applied(9, payee=payee)
    second = applied(
        *(4, 8),
        label="b",
        applicant={**HEIR, "name": "王小红"},
        deceased_bank_card=OTHER_CARD,
        recorded_at="2026-03-25T09:00:00+08:00",
    )
    for order in ([CERTIFICATE, first, second], [second, CERTIFICATE, first]):
        one, other = document(*order)["applications"]
        assert (one["record_id"], one["matters"]) == (first[1]["record_id"], [9])
        assert one["applicant"]["name"]["value"] == HEIR["name"]
        assert one["accounts"]["payee_account_no"]["value"] == payee["account_no"]
        assert one["accounts"]["card_account_no"]["state"] == "for_applicant"
        assert other["applicant"]["name"]["value"] == "王小红"
        assert other["accounts"]["payee_account_no"]["state"] == "for_applicant"
        assert other["accounts"]["card_account_no"]["value"] == OTHER_CARD["account_no"]


def test_a_withdrawn_application_has_no_form() -> None:
    """What the family took back is not printed."""
    asked = applied(9)
    assert document(CERTIFICATE, asked, next_of(asked, "REVOKED", "back"))["applications"] == []
