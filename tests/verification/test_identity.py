"""Personal numbers: which are right, whose they are, and how they are written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cells import each_cell
from tests.people import FOREIGNER_2017, FOREIGNER_2023, id_number, id_number_15
from tests.strategies import valid_id_numbers
from verification.identity import Identity, UnfitIdentityError, identify
from verification.reasons import Reason, reason

BORN = date(1950, 1, 1)


def _code(text):
    with pytest.raises(UnfitIdentityError) as refused:
        identify(text)
    return refused.value.code


def test_a_citizens_number_tells_birth_date_and_sex():
    """GB 11643: region, birth date, sequence (odd for men), check digit."""
    found = identify(id_number("620503", BORN, 11))
    assert (found.kind, found.birth_date, found.sex, found.original) == ("RESIDENT_ID", BORN, "1", None)


def test_an_even_sequence_is_a_womans():
    """The last digit of the sequence tells the sex."""
    assert identify(id_number(sequence=12)).sex == "2"


def test_numbers_of_tianshui_from_before_1984_are_right():
    """6205… is the region of today's Tianshui; who refuses those born before 1984 refuses the dead."""
    assert identify(id_number("620502", date(1931, 2, 28), 1)).region_known


@pytest.mark.parametrize("space", [" ", "\u3000", "\u00a0", "\u2003"])
def test_spaces_within_a_number_say_nothing(space):
    """Forms print the number in groups, and Chinese keyboards write the ideographic space."""
    number = id_number()
    assert identify(f"{space}{number[:6]}{space}{number[6:14]}{space}{number[14:]}{space}").number == number


def test_full_width_digits_are_the_same_digits():
    """Chinese keyboards write them."""
    wide = id_number().translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    assert identify(wide).number == id_number()


def test_a_check_digit_x_is_taken_in_every_writing():
    """X stands for ten, large or small, narrow or wide."""
    number = next(n for n in (id_number(sequence=s) for s in range(1, 99)) if n.endswith("X"))
    for x in "XxＸｘ":
        assert identify(number[:-1] + x).number == number


def test_a_15_digit_number_is_upgraded_and_its_original_kept():
    """Old notary and insurance files: the century is 19, and the check digit is added."""
    found = identify(id_number_15("620503", BORN, 11))
    assert found.number == id_number("620503", BORN, 11)
    assert found.original == id_number_15("620503", BORN, 11)


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_a_residence_permit_of_hong_kong_macau_or_taiwan_is_told_by_its_prefix(prefix):
    """港澳台居民居住证: the same check digit, the prefix tells the kind."""
    found = identify(id_number(prefix, BORN, 11))
    assert (found.kind, found.birth_date, found.region_known) == ("HMT_RESIDENCE_PERMIT", BORN, True)


def test_a_foreigners_number_of_2017_has_three_letters():
    """3 letters and 12 digits; its two-digit year tells no birth date for sure."""
    found = identify(FOREIGNER_2017.lower())
    assert found == Identity(FOREIGNER_2017, "FOREIGN_PERMANENT_RESIDENT_ID")


def test_a_foreigners_number_of_2023_begins_with_nine():
    """18 digits, with the birth date and the check digit of a citizen's."""
    found = identify(FOREIGNER_2023)
    assert (found.kind, found.birth_date) == ("FOREIGN_PERMANENT_RESIDENT_ID", date(1970, 2, 3))


def test_an_unknown_region_is_only_remarked_upon():
    """The region is that of first issue, and old codes stay valid."""
    assert not identify(id_number("590503")).region_known


@each_cell(
    ("number", "code"),
    [
        (id_number()[:-1] + ("1" if id_number()[-1] != "1" else "2"), "id_checksum_wrong"),
        (id_number()[:-1], "id_length_wrong"),
        (id_number() + "0", "id_length_wrong"),
        ("", "id_number_missing"),
        ("USA1100700203", "id_length_wrong"),
        ("91184070020316", "id_length_wrong"),
        ("911840700203161", "id_length_wrong"),
        ("810000600506151", "id_length_wrong"),
        ("不详", "id_number_missing"),
        ("6205031950010X0111", "id_characters_wrong"),
        ("²20503195001010118", "id_characters_wrong"),
        (id_number()[:-1] + "\n", "id_characters_wrong"),
        ("620503" + "19500230" + "011" + "4", "id_checksum_wrong"),
        (id_number(sequence=0), "id_sequence_wrong"),
        (id_number_15(sequence=0), "id_sequence_wrong"),
        ("6.2E+17", "id_as_number"),
        ("6.20503E+17", "id_as_number"),
        ("6.20503195001E17", "id_as_number"),
        ("6,20503E+17", "id_as_number"),
        ("６.2e+17", "id_as_number"),
        ("620503195001010118.0", "id_as_number"),
        ("620503500101011.00", "id_as_number"),
        (f'="{id_number()}"', "id_as_formula"),
        (f"={id_number()}", "id_as_formula"),
        (f"'{id_number()}", "id_as_formula"),
        (f"’{id_number()}", "id_as_formula"),
        (f"＇{id_number()}", "id_as_formula"),
        ("620503195001010000", "id_digits_lost"),
        ("620502194803120000", "id_digits_lost"),  # its check digit is right
        (id_number(sequence=118)[:-3] + "000", "id_digits_lost"),
        ("6.2", "id_characters_wrong"),
        ("E12345678", "id_of_other_document"),
        ("620503-19500101-0118", "id_characters_wrong"),
        ("620503500230011", "id_birth_date_wrong"),
        (id_number(birth=date(1850, 1, 1)), "id_birth_date_wrong"),
        (id_number(birth=date(1879, 12, 31)), "id_birth_date_wrong"),
    ],
)
def test_what_cannot_be_a_number_is_refused_by_its_code(number, code):
    """Each fault has its own code, so that a clerk knows what to look at."""
    assert _code(number) == code


@pytest.mark.parametrize("number", ["620502195003053000", "620502195003061000", "620502195003088000"])
def test_a_number_that_ends_in_zeros_and_is_right_is_taken(number):
    """One person in a thousand has such a number."""
    assert identify(number).number == number


@pytest.mark.parametrize("code", ["id_as_number", "id_as_formula", "id_digits_lost"])
def test_what_a_spreadsheet_changed_is_answered_with_the_format_of_the_column(code):
    """To type the number once more into the same column would change it again."""
    told = reason(code, "id_number", "6.20503E+17")
    assert "“文本”" in told.message_zh
    assert "as text" in told.message_en


def test_births_of_the_oldest_card_holders_are_possible():
    """The earliest birth known on a card is of 1886."""
    assert identify(id_number(birth=date(1886, 6, 25))).birth_date == date(1886, 6, 25)


def test_a_refusal_masks_the_number():
    """Nobody reads a whole number in a message or a log."""
    number = id_number()[:-1]
    with pytest.raises(UnfitIdentityError) as refused:
        identify(number)
    told = f"{refused.value} {refused.value.reason}"
    assert number not in told
    assert "620***" in told


def test_the_repr_of_an_identity_shows_no_number():
    """A repr ends in logs."""
    assert id_number() not in repr(identify(id_number()))


@given(valid_id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_every_wrong_digit_is_found(number, place, shift):
    """ISO 7064 MOD 11-2 finds each single wrong digit."""
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert _code(wrong) == ("id_digits_lost" if wrong.endswith("000") else "id_checksum_wrong")


@given(st.text(max_size=30))
def test_no_text_whatever_does_more_than_be_refused(text):
    """Whatever is written in the field, the answer is a code."""
    try:
        outcome = identify(text)
    except UnfitIdentityError as refused:
        outcome = refused.reason
    assert isinstance(outcome, Identity | Reason)
