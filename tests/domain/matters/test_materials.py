"""Annex 2: each material ends as verified by data, supplied, missing, or an original still to be sighted."""

from typing import Any

import pytest

from tests.cases import HEIR, Given, applied, document, given, matter, next_of, record_id
from tests.cells import each_cell

CERTIFICATE = given("death_certificate")
CARD = {"account_no": "6222001234567890", "active": True}
PENSION = given("social_insurance", social_card=CARD)
FUND = given("provident_fund")

ANNEX_2 = {
    1: [1, 2, 3],
    2: [1, 2, 4],
    3: [1, 2, 3, 4],
    4: [1, 2, 4, 5, 6],
    5: [1, 2, 4, 5, 6],
    6: [1, 2, 4, 5, 6],
    7: [1, 4, 5],
    8: [1, 2, 4, 7],
    9: [1, 2, 3, 4],
    10: [1, 2, 4, 8, 9],
    11: [1, 4],
    12: [1, 2, 4, 8],
}


def states(number: int, *records: Given, instance: str | None = None) -> dict[int, str]:
    """Kind of material → its state."""
    return {m["kind"]: m["state"] for m in matter(document(*records), number, instance)["materials"]}


def material(kind: int, *, sighted: bool = False) -> dict[str, Any]:
    """One that the family hands in."""
    return {"kind": kind, "original_sighted": sighted}


@each_cell("number", ANNEX_2)
def test_every_matter_lists_annex_2_in_every_state(number: int) -> None:
    """Before a death as after it, who asks sees what will be wanted."""
    assert list(states(number)) == ANNEX_2[number]
    assert list(states(number, given("medical_insurance"))) == ANNEX_2[number]


def test_what_data_proves_needs_no_paper() -> None:
    """② by any department's record, ④ by the proof of death, ⑤ by the active social card."""
    assert states(4, CERTIFICATE, PENSION) == {
        1: "missing",
        2: "verified_by_data",
        4: "verified_by_data",
        5: "verified_by_data",
        6: "missing",
    }


def test_a_waived_material_names_the_record_that_proves_it() -> None:
    """An auditor can see why no paper was asked for."""
    found = matter(document(CERTIFICATE, PENSION), 4)["materials"]
    proofs = {m["kind"]: m["proof"] for m in found}
    assert proofs[4] == record_id("death_certificate")
    assert proofs[5] == record_id("social_insurance")
    assert proofs[6] is None


def test_the_applicants_id_card_comes_with_the_application() -> None:
    """① is checked against the applicant's number when the application is taken."""
    assert states(9, CERTIFICATE)[1] == "missing"
    assert states(9, CERTIFICATE, applied(9))[1] == "supplied"
    assert states(9, CERTIFICATE, applied(4))[1] == "missing"


@pytest.mark.parametrize("number", [1, 3, 9])
def test_the_household_register_is_never_waived(number: int) -> None:
    """③ 线下办理，线下提供, whatever the police have handed in."""
    known = (CERTIFICATE, given("hukou_cancellation", household_no="1"))
    assert states(number, *known)[3] == "missing"
    assert states(number, *known, applied(number, materials=[material(3)]))[3] == "supplied"


@pytest.mark.parametrize(("number", "kinds"), [(2, (1, 2, 4)), (3, (1, 2, 4))])
def test_originals_stand_until_the_window_has_sighted_them(number: int, kinds: tuple[int, ...]) -> None:
    """Cremation and hukou: the paper itself is looked at, data or no data."""
    for kind in kinds:
        assert states(number, CERTIFICATE)[kind] == "original_to_sight"
        copied = applied(number, materials=[material(kind)])
        assert states(number, CERTIFICATE, copied)[kind] == "original_to_sight"
        sighted = applied(number, materials=[material(kind, sighted=True)])
        assert states(number, CERTIFICATE, sighted)[kind] == "supplied"


@pytest.mark.parametrize("card", [None, {"account_no": "6222001234567890", "active": False}])
def test_without_an_active_card_another_card_is_asked_for(card: dict[str, Any] | None) -> None:
    """⑤ is waived by an active social card alone."""
    pension = given("social_insurance", social_card=card)
    assert states(4, CERTIFICATE, pension)[5] == "missing"
    assert states(4, CERTIFICATE, pension, applied(4, materials=[material(5)]))[5] == "supplied"


def test_a_death_that_was_revoked_proves_nothing() -> None:
    """④ stands on a record in force."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", recorded_at="2026-03-20T09:00:00+08:00")
    assert states(4, CERTIFICATE, PENSION)[4] == "verified_by_data"
    assert states(4, CERTIFICATE, PENSION, revoked)[4] == "missing"


@pytest.mark.parametrize("proof", ["abnormal_death", "death_declaration"])
def test_any_proof_of_death_stands_for_the_certificate(proof: str) -> None:
    """④ by whatever establishes the death."""
    assert states(4, given(proof), PENSION)[4] == "verified_by_data"


def test_an_application_is_no_proof_of_who_the_deceased_was() -> None:
    """② needs a department's record: the family's word is what is being checked."""
    assert states(9, applied(9))[2] == "missing"


def test_before_anyone_applies_a_notary_record_proves_heirs() -> None:
    """⑦ is verified by any notary record while nobody has applied."""
    assert states(8, CERTIFICATE, FUND)[7] == "missing"
    assert states(8, CERTIFICATE, FUND, given("notary"))[7] == "verified_by_data"


@pytest.mark.parametrize(
    ("beneficiaries", "state"),
    [
        ([HEIR], "verified_by_data"),
        ([{"name": HEIR["name"]}], "verified_by_data"),
        ([{"name": "别人"}], "missing"),
        ([{"name": "别人", "id_number": HEIR["id_number"]}], "verified_by_data"),
        (None, "missing"),
    ],
)
def test_once_someone_applied_the_notary_record_must_name_them(
    beneficiaries: list[dict[str, str]] | None, state: str
) -> None:
    """A will for somebody else does not make the applicant an heir: the document is asked for."""
    will = given("notary", beneficiaries=beneficiaries)
    assert states(8, CERTIFICATE, FUND, will, applied(8))[7] == state


def test_an_heir_whose_name_has_another_dot_is_named() -> None:
    """A middle dot written in another way makes no other heir."""
    will = given("notary", beneficiaries=[{"name": "买买提•艾力"}])
    asked = applied(8, applicant={**HEIR, "name": "买买提·艾力"})
    assert states(8, CERTIFICATE, FUND, will, asked)[7] == "verified_by_data"


def test_the_document_itself_is_supplied() -> None:
    """⑦ in the application, whoever the will names."""
    asked = applied(8, materials=[material(7)])
    assert states(8, CERTIFICATE, FUND, asked)[7] == "supplied"


def test_what_any_application_handed_in_counts() -> None:
    """The window sighted the originals with the second application: nobody is asked for them again."""
    sighted = [material(kind, sighted=True) for kind in (1, 2, 4)]
    second = applied(2, label="window", materials=sighted, recorded_at="2026-04-10T09:00:00+08:00")
    assert set(states(2, CERTIFICATE, applied(2), second).values()) == {"supplied"}
    of_others = applied(3, label="window", materials=sighted)
    assert set(states(2, CERTIFICATE, applied(2), of_others).values()) == {"original_to_sight"}


@each_cell(
    ("known", "handed_in", "state"),
    [
        ([], [], "missing"),
        ([], [8], "supplied"),
        ([], [3], "supplied"),
        ([], [7], "supplied"),
        ([], [2], "missing"),
        ([given("notary", beneficiaries=[HEIR])], [], "verified_by_data"),
        ([given("notary", beneficiaries=[{"name": "别人"}])], [], "missing"),
        ([given("notary", beneficiaries=[{"name": "别人"}])], [3], "supplied"),
    ],
)
def test_kinship_is_proved_by_more_than_one_paper(
    known: list[Given], handed_in: list[int], state: str
) -> None:
    """A notary record that names the applicant, ⑦ or ③ stands for the proof of kinship."""
    asked = applied(12, materials=[material(kind) for kind in handed_in])
    assert states(12, CERTIFICATE, *known, asked)[8] == state


def test_a_card_that_is_listed_and_not_required_is_owed_by_nobody() -> None:
    """⑤ is a must for 4, 5 and 6; 7 lists it, shows that it is missing, and goes on without."""
    money = given("medical_insurance")
    found = document(CERTIFICATE, PENSION_WITHOUT_CARD, money, applied(4, 7))
    required = {m["matter"]: [one["required"] for one in m["materials"]] for m in found["matters"]}
    assert required[7] == [True, True, False]
    assert all(all(wanted) for number, wanted in required.items() if number != 7)
    assert {number: matter(found, number)["limit"]["owed_materials"] for number in (4, 7)} == {
        4: [5, 6],
        7: [],
    }
    (card,) = (one for one in found["requests"] if one["kind"] == 5)
    assert [need["matter"] for need in card["needs"]] == [4]


PENSION_WITHOUT_CARD = given("social_insurance")


REVOKED = next_of(CERTIFICATE, "REVOKED", "revoked")
OTHER_DAY = given("abnormal_death", death_time="2026-02-20T08:00:00+08:00")
WILL = given("notary", beneficiaries=[HEIR])


@each_cell(
    ("records", "number", "kind", "standing"),
    [
        pytest.param([applied(9)], 9, 4, None, id="not come"),
        pytest.param([CERTIFICATE, applied(9)], 9, 4, None, id="in force"),
        pytest.param([CERTIFICATE, REVOKED, applied(9)], 9, 4, "REVOKED", id="revoked"),
        pytest.param([CERTIFICATE, OTHER_DAY, applied(3)], 3, 4, "IN_CONFLICT", id="in conflict"),
        pytest.param(
            [given("medical_insurance", name="张三"), CERTIFICATE], 9, 4, "HELD", id="held for its name"
        ),
        pytest.param(
            [CERTIFICATE, REVOKED, given("death_certificate", "anew")], 9, 4, None, id="revoked, issued anew"
        ),
        pytest.param(
            [CERTIFICATE, REVOKED, applied(9, materials=[material(4)])], 9, 4, None, id="handed in on paper"
        ),
        pytest.param(
            [CERTIFICATE, given("hukou_cancellation", death_time="2026-01-05")],
            9,
            4,
            None,
            id="register off",
        ),
        pytest.param(
            [CERTIFICATE, WILL, next_of(WILL, "REVOKED", "no"), applied(8)], 8, 7, "REVOKED", id="a will"
        ),
        pytest.param([CERTIFICATE, PENSION, next_of(PENSION, "REVOKED", "no")], 7, 5, "REVOKED", id="a card"),
        pytest.param([CERTIFICATE, REVOKED], 9, 2, None, id="an ID card is no certificate"),
    ],
)
def test_a_certificate_that_came_and_does_not_count_is_called_so(
    records: list[Given], number: int, kind: int, standing: str | None
) -> None:
    """Whoever reads `missing` would take it for not received."""
    found = {one["kind"]: one["standing"] for one in matter(document(*records), number)["materials"]}
    assert found[kind] == standing


def test_a_request_says_how_the_certificate_stands() -> None:
    """The family and the handler read the same."""
    (request,) = [
        one
        for one in document(CERTIFICATE, WILL, next_of(WILL, "REVOKED", "no"), applied(8))["requests"]
        if one["kind"] == 7
    ]
    assert (request["state"], request["standing"]) == ("missing", "REVOKED")
