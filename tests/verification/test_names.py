"""Names: which two spellings are one name."""

import pytest

from tests.cells import each_cell
from verification.names.keys import name_key, same_name


@each_cell(
    "spelling",
    [
        "买买提·艾力",
        "买买提•艾力",
        "买买提．艾力",
        "买买提・艾力",
        "买买提 艾力",
        "买买提\u3000艾力",
        "买买提 · 艾力",
        "买买提･艾力",
    ],
)
def test_names_differing_in_dot_or_spacing_are_one(spelling):
    """The middle dot has many code points, and no file uses the same."""
    assert same_name(spelling, "买买提·艾力")


@pytest.mark.parametrize("other", ["张珊", "张三丰", "章三", ""])
def test_other_characters_are_another_name(other):
    """Nothing but dots, spacing and compatibility forms is folded."""
    assert not same_name("张三", other)


def test_full_width_letters_and_case_are_folded_for_comparing():
    """Foreigners' names come in either form."""
    assert name_key("Ｊｏｈｎ SMITH") == name_key("John Smith")
