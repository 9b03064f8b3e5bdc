"""Characters that older tables of GB 18030 put into the private use area are what they are today."""

import pytest

from tests.cells import each_cell
from tests.common_names import GIVEN, SURNAMES
from verification.private_use import standard_text

# GB 18030-2022, the eighteen of its changes: the code and the character that the standard gives it.
CHANGED_2022 = {
    **dict(zip(("A6D9", "A6DA", "A6DB", "A6DC", "A6DD", "A6DE", "A6DF"), "︐︒︑︓︔︕︖", strict=True)),
    **dict(zip(("A6EC", "A6ED", "A6F3"), "︗︘︙", strict=True)),
    **dict(zip(("FE59", "FE61", "FE66", "FE67"), "龴龵龶龷", strict=True)),
    **dict(zip(("FE6D", "FE7E", "FE90", "FEA0"), "龸龹龺龻", strict=True)),
}
TAKEN_AWAY_2022 = {"FE51": "𠂇", "FE52": "𠂉", "FE53": "𠃌", "FE6C": "𡗗", "FE76": "𢦏", "FE91": "𤇾"}
EARLIER = {
    "A8BC": "ḿ",
    "A8BF": "ǹ",
    "A989": "〾",
    "A995": "⿻",
    "FE50": "⺁",
    "FE55": "㑳",
    "FE9F": "䶮",
    "A3A0": "　",
}


@each_cell(("code", "character"), [*CHANGED_2022.items(), *TAKEN_AWAY_2022.items(), *EARLIER.items()])
def test_a_code_of_gb_18030_is_the_character_that_the_standard_gives_it(code, character):
    """Whatever table the library has, which is that of the year 2000."""
    assert standard_text(bytes.fromhex(code).decode("gb18030")) == character


@pytest.mark.parametrize(
    ("code", "character"), [("82359037", "龴"), ("84318236", "︐"), ("8135F437", "ḿ"), ("8336CF39", "䶮")]
)
def test_a_code_of_four_bytes_is_the_same_character_as_that_of_two(code, character):
    """Old and new systems each have their way to write one character; both are one."""
    assert standard_text(bytes.fromhex(code).decode("gb18030")) == character


def test_a_name_with_a_private_character_is_the_name_with_the_standard_one():
    """U+E863 is what older input methods write for 䶮, a character of names."""
    assert standard_text("刘\ue863") == "刘䶮"


def test_what_no_table_knows_stays_private():
    """A font of one's own is nobody else's; nothing is guessed."""
    assert standard_text("王\ue000\uf8ff\ue76c") == "王\ue000\uf8ff\ue76c"


def test_all_other_text_stays_as_it_is():
    """Names above all."""
    text = "".join([*SURNAMES, *GIVEN, "䶮㛃喆𬭛𠅤買买提·艾力", "Müller \x00\ud800"])
    assert standard_text(text) == text
