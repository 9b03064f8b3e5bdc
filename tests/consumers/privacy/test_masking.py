"""What a reader sees of numbers without a reason."""

import pytest

from consumers.privacy.masking import is_sensitive, masked_case, masked_fields
from exchange.domain.policy import load_policy
from tests.case_documents import CARD, PHONE, case_document, conflict, decision, filled
from tests.cells import each_cell
from tests.people import LI_XIULAN, WANG_JIANGUO

POLICY = load_policy()


@pytest.mark.parametrize("number", [LI_XIULAN, WANG_JIANGUO, PHONE, CARD])
def test_no_number_of_a_person_stands_in_a_masked_case(number: str) -> None:
    """ID, card and telephone numbers are hidden wherever they stand: form and conflicts."""
    document = case_document()
    assert number in str(document)
    assert number not in str(masked_case(document, POLICY))


def test_masking_hides_values_and_nothing_else() -> None:
    """A handler still sees that a field is filled, from where, and everything that is no number."""
    document = case_document()
    masked = masked_case(document, POLICY)
    assert masked["form"]["deceased"]["name"] == document["form"]["deceased"]["name"]
    assert masked["form"]["deceased"]["id_number"]["state"] == "prefilled"
    assert masked["form"]["deceased"]["id_number"]["source"]["department"] == "health"
    assert masked["form"].keys() == document["form"].keys()
    assert masked["matters"] == document["matters"]


def test_masking_leaves_the_original_alone() -> None:
    """Documents are values: what one reader may not see is not taken from the next."""
    document = case_document()
    masked_case(document, POLICY)
    assert document == case_document()


def test_a_field_without_a_value_stays_without_one() -> None:
    """An empty field is no secret."""
    assert masked_fields({"applicant.phone": filled(None)}, POLICY)["applicant.phone"]["value"] is None


def test_a_conflict_on_a_field_that_is_no_number_is_shown() -> None:
    """Two dates of death must be seen to be resolved."""
    document = case_document(conflicts=[conflict("deceased.death_time", "2026-01-03", "2026-01-04")])
    assert masked_case(document, POLICY)["conflicts"] == document["conflicts"]


def test_a_field_that_the_policy_does_not_know_is_masked() -> None:
    """Deny by default: a newer version's field may be anything."""
    assert is_sensitive("deceased.shoe_size", POLICY)
    assert not is_sensitive("deceased.name", POLICY)


@pytest.mark.parametrize("number", [LI_XIULAN, PHONE, CARD])
def test_a_number_that_a_handler_wrote_into_a_reason_is_masked(number: str) -> None:
    """The rest of the reason is what the next handler needs."""
    document = case_document(decisions=[decision("PERSON_LINKED", reason=f"本人 {number}，2025-09-05 核实")])
    (masked,) = masked_case(document, POLICY)["decisions"]
    assert number not in masked["reason"]
    assert "2025-09-05 核实" in masked["reason"]


@each_cell("unseen", ["\u200b", "\u200e", "\ufeff", "\u00ad", "\ufe0f", "\u2060"])
def test_a_number_is_masked_though_something_unseen_parts_it(unseen: str) -> None:
    """On paper and on screen it would be read in one piece."""
    written = f"本人 {unseen.join(LI_XIULAN)}，已核实"
    (masked,) = masked_case(case_document(decisions=[decision("PERSON_LINKED", reason=written)]), POLICY)[
        "decisions"
    ]
    assert masked["reason"] == f"本人 620***{LI_XIULAN[-2:]}，已核实"
