"""Words and codes of the national lists."""

import pytest

from tests.cells import each_cell
from verification.code_lists import LISTS, code_by_sex, code_list, code_of, name_of


@each_cell(
    ("list_name", "text", "code"),
    [
        ("sex", "男", "1"),
        ("sex", "女", "2"),
        ("sex", "1", "1"),
        ("sex", "9", "9"),
        ("ethnicity", "汉", "01"),
        ("ethnicity", "汉族", "01"),
        ("ethnicity", "HA", "01"),
        ("ethnicity", "03", "03"),
        ("ethnicity", "回族", "03"),
        ("ethnicity", "东乡", "26"),
        ("ethnicity", "基诺族", "56"),
        ("relation", "配偶", "10"),
        ("relation", "夫", "11"),
        ("relation", "妻", "12"),
        ("relation", "子", "20"),
        ("relation", "女", "30"),
        ("relation", "父母", "50"),
        ("relation", "父", "51"),
        ("relation", "母", "52"),
        ("relation", "兄弟姐妹", "70"),
        ("relation", "孙", "40"),
        ("relation", "1", "10"),
    ],
)
def test_words_and_codes_become_the_code(list_name, text, code):
    """Departments write codes or words; the exchange keeps codes."""
    assert code_of(list_name, text) == code


@pytest.mark.parametrize(
    ("list_name", "text"), [("sex", "M"), ("ethnicity", "汉人"), ("ethnicity", "1"), ("relation", "")]
)
def test_what_the_list_lacks_has_no_code(list_name, text):
    """Nothing is guessed."""
    assert code_of(list_name, text) is None


def test_all_56_nationalities_have_number_letters_and_name():
    """GB/T 3304-1991, with or without 族."""
    listed = code_list("ethnicity")
    for number in range(1, 57):
        words = [word for word, code in listed.codes.items() if code == f"{number:02d}"]
        assert len(words) == 4
        assert any(word.isascii() and word.isalpha() for word in words)


@pytest.mark.parametrize(("sex", "code"), [("1", "20"), ("2", "30"), (None, "20")])
def test_children_are_sons_or_daughters_by_their_sex(sex, code):
    """GB/T 4761 has no one code for 子女."""
    assert code_by_sex("relation", "子女", sex) == code


@pytest.mark.parametrize("list_name", LISTS)
def test_every_word_leads_to_a_code_that_has_a_name(list_name):
    """What is stored can be shown again."""
    assert all(name_of(list_name, code) for code in code_list(list_name).codes.values())
