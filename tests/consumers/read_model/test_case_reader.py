"""Which case is asked for."""

import pytest

from consumers.read_model.case_reader import case_id_of
from exchange.folding.case_ids import CaseIds
from tests.people import LI_XIULAN, id_number, id_number_15

CASE_IDS = CaseIds(b"k" * 32)


@pytest.mark.parametrize(
    "written",
    [
        LI_XIULAN,
        f" {LI_XIULAN[:6]} {LI_XIULAN[6:]} ",
        LI_XIULAN.translate({48 + d: 0xFF10 + d for d in range(10)}),
    ],
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    """Spaces and full-width digits are a matter of keyboards."""
    assert case_id_of(written, CASE_IDS) == CASE_IDS.of_key(LI_XIULAN)


def test_a_15_digit_number_finds_the_same_person() -> None:
    """Old files know people by the number they had before 1999."""
    assert case_id_of(id_number_15(), CASE_IDS) == CASE_IDS.of_key(id_number())


def test_a_case_id_stands_for_itself() -> None:
    """Announcements name people by it alone."""
    case_id = CASE_IDS.of_key(LI_XIULAN)
    assert case_id_of(case_id, CASE_IDS) == case_id
    assert case_id_of(case_id.upper(), CASE_IDS) == case_id


@pytest.mark.parametrize("text", ["", "abc", LI_XIULAN[:-1], LI_XIULAN[:-1] + "A", "0" * 31])
def test_what_is_neither_finds_nothing(text: str) -> None:
    """A slip of the pen is nobody's case."""
    assert case_id_of(text, CASE_IDS) is None
