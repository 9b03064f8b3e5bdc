"""Numbers of bodies, banks and files."""

import pytest

from tests.cells import each_cell
from verification import numbers


@pytest.mark.parametrize(
    "uscc", ["91110000600037341L", "91620500MA71C2QK06", "N2620500MA71C2QK0M", "A16205004380001233"]
)
def test_right_credit_codes_are_taken_with_letters_in_the_authority_too(uscc):
    """GB 32100: farmers' co-operatives begin with N, unions with letters of their own."""
    assert numbers.is_uscc(uscc)


@each_cell(
    "uscc",
    [
        "91110000600037341K",
        "9111000060003734",
        "91110000600037341l",
        "9111000O600037341L",
        "",
        "I1110000600037341L",
    ],
)
def test_wrong_credit_codes_are_not(uscc):
    """A wrong check character, length, case or letter."""
    assert not numbers.is_uscc(uscc)


def test_a_routing_number_has_twelve_digits_and_a_check_digit():
    """联行号: ISO 7064 MOD 11,10."""
    assert numbers.is_bank_routing_no("102825000182")
    assert not numbers.is_bank_routing_no("102825000183")
    assert not numbers.is_bank_routing_no("10282500018")


@pytest.mark.parametrize(
    ("account", "may_be"), [("6222020000000000000", True), ("6222020000000000001", False), ("存折A-1", True)]
)
def test_luhn_is_asked_of_digits_only(account, may_be):
    """Passbooks need not pass."""
    assert numbers.may_be_bank_card(account) is may_be


@pytest.mark.parametrize("phone", ["13893812345", "+86 138-9381-2345", "(0938)8213456转8001", "12345"])
def test_telephones_are_written_in_many_ways(phone):
    """Loosely checked."""
    assert numbers.is_phone(phone)


@pytest.mark.parametrize("phone", ["", "无", "1234", "call me", "1" * 61])
def test_what_is_no_telephone_is_not(phone):
    """At least five digits, and nothing but what people write among them."""
    assert not numbers.is_phone(phone)
