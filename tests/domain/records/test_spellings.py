"""Numbers and names of bodies are compared by what is seen of them, as names of persons are."""

from collections.abc import Mapping
from typing import Any

import pytest

from exchange.domain.facts import sort_out
from exchange.domain.identity.persons import persons_of
from exchange.domain.policy import load_policy
from tests.cases import Given, applied, document, given, matter, resulted, state_of
from tests.cells import each_cell
from tests.unseen import BLANKS, SHAPELESS

LATER = "2025-12-02T09:00:00+08:00"
CERTIFICATE = given("death_certificate")
UNSEEN = [*SHAPELESS, *BLANKS, "\r\n", "\n"]
IN_SOME = ["\u200b", "\u00a0", "\u3000", "\u200e", "\t", "\ufeff", "\r\n", "\ufe0f", "\u2060", "\u00ad"]

STATES = {
    "provident_fund": ("account_no", "天 0938-7", "天0938-8"),
    "bank_deposit": ("account_no_tail", "0 017", "0018"),
    "driving_licence": ("licence_no", "62 0502", "620503"),
}
DOCUMENTS = {
    "notary": ("deed_no", "（2026）天公证字第 1 号", "（2026）天公证字第 11 号"),
    "abnormal_death": ("case_no", "天公〔2026〕7 号", "天公〔2026〕77 号"),
    "death_declaration": ("judgment_no", "（2026）甘0502民特 1 号", "（2026）甘0502民特 2 号"),
}


def two(record_type: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Given]:
    recorded = given(record_type)[1]["recorded_at"]
    later = LATER if recorded < LATER else recorded
    return [given(record_type, **one), given(record_type, "other", **{**other, "recorded_at": later})]


def in_force(*records: Given) -> int:
    """How many facts there are of the first one's type."""
    facts = sort_out(persons_of(state_of(records)), load_policy())
    return len(facts.in_force[records[0][0]])


@each_cell("unseen", UNSEEN)
@each_cell("record_type", [*STATES, *DOCUMENTS])
def test_a_number_with_something_unseen_in_it_is_the_same_number(record_type: str, unseen: str) -> None:
    """Two writings of one account are one account, not two whose money is added up."""
    name, number, _ = {**STATES, **DOCUMENTS}[record_type]
    bare = number.replace(" ", "")
    middle = len(bare) // 2
    written = f"{bare[:middle]}{unseen}{bare[middle:]}"
    assert in_force(*two(record_type, {name: bare}, {name: written})) == 1
    assert in_force(*two(record_type, {name: number}, {name: written})) == 1


@each_cell("record_type", [*STATES, *DOCUMENTS])
def test_another_number_is_another_fact(record_type: str) -> None:
    """Nothing but what is not seen is passed over."""
    name, number, other = {**STATES, **DOCUMENTS}[record_type]
    assert in_force(*two(record_type, {name: number}, {name: other})) == 2


@pytest.mark.parametrize("name", [name for name, _, _ in DOCUMENTS.values()])
def test_a_document_whose_number_differs_in_a_blank_is_a_duplicate(name: str) -> None:
    """One deed, one judgment, however its number was typed."""
    record_type = next(kind for kind, (key, _, _) in DOCUMENTS.items() if key == name)
    _, number, _ = DOCUMENTS[record_type]
    found = document(*two(record_type, {name: number}, {name: number.replace(" ", "\u3000")}))
    assert sum(entry["duplicate_of"] is not None for entry in found["records"]) == 1


@each_cell("unseen", IN_SOME)
def test_a_bank_is_one_bank_however_its_name_is_spaced(unseen: str) -> None:
    """Deposits at one bank are added up, and its result closes its matter."""
    other = f"甘肃{unseen}银行"
    deposits = [
        given("bank_deposit", balance_fen=3_000_000),
        given("bank_deposit", "b", bank_name=other, account_no_tail="0002", balance_fen=3_000_000),
    ]
    (together,) = (m for m in document(CERTIFICATE, *deposits)["matters"] if m["matter"] == 10)
    assert together["state"] == "NOT_APPLICABLE"
    paid = [CERTIFICATE, deposits[0], applied(10), resulted(10, issuer_name=other)]
    assert matter(document(*paid), 10, "甘肃银行")["state"] == "COMPLETED"
    hold = given("decision", kind="MATTER_HELD", matter=10, instance=other)
    assert matter(document(CERTIFICATE, deposits[0], hold), 10, "甘肃银行")["state"] == "SUSPENDED"


@each_cell(
    "name",
    [
        "兰州银行",
        "甘肃 银行股份",
        "甘肅银行",
        "甘肃银行2",
        "Ｇ银行",
        "g银行",
        "中国农业银行",
        "中国建设银行",
        "中国工商银行",
        "中国银行",
    ],
)
def test_another_name_is_another_bank(name: str) -> None:
    """What is written with other characters is not guessed to be the same."""
    deposits = [given("bank_deposit"), given("bank_deposit", "b", bank_name=name)]
    found = [m["instance"] for m in document(CERTIFICATE, *deposits)["matters"] if m["matter"] == 10]
    assert sorted(found) == sorted(["甘肃银行", name])


@each_cell("unseen", IN_SOME)
def test_a_value_in_which_nothing_is_seen_fills_no_field(unseen: str) -> None:
    """The next source is asked, or the family."""
    found = document(given("death_certificate", death_place=unseen))
    assert found["form"]["deceased"]["death_place"]["state"] == "missing"


@each_cell("unseen", SHAPELESS)
def test_a_name_that_differs_in_what_is_not_seen_holds_nobody(unseen: str) -> None:
    """A mark of direction that came with a copied name makes no second person."""
    found = document(CERTIFICATE, given("social_insurance", name=f"李{unseen}秀兰{unseen}"))
    assert not any(entry["held"] for entry in found["records"])
    assert matter(found, 4)["state"] == "READY"
