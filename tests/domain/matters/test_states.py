"""The twelve matters: when each applies, what it waits for and from whom, and how it moves on."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.cases import HEIR, Given, applied, document, given, matter, next_of, record_id, resulted
from tests.cells import each_cell
from tests.people import FOREIGNER_2023, HMT_RESIDENT, id_number

LATER = "2026-04-20T09:00:00+08:00"
CERTIFICATE = given("death_certificate")
DECLARATION = given("death_declaration")
PENSION = given("social_insurance")
RESIDENT_PENSION = given("social_insurance", scheme="RESIDENT_PENSION")
NOT_DRAWING = given("social_insurance", receiving_benefit=False)
INSURED = given("medical_insurance")
FUND = given("provident_fund")
WILL = given("notary")
LICENCE = given("driving_licence")
DEPOSIT = given("bank_deposit")
OTHER_DEPOSIT = given("bank_deposit", "b", bank_name="兰州银行")
MUCH = given("bank_deposit", balance_fen=5_000_001)
NAMED = [{"bank_name": "甘肃银行"}]
SEVENTH = {"kind": 7, "original_sighted": True}

DEATH = ("death", ["health", "police", "service_centre"])
HEIRS = ("inheritance_document", ["justice", "service_centre"])
SOCIAL = ("social_insurance", ["human_resources"])
MEDICAL = ("medical_insurance", ["medical_insurance"])
HOUSING = ("provident_fund", ["provident_fund"])
DRIVING = ("driving_licence", ["police"])


@dataclass(frozen=True)
class Row:
    """Records of one person, and how the matter must stand."""

    says: str
    records: list[Given]
    state: str
    waiting: list[tuple[str, list[str]]] = field(default_factory=list)


def rows(*table: Row) -> Any:
    """A table as cases of one test."""
    return each_cell("row", table, ids=lambda row: row.says.replace(" ", "_"))


def after_death(**fields: Any) -> dict[str, Any]:
    """Recorded after the death."""
    return {"recorded_at": "2026-03-20T09:00:00+08:00", **fields}


def check(row: Row, number: int, instance: str | None = None) -> None:
    """The matter stands as the row says, and waits for what it says and nothing else."""
    found = matter(document(*row.records), number, instance)
    waiting = [(w["prerequisite"], w["owed_by"]) for w in found["waiting_for"]]
    assert (found["state"], waiting) == (row.state, row.waiting)


@rows(
    Row("nothing known", [], "WAITING", [("death_certificate", ["health", "police"])]),
    Row("a living person", [INSURED], "WAITING", [("death_certificate", ["health", "police"])]),
    Row("applied before a certificate", [applied(1)], "APPLIED"),
    Row("applied for another matter", [applied(9)], "WAITING", [("death_certificate", ["health", "police"])]),
    Row("applied and cremated", [applied(1), given("cremation")], "APPLIED"),
    Row("applied and declared dead", [applied(1), DECLARATION], "NOT_APPLICABLE"),
    Row("applied and certified", [applied(1), CERTIFICATE], "COMPLETED"),
    Row(
        "applied and certified with two dates",
        [applied(1), CERTIFICATE, given("death_certificate", "2", death_time="2026-02-27")],
        "COMPLETED",
    ),
    Row(
        "applied and certified in vain",
        [applied(1), CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "gone", recorded_at=LATER)],
        "SUSPENDED",
        [("death_certificate", ["health", "police"])],
    ),
    Row(
        "certified in vain and applied for afterwards",
        [CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "gone"), applied(1, recorded_at=LATER)],
        "APPLIED",
    ),
    Row(
        "certified in vain, applied for afterwards, and another certificate held",
        [
            CERTIFICATE,
            next_of(CERTIFICATE, "REVOKED", "gone"),
            given("death_certificate", "2", name="赵冬生"),
            applied(1, recorded_at=LATER),
        ],
        "SUSPENDED",
        [("death_certificate", ["health", "police"])],
    ),
    Row(
        "certified in vain",
        [CERTIFICATE, next_of(CERTIFICATE, "REVOKED", "gone")],
        "SUSPENDED",
        [("death_certificate", ["health", "police"])],
    ),
    Row("certified", [CERTIFICATE], "COMPLETED"),
    Row("abnormal", [given("abnormal_death")], "COMPLETED"),
    Row("declared by a court alone", [DECLARATION], "NOT_APPLICABLE"),
    Row("declared and certified", [DECLARATION, CERTIFICATE], "COMPLETED"),
)
def test_matter_1_the_death_certificate_is_waited_for_and_then_done(row: Row) -> None:
    """出具死亡证明 is never READY: a certificate or an application is waited for; a certificate ends it."""
    check(row, 1)


@rows(
    Row("a living person", [INSURED], "WAITING", [DEATH]),
    Row("cremated and nothing else", [given("cremation")], "WAITING", [DEATH]),
    Row("dead", [CERTIFICATE], "READY"),
    Row("applied", [CERTIFICATE, applied(2)], "APPLIED"),
    Row("cremated", [CERTIFICATE, given("cremation")], "COMPLETED"),
    Row("buried and decided so", [CERTIFICATE, given("decision", matter=2)], "NOT_APPLICABLE"),
    Row("buried and nobody decided", [CERTIFICATE, given("hukou_cancellation")], "READY"),
    Row("decided for another matter", [CERTIFICATE, given("decision", matter=9)], "READY"),
    Row("declared dead", [DECLARATION], "READY"),
)
def test_matter_2_cremation_follows_death_unless_a_burial_is_decided(row: Row) -> None:
    """Burial is lawful in Tianshui: a handler's decision takes matter 2 out."""
    check(row, 2)


CHOICE = ("burial_or_cremation", ["service_centre"])
HUI = given("death_certificate", ethnicity="回族")
BURIAL = applied(9, burial=True)
ASHES = applied(
    9, label="hers", burial=False, applicant={"name": "王小红", "id_number": id_number(sequence=72)}
)
OF_ZHANGJIACHUAN = given("death_certificate", id_number=id_number("620525"))


@rows(
    Row("of a people that buries", [HUI], "WAITING", [CHOICE]),
    Row("of such a county by the number", [OF_ZHANGJIACHUAN], "WAITING", [CHOICE]),
    Row("of another people", [given("death_certificate", ethnicity="藏族")], "READY"),
    Row(
        "registered in such a county",
        [CERTIFICATE, given("hukou_cancellation", county="张家川 回族自治县")],
        "WAITING",
        [CHOICE],
    ),
    Row("certified in such a county", [given("death_certificate", county="张家川县")], "WAITING", [CHOICE]),
    Row(
        "of such a county, no death yet",
        [given("social_insurance", id_number=id_number("620525"))],
        "WAITING",
        [DEATH, CHOICE],
    ),
    Row("chooses burial", [HUI, BURIAL], "NOT_APPLICABLE"),
    Row("chooses cremation", [HUI, applied(9, burial=False)], "READY"),
    Row("applies for the cremation certificate", [HUI, applied(2)], "APPLIED"),
    Row("applies for it, and for burial", [HUI, applied(2, burial=True)], "NOT_APPLICABLE"),
    Row("burial where nobody was asked", [CERTIFICATE, BURIAL], "NOT_APPLICABLE"),
    Row("siblings of two minds", [CERTIFICATE, BURIAL, ASHES], "WAITING", [CHOICE]),
    Row(
        "siblings of two minds, and one thinks better of it",
        [
            *(CERTIFICATE, BURIAL, ASHES),
            applied(9, label="after all", burial=False, recorded_at="2026-03-24T09:00:00+08:00"),
        ],
        "READY",
    ),
    Row("burial after plague", [given("death_certificate", death_cause_icd10="A20.9"), BURIAL], "READY"),
    Row(
        "nobody asked after anthrax",
        [given("death_certificate", ethnicity="回", death_cause_icd10="a22.1")],
        "READY",
    ),
    Row(
        "burial after a stroke",
        [given("death_certificate", death_cause_icd10="I61.9"), BURIAL],
        "NOT_APPLICABLE",
    ),
    Row("cremated before anybody chose", [HUI, given("cremation")], "COMPLETED"),
    Row("cremated, though one wanted burial", [HUI, BURIAL, given("cremation")], "COMPLETED"),
    Row(
        "the choice is taken back",
        [HUI, applied(2), next_of(applied(2), "REVOKED", "no")],
        "SUSPENDED",
        [CHOICE],
    ),
    Row("decided by a handler", [HUI, given("decision", matter=2)], "NOT_APPLICABLE"),
)
def test_matter_2_waits_for_the_familys_choice_where_burial_is_the_custom(row: Row) -> None:
    """Who says burial has no cremation certificate, unless law leaves no choice; two minds are no choice."""
    check(row, 2)


@rows(
    Row("a living person", [INSURED], "WAITING", [DEATH]),
    Row("dead", [CERTIFICATE], "READY"),
    Row("applied", [CERTIFICATE, applied(3)], "APPLIED"),
    Row("cancelled", [CERTIFICATE, given("hukou_cancellation")], "COMPLETED"),
    Row("cancelled with no proof of death", [given("hukou_cancellation")], "WAITING", [DEATH]),
    Row("from Hong Kong", [given("death_certificate", id_number=HMT_RESIDENT)], "NOT_APPLICABLE"),
    Row("a foreigner", [given("death_certificate", id_number=FOREIGNER_2023)], "NOT_APPLICABLE"),
)
def test_matter_3_only_residents_of_the_mainland_have_a_hukou_to_cancel(row: Row) -> None:
    """户口注销 applies to resident ID alone, and hukou cancellation does not prove a death."""
    check(row, 3)


@pytest.mark.parametrize("number", [4, 5])
@rows(
    Row("nothing known", [], "WAITING", [DEATH, SOCIAL]),
    Row("dead", [CERTIFICATE], "WAITING", [SOCIAL]),
    Row("a living pensioner", [PENSION], "WAITING", [DEATH]),
    Row("dead pensioner", [CERTIFICATE, PENSION], "READY"),
    Row("declared dead", [DECLARATION, PENSION], "READY"),
    Row("draws no benefit", [CERTIFICATE, NOT_DRAWING], "NOT_APPLICABLE"),
    Row(
        "not known to draw any",
        [CERTIFICATE, given("social_insurance", receiving_benefit=None)],
        "NOT_APPLICABLE",
    ),
    Row("resident pension", [CERTIFICATE, RESIDENT_PENSION], "NOT_APPLICABLE"),
    Row("applied", [CERTIFICATE, PENSION, applied(4, 5)], "APPLIED"),
    Row("applied for another matter", [CERTIFICATE, PENSION, applied(9)], "READY"),
    Row(
        "stopped because of the death",
        [CERTIFICATE, PENSION, given("social_insurance", "stop", **after_death(receiving_benefit=False))],
        "READY",
    ),
    Row(
        "stopped before the death",
        [
            CERTIFICATE,
            PENSION,
            given(
                "social_insurance", "stop", receiving_benefit=False, recorded_at="2026-02-01T09:00:00+08:00"
            ),
        ],
        "NOT_APPLICABLE",
    ),
    Row(
        "corrected after the death",
        [CERTIFICATE, PENSION, next_of(PENSION, "AMENDED", "a", **after_death(receiving_benefit=False))],
        "NOT_APPLICABLE",
    ),
)
def test_matters_4_and_5_are_for_employees_who_drew_a_pension(row: Row, number: int) -> None:
    """Both employee-pension matters need the death and a benefit that was being drawn at death."""
    check(row, number)


def test_a_correction_of_the_state_at_death_counts_though_a_later_state_is_there() -> None:
    """What was in force at death is corrected in place: a later pay-out does not stand in its way."""
    died_with = given("social_insurance", receiving_benefit=False)
    corrected = next_of(
        died_with, "AMENDED", "a", receiving_benefit=True, recorded_at="2026-05-01T09:00:00+08:00"
    )
    stopped = given("social_insurance", "stop", **after_death(receiving_benefit=False))
    assert matter(document(CERTIFICATE, died_with, stopped, corrected), 4)["state"] == "READY"


@each_cell("number", [4, 5])
@each_cell("outcome", ["ACCEPTED", "REJECTED", "COMPLETED"])
def test_the_departments_result_moves_a_matter_on(number: int, outcome: str) -> None:
    """Accepted, rejected and completed are what the deciding department says, and of that matter alone."""
    found = document(CERTIFICATE, PENSION, applied(4, 5), resulted(number, outcome))
    assert matter(found, number)["state"] == outcome
    assert matter(found, 9 - number)["state"] == "APPLIED"


def test_of_two_results_the_later_one_counts() -> None:
    """A rejection that was mended and then accepted is accepted, however the two arrive."""
    rejected = resulted(4, "REJECTED", recorded_at="2026-04-01T09:00:00+08:00")
    taken = resulted(4, "ACCEPTED", recorded_at="2026-04-09T09:00:00+08:00")
    for order in ([rejected, taken], [taken, rejected]):
        assert matter(document(CERTIFICATE, PENSION, *order), 4)["state"] == "ACCEPTED"


@rows(
    Row("nothing known", [], "WAITING", [DEATH, SOCIAL]),
    Row("dead", [CERTIFICATE], "WAITING", [SOCIAL]),
    Row("a living pensioner", [RESIDENT_PENSION], "WAITING", [DEATH]),
    Row("dead pensioner", [CERTIFICATE, RESIDENT_PENSION], "READY"),
    Row("employee pension", [CERTIFICATE, PENSION], "NOT_APPLICABLE"),
    Row("applied", [CERTIFICATE, RESIDENT_PENSION, applied(6)], "APPLIED"),
    Row("rejected", [CERTIFICATE, RESIDENT_PENSION, resulted(6, "REJECTED")], "REJECTED"),
    Row("completed", [CERTIFICATE, RESIDENT_PENSION, resulted(6)], "COMPLETED"),
)
def test_matter_6_is_for_residents_who_drew_a_pension(row: Row) -> None:
    """Nobody draws both pensions, so one record settles 4, 5 and 6."""
    check(row, 6)


@rows(
    Row("nothing known", [], "WAITING", [DEATH, MEDICAL]),
    Row("dead", [CERTIFICATE], "WAITING", [MEDICAL]),
    Row("a living insured", [INSURED], "WAITING", [DEATH]),
    Row("dead insured", [CERTIFICATE, INSURED], "READY"),
    Row("resident scheme", [CERTIFICATE, given("medical_insurance", scheme="RESIDENT")], "READY"),
    Row("no balance", [CERTIFICATE, given("medical_insurance", account_balance_fen=0)], "NOT_APPLICABLE"),
    Row(
        "paid out afterwards",
        [CERTIFICATE, INSURED, given("medical_insurance", "out", **after_death(account_balance_fen=0))],
        "READY",
    ),
    Row(
        "first heard of after the death",
        [CERTIFICATE, given("medical_insurance", **after_death(account_balance_fen=700))],
        "READY",
    ),
    Row("applied", [CERTIFICATE, INSURED, applied(7)], "APPLIED"),
    Row("accepted", [CERTIFICATE, INSURED, applied(7), resulted(7, "ACCEPTED")], "ACCEPTED"),
    Row("completed", [CERTIFICATE, INSURED, resulted(7)], "COMPLETED"),
)
def test_matter_7_pays_out_what_was_on_the_medical_account_at_death(row: Row) -> None:
    """A balance above 0 at death makes it apply; that it was paid out since does not undo that."""
    check(row, 7)


@rows(
    Row("nothing known", [], "WAITING", [DEATH, HOUSING, HEIRS]),
    Row("dead", [CERTIFICATE], "WAITING", [HOUSING, HEIRS]),
    Row("no proof of heirs", [CERTIFICATE, FUND], "WAITING", [HEIRS]),
    Row("a living saver with a will", [FUND, WILL], "WAITING", [DEATH]),
    Row("a notary record", [CERTIFICATE, FUND, WILL], "READY"),
    Row(
        "the document in an application for others",
        [CERTIFICATE, FUND, applied(9, materials=[SEVENTH])],
        "READY",
    ),
    Row("applied with the document", [CERTIFICATE, FUND, applied(8, materials=[SEVENTH])], "APPLIED"),
    Row("applied without it", [CERTIFICATE, FUND, applied(8)], "WAITING", [HEIRS]),
    Row("applied with a notary record", [CERTIFICATE, FUND, WILL, applied(8)], "APPLIED"),
    Row(
        "empty account",
        [CERTIFICATE, given("provident_fund", balance_fen=0, status="CLOSED")],
        "NOT_APPLICABLE",
    ),
    Row(
        "closed because of the death",
        [
            CERTIFICATE,
            FUND,
            WILL,
            given("provident_fund", "out", **after_death(balance_fen=0, status="CLOSED")),
        ],
        "READY",
    ),
    Row(
        "one of two accounts is empty",
        [CERTIFICATE, FUND, WILL, given("provident_fund", "two", account_no="0939", balance_fen=0)],
        "READY",
    ),
    Row("rejected", [CERTIFICATE, FUND, WILL, resulted(8, "REJECTED")], "REJECTED"),
    Row("completed", [CERTIFICATE, FUND, WILL, applied(8), resulted(8)], "COMPLETED"),
)
def test_matter_8_the_housing_fund_needs_heirs_that_are_proved(row: Row) -> None:
    """READY by a notary record or by material ⑦ of an application, whatever that applies for."""
    check(row, 8)


@rows(
    Row("nothing known", [], "WAITING", [DEATH]),
    Row("a living person with a will", [WILL], "WAITING", [DEATH]),
    Row("dead", [CERTIFICATE], "READY"),
    Row("applied", [CERTIFICATE, applied(9)], "APPLIED"),
    Row("accepted", [CERTIFICATE, resulted(9, "ACCEPTED")], "ACCEPTED"),
    Row("completed", [CERTIFICATE, resulted(9)], "COMPLETED"),
    Row("decided not to apply", [CERTIFICATE, given("decision", matter=9)], "NOT_APPLICABLE"),
)
def test_matter_9_notaries_are_asked_about_everybody(row: Row) -> None:
    """遗嘱继承公证信息核查 applies always and needs the death alone."""
    check(row, 9)


@rows(
    Row("nothing known", [], "WAITING", [DEATH]),
    Row("dead", [CERTIFICATE], "READY"),
    Row("applied and no bank named", [CERTIFICATE, applied(10)], "READY"),
    Row("a bank named for another matter", [CERTIFICATE, applied(9, banks=NAMED)], "READY"),
)
def test_matter_10_is_ready_for_any_bank_while_none_is_known(row: Row) -> None:
    """No bank's data is waited for: the family may name one, and only then somebody can be told."""
    check(row, 10)


@rows(
    Row("alive", [applied(10, banks=NAMED)], "WAITING", [DEATH]),
    Row("dead", [CERTIFICATE, applied(10, banks=NAMED)], "APPLIED"),
    Row("too much at the bank", [CERTIFICATE, MUCH, applied(10, banks=NAMED)], "NOT_APPLICABLE"),
    Row("done", [CERTIFICATE, applied(10, banks=NAMED), resulted(10, issuer_name="甘肃银行")], "COMPLETED"),
    Row(
        "another bank is named",
        [CERTIFICATE, DEPOSIT, applied(10, banks=[{"bank_name": "兰州银行"}])],
        "READY",
    ),
    Row("another bank has data", [CERTIFICATE, OTHER_DEPOSIT, applied(10, banks=NAMED)], "APPLIED"),
)
def test_a_bank_is_known_because_an_application_names_it(row: Row) -> None:
    """And it alone is asked, whatever other banks have sent."""
    check(row, 10, "甘肃银行")


@rows(
    Row("alive", [DEPOSIT], "WAITING", [DEATH]),
    Row("dead", [CERTIFICATE, DEPOSIT], "READY"),
    Row("empty", [CERTIFICATE, given("bank_deposit", balance_fen=0)], "NOT_APPLICABLE"),
    Row("50 000 yuan", [CERTIFICATE, given("bank_deposit", balance_fen=5_000_000)], "READY"),
    Row("a fen above", [CERTIFICATE, given("bank_deposit", balance_fen=5_000_001)], "NOT_APPLICABLE"),
    Row(
        "a fen above with the funeral money",
        [CERTIFICATE, given("bank_deposit", balance_fen=5_000_001, paid_in_after_death_fen=1)],
        "READY",
    ),
    Row(
        "funeral money alone",
        [CERTIFICATE, given("bank_deposit", balance_fen=6_000_000, paid_in_after_death_fen=6_000_000)],
        "READY",
    ),
    Row(
        "two accounts together above",
        [
            CERTIFICATE,
            given("bank_deposit", balance_fen=3_000_000),
            given("bank_deposit", "b", balance_fen=2_000_001, account_no_tail="0002"),
        ],
        "NOT_APPLICABLE",
    ),
    Row(
        "two accounts together below",
        [
            CERTIFICATE,
            given("bank_deposit", balance_fen=3_000_000),
            given("bank_deposit", "b", balance_fen=2_000_000, account_no_tail="0002"),
        ],
        "READY",
    ),
    Row(
        "paid out afterwards",
        [CERTIFICATE, DEPOSIT, given("bank_deposit", "out", **after_death(balance_fen=0))],
        "READY",
    ),
    Row("applied", [CERTIFICATE, DEPOSIT, applied(10)], "APPLIED"),
    Row(
        "result names it as issuer", [CERTIFICATE, DEPOSIT, resulted(10, issuer_name="甘肃银行")], "COMPLETED"
    ),
    Row(
        "result names it as instance", [CERTIFICATE, DEPOSIT, resulted(10, instance="甘肃银行")], "COMPLETED"
    ),
    Row("result of another bank", [CERTIFICATE, DEPOSIT, resulted(10, issuer_name="兰州银行")], "READY"),
)
def test_matter_10_is_for_small_deposits_of_one_bank(row: Row) -> None:
    """The bank's accounts together are above 0 and at most 50 000 yuan (金规〔2024〕6号)."""
    check(row, 10, "甘肃银行")


@pytest.mark.parametrize("named_by", ["issuer_name", "instance"])
def test_each_banks_result_closes_its_own_matter(named_by: str) -> None:
    """Two banks, two matters: what one bank has done says nothing of the other's, and both can be done."""
    other = given("bank_deposit", "b", bank_name="兰州银行")
    of_one = resulted(10, label="1", **{named_by: "甘肃银行"})
    of_both = resulted(10, label="2", **{named_by: "兰州银行", "recorded_at": "2026-04-02T09:00:00+08:00"})
    one = document(CERTIFICATE, DEPOSIT, other, of_one)
    assert [matter(one, 10, bank)["state"] for bank in ("甘肃银行", "兰州银行")] == ["COMPLETED", "READY"]
    both = document(CERTIFICATE, DEPOSIT, other, of_one, of_both)
    assert [matter(both, 10, bank)["state"] for bank in ("甘肃银行", "兰州银行")] == ["COMPLETED"] * 2


def test_a_bank_is_found_by_its_credit_code_too() -> None:
    """A result may name its bank by 统一社会信用代码 alone."""
    found = document(CERTIFICATE, given("bank_deposit", bank_uscc=USCC), resulted(10, issuer_uscc=USCC))
    assert matter(found, 10, "甘肃银行")["state"] == "COMPLETED"


USCC = "91620500736625851H"


@each_cell("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_records_of_one_bank_are_one_matter_however_they_name_it(order: tuple[int, ...]) -> None:
    """Known by name, by credit code or by both, it is one bank: accounts count together under its name."""
    named = given("bank_deposit", balance_fen=3_000_000)
    coded = given(
        "bank_deposit",
        "coded",
        bank_name=None,
        bank_uscc=USCC,
        account_no_tail="0002",
        balance_fen=2_000_001,
        recorded_at="2025-11-01T09:00:00+08:00",
    )
    both = given("bank_deposit", "both", bank_uscc=USCC, account_no_tail="0003", balance_fen=1)
    deposits = (named, coded, both)
    found = document(CERTIFICATE, *(deposits[at] for at in order))
    banks = [(m["instance"], m["state"]) for m in found["matters"] if m["matter"] == 10]
    assert banks == [("甘肃银行", "NOT_APPLICABLE")]


def test_a_bank_that_gives_no_name_goes_by_its_credit_code() -> None:
    """Better a code than nothing: its matter can still be told from another bank's."""
    coded = given("bank_deposit", bank_name=None, bank_uscc=USCC)
    assert matter(document(CERTIFICATE, coded), 10, USCC)["state"] == "READY"


def test_a_decision_may_take_out_one_bank_and_leave_the_others() -> None:
    """Not applicable at one bank is not not-applicable everywhere."""
    decision = given("decision", matter=10, instance="甘肃银行")
    found = document(CERTIFICATE, DEPOSIT, given("bank_deposit", "b", bank_name="兰州银行"), decision)
    assert matter(found, 10, "甘肃银行")["state"] == "NOT_APPLICABLE"
    assert matter(found, 10, "兰州银行")["state"] == "READY"


@rows(
    Row("nothing known", [], "WAITING", [DEATH, DRIVING]),
    Row("dead", [CERTIFICATE], "WAITING", [DRIVING]),
    Row("a living driver", [LICENCE], "WAITING", [DEATH]),
    Row("dead driver", [CERTIFICATE, LICENCE], "READY"),
    Row("applied", [CERTIFICATE, LICENCE, applied(11)], "APPLIED"),
    Row(
        "cancelled because of the death",
        [CERTIFICATE, LICENCE, given("driving_licence", "c", **after_death(status="CANCELLED"))],
        "COMPLETED",
    ),
    Row("cancelled long ago", [CERTIFICATE, given("driving_licence", status="CANCELLED")], "COMPLETED"),
    Row(
        "one of two licences cancelled",
        [CERTIFICATE, LICENCE, given("driving_licence", "t", licence_no="620500", status="CANCELLED")],
        "READY",
    ),
)
def test_matter_11_is_done_when_no_licence_is_valid_any_more(row: Row) -> None:
    """A CANCELLED licence is the matter done; what the police hold is the licence itself."""
    check(row, 11)


@rows(
    Row("nothing known", [], "WAITING", [DEATH]),
    Row("a living shareholder", [given("equity")], "WAITING", [DEATH]),
    Row("dead", [CERTIFICATE], "READY"),
    Row("applied", [CERTIFICATE, applied(12)], "APPLIED"),
    Row("completed", [CERTIFICATE, applied(12), resulted(12)], "COMPLETED"),
    Row("rejected", [CERTIFICATE, resulted(12, "REJECTED")], "REJECTED"),
)
def test_matter_12_heirs_may_ask_for_shares_before_they_are_proved_heirs(row: Row) -> None:
    """股权信息查询 applies always and needs the death alone: heirs ask in order to obtain the document."""
    check(row, 12)


def test_every_case_has_all_twelve_matters() -> None:
    """Whatever is known, a reader sees where each of the twelve stands."""
    assert [m["matter"] for m in document(CERTIFICATE)["matters"]] == list(range(1, 13))


def test_cremation_and_hukou_cancellation_corroborate_and_establish_nothing() -> None:
    """Neither is a proof of death, not even both together."""
    found = document(given("cremation"), given("hukou_cancellation"), PENSION)
    assert not found["death_established"]
    assert found["established_at"] is None
    assert len(found["corroborated_by"]) == 2
    assert {m["state"] for m in found["matters"]} <= {"WAITING", "NOT_APPLICABLE"}


@pytest.mark.parametrize("proof", ["death_certificate", "abnormal_death", "death_declaration"])
def test_any_one_of_three_records_establishes_a_death(proof: str) -> None:
    """A hospital, the police or a court: each is enough."""
    found = document(given(proof), PENSION)
    assert found["death_established"]
    assert matter(found, 4)["state"] == "READY"


def test_waiting_is_counted_from_the_recording_of_the_death() -> None:
    """A record has been owed since the death was recorded, not since somebody looked."""
    (wanted,) = matter(document(CERTIFICATE), 7)["waiting_for"]
    assert wanted["since"].isoformat() == "2026-03-02T01:00:00+00:00"
    assert matter(document(INSURED), 7)["waiting_for"][0]["since"] is None


def test_records_of_the_living_build_the_case() -> None:
    """Insurance may be handed in years before: it is all there on the day of the death."""
    found = document(PENSION, FUND, WILL, CERTIFICATE)
    assert [matter(found, number)["state"] for number in (4, 5, 8, 9, 12)] == ["READY"] * 5


def test_a_revoked_proof_suspends_what_it_carried() -> None:
    """Not dead after all: nothing that was ready stays ready, and nothing is undone silently."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", **after_death())
    found = document(CERTIFICATE, PENSION, revoked)
    assert not found["death_established"]
    assert {matter(found, number)["state"] for number in (1, 2, 3, 4, 5, 9)} == {"SUSPENDED"}
    assert matter(found, 8)["state"] == "WAITING"


@each_cell("beyond", [[applied(8)], [applied(8), resulted(8, "ACCEPTED")]])
@each_cell("lost", [CERTIFICATE, FUND, WILL], ids=lambda record: record[0])
def test_what_is_under_way_is_suspended_with_its_prerequisite(beyond: list[Given], lost: Given) -> None:
    """Applied for or accepted, the department must not pay out on what was revoked."""
    revoked = next_of(lost, "REVOKED", "r", **after_death())
    found = document(CERTIFICATE, FUND, WILL, *beyond, revoked)
    assert matter(found, 8)["state"] == "SUSPENDED"


@each_cell(("outcome", "state"), [("COMPLETED", "COMPLETED"), ("REJECTED", "SUSPENDED")])
@each_cell("lost", [CERTIFICATE, FUND, WILL], ids=lambda record: record[0])
def test_only_what_is_completed_stays_so_and_is_to_be_recovered(
    outcome: str, state: str, lost: Given
) -> None:
    """Nothing is undone silently: what was paid out was paid out, and has to be asked back."""
    revoked = next_of(lost, "REVOKED", "r", **after_death())
    found = matter(document(CERTIFICATE, FUND, WILL, applied(8), resulted(8, outcome), revoked), 8)
    assert (found["state"], found["recovery"]) == (state, outcome == "COMPLETED")


def test_a_cremation_stays_done_though_the_certificate_is_revoked() -> None:
    """The matter that a record ends stays ended while that record stands."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", **after_death())
    assert matter(document(CERTIFICATE, given("cremation"), revoked), 2)["state"] == "COMPLETED"


def test_an_acceptance_without_its_prerequisites_is_not_suspended_by_a_stranger_to_it() -> None:
    """The fund never had the heirs' proof here; a revoked licence changes nothing for it."""
    revoked = next_of(LICENCE, "REVOKED", "r", **after_death())
    found = document(CERTIFICATE, FUND, LICENCE, resulted(8, "ACCEPTED"), revoked)
    assert matter(found, 8)["state"] == "ACCEPTED"


@pytest.mark.parametrize(
    ("beyond", "state"),
    [([], "SUSPENDED"), ([applied(10)], "SUSPENDED"), ([resulted(10, instance="甘肃银行")], "COMPLETED")],
    ids=["ready", "applied", "done"],
)
def test_a_banks_matter_stays_in_sight_when_its_last_record_is_revoked(
    beyond: list[Given], state: str
) -> None:
    """The bank that was told is shown as suspended, and no nameless bank in its place."""
    revoked = next_of(DEPOSIT, "REVOKED", "r", **after_death())
    found = document(CERTIFICATE, DEPOSIT, *beyond, revoked)
    assert [(m["instance"], m["state"]) for m in found["matters"] if m["matter"] == 10] == [
        ("甘肃银行", state)
    ]
    assert [m["matter"] for m in found["matters"]] == list(range(1, 13))


def test_of_two_banks_the_one_whose_record_was_revoked_is_suspended() -> None:
    """The other bank goes on."""
    other = given("bank_deposit", "b", bank_name="兰州银行")
    revoked = next_of(DEPOSIT, "REVOKED", "r", **after_death())
    found = document(CERTIFICATE, DEPOSIT, other, revoked)
    assert matter(found, 10, "甘肃银行")["state"] == "SUSPENDED"
    assert matter(found, 10, "兰州银行")["state"] == "READY"


REJECTED = resulted(9, "REJECTED")
AGAIN = applied(9, label="again", recorded_at="2026-04-10T09:00:00+08:00")


def test_who_applies_again_after_a_rejection_has_applied() -> None:
    """A rejection ends an application, not the matter."""
    found = matter(document(CERTIFICATE, applied(9), REJECTED, AGAIN), 9)
    assert found["state"] == "APPLIED"
    assert record_id("application", "again") in found["proofs"]
    assert record_id("application") not in found["proofs"]


def test_an_application_from_before_the_rejection_is_what_was_rejected() -> None:
    """A second copy that came before the rejection does not open the matter again."""
    copy = applied(9, label="copy", recorded_at="2026-03-25T09:00:00+08:00")
    assert matter(document(CERTIFICATE, applied(9), copy, REJECTED), 9)["state"] == "REJECTED"


def test_the_result_of_the_second_application_counts() -> None:
    """Mended, applied for again, and accepted."""
    taken = resulted(9, "ACCEPTED", recorded_at="2026-04-15T09:00:00+08:00")
    assert matter(document(CERTIFICATE, applied(9), REJECTED, AGAIN, taken), 9)["state"] == "ACCEPTED"


def test_a_second_proof_carries_on_when_the_first_is_revoked() -> None:
    """The police have also certified it: a hospital's slip does not make anybody alive."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", **after_death())
    found = document(CERTIFICATE, given("abnormal_death"), PENSION, revoked)
    assert found["death_established"]
    assert matter(found, 4)["state"] == "READY"
    assert matter(found, 1)["department"] == "police"


def test_a_revocation_that_comes_first_is_kept_and_a_late_original_revives_nobody() -> None:
    """Hard case 2: the tombstone stands, whatever arrives after it."""
    revoked = next_of(CERTIFICATE, "REVOKED", "r", **after_death())
    assert document(revoked, CERTIFICATE) == document(CERTIFICATE, revoked)
    assert not document(revoked, CERTIFICATE)["death_established"]


def test_an_amendment_that_comes_before_its_original_is_the_one_in_force() -> None:
    """Hard case 3: order is by revision, never by arrival."""
    amended = next_of(CERTIFICATE, "AMENDED", "a", **after_death(death_cause="肺炎"))
    found = document(amended, CERTIFICATE)
    in_force = {r["record_id"] for r in found["records"] if r["in_force"]}
    assert in_force == {record_id("death_certificate", "a")}


def test_a_second_certificate_of_one_death_is_a_duplicate() -> None:
    """Hard case 5: one fact, flagged, whichever of the two was first in the log."""
    again = given("death_certificate", "again", recorded_at="2026-03-05T09:00:00+08:00")
    for order in ([CERTIFICATE, again], [again, CERTIFICATE]):
        (flagged,) = (r for r in document(*order)["records"] if r["duplicate_of"])
        assert flagged["record_id"] == record_id("death_certificate", "again")
        assert flagged["duplicate_of"] == record_id("death_certificate")


def test_one_number_under_two_names_holds_all_records_whichever_came_first() -> None:
    """Nobody is merged with somebody else: a handler decides who is meant."""
    stranger = given("medical_insurance", name="赵冬生")
    for order in ([CERTIFICATE, stranger], [stranger, CERTIFICATE]):
        found = document(*order)
        assert [r["held"] for r in found["records"]] == [True, True]
        assert not found["death_established"]


@pytest.mark.parametrize("written", ["买买提·艾力", "买买提•艾力", "买买提．艾力", "买买提 艾力"])
def test_a_name_with_another_dot_is_the_same_name(written: str) -> None:
    """Registers write the middle dot in many ways; that makes no second person."""
    found = document(given("death_certificate", name="买买提·艾力"), given("social_insurance", name=written))
    assert not any(r["held"] for r in found["records"])
    assert matter(found, 4)["state"] == "READY"


def test_a_rejected_matter_whose_document_is_lost_says_what_it_waits_for() -> None:
    """Suspended whatever it had come to: the family reads what is missing and who has it."""
    revoked = next_of(WILL, "REVOKED", "no will", **after_death())
    found = matter(document(CERTIFICATE, WILL, FUND, resulted(8, "REJECTED"), revoked), 8)
    waiting = [(one["prerequisite"], one["owed_by"]) for one in found["waiting_for"]]
    assert (found["state"], waiting) == ("SUSPENDED", [HEIRS])


@pytest.mark.parametrize(
    "names",
    [
        ("甘肃银行", "甘肃银行股份有限公司"),
        ("甘肃银行天水分行", "甘肃银行秦州支行"),
        ("甘肃 银行", "甘肃银行天水分行营业部"),
    ],
)
def test_branches_of_one_bank_are_one_matter(names: tuple[str, str]) -> None:
    """A bank is a legal person, and its accounts count together wherever they are kept."""
    deposits = [
        given("bank_deposit", name, bank_name=name, account_no_tail=f"000{tail}", balance_fen=3_000_000)
        for tail, name in enumerate(names)
    ]
    found = document(CERTIFICATE, *deposits)
    banks = [(m["instance"], m["state"]) for m in found["matters"] if m["matter"] == 10]
    assert banks == [("甘肃银行", "NOT_APPLICABLE")]


@pytest.mark.parametrize("name", ["甘肃银行村镇", "中国农业发展银行天水分行", "西甘肃银行天水分行"])
def test_a_name_that_only_looks_like_a_banks_is_another_bank(name: str) -> None:
    """What begins with a bank's name is its branch only if it ends as branches do."""
    found = document(CERTIFICATE, given("bank_deposit", bank_name=name))
    assert [m["instance"] for m in found["matters"] if m["matter"] == 10] == [name]


def test_what_is_above_the_bound_leaves_a_way_out() -> None:
    """Over 50 000 yuan: 需办理继承公证. What is empty leaves none, and neither does a handler's decision."""
    assert matter(document(CERTIFICATE, MUCH), 10, "甘肃银行")["way_out"] == "inheritance_notarisation"
    for others in (
        [given("bank_deposit", balance_fen=0)],
        [DEPOSIT, given("decision", matter=10)],
        [DEPOSIT],
    ):
        assert matter(document(CERTIFICATE, *others), 10, "甘肃银行")["way_out"] is None


@each_cell(
    ("relation", "named", "told"),
    [
        ("配偶", None, None),
        ("儿子", None, None),
        ("母亲", None, None),
        (None, None, None),
        ("弟", None, "ask_the_bank"),
        ("儿媳", None, "ask_the_bank"),
        ("弟", "WILL", None),
        ("弟", "INHERITANCE", "ask_the_bank"),
    ],
)
def test_who_is_no_near_relative_is_told_so_and_may_ask_the_bank(
    relation: str | None, named: str | None, told: str | None
) -> None:
    """It is for spouses, children, parents and those in a notarised will; nobody is turned away."""
    deeds = [given("notary", kind=named, beneficiaries=[HEIR])] if named else []
    asked = applied(10, applicant={**HEIR, "relation": relation})
    found = matter(document(CERTIFICATE, DEPOSIT, *deeds, asked), 10, "甘肃银行")
    assert (found["state"], found["way_out"]) == ("APPLIED", told)


def test_of_two_who_apply_one_near_relative_is_enough() -> None:
    """What is said stands for all who apply."""
    brother = applied(
        10, label="b", applicant={**HEIR, "relation": "弟"}, recorded_at="2026-03-21T09:00:00+08:00"
    )
    found = document(CERTIFICATE, DEPOSIT, applied(10, applicant={**HEIR, "relation": "女"}), brother)
    assert matter(found, 10, "甘肃银行")["way_out"] is None


@pytest.mark.parametrize(
    ("insured", "told"),
    [
        ({"scheme": "CIVIL_SERVICE_PENSION"}, ("unit_pays", "unit_pays")),
        ({"scheme": "CIVIL_SERVICE_PENSION", "receiving_benefit": None}, ("unit_pays", "unit_pays")),
        ({"receiving_benefit": False}, ("account_is_inherited", "allowance_before_retiring")),
        ({"receiving_benefit": None}, (None, None)),
        ({"scheme": "RESIDENT_PENSION"}, (None, None)),
    ],
)
def test_who_is_paid_elsewhere_is_told_where(insured: dict[str, Any], told: tuple[str | None, ...]) -> None:
    """Staff of public bodies, and who died before retiring: 4 and 5 do not apply, others pay."""
    found = document(CERTIFICATE, given("social_insurance", **insured))
    ways = [(matter(found, number)["state"], matter(found, number)["way_out"]) for number in (4, 5)]
    assert ways == [("NOT_APPLICABLE", way) for way in told]


def test_of_a_licence_the_family_is_told_that_nothing_is_to_be_done() -> None:
    """The police cancel it by law: while it is valid the family need not apply."""
    cancelled = given("driving_licence", "c", **after_death(status="CANCELLED"))
    for others, told in (([LICENCE], "police_act_themselves"), ([LICENCE, cancelled], None), ([], None)):
        assert matter(document(CERTIFICATE, *others), 11)["way_out"] == told
