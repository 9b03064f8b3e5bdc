"""Surnames: what a name of this country begins with."""

from tests.cells import each_cell
from verification.names.surnames import begins_with_surname, compound_surnames, single_surnames


@each_cell(
    "name", ["王桂芳", "欧阳修", "谢英", "雒建国", "令狐冲", "於梅", "缑强", "东方红", "乜秀兰", "查良镛"]
)
def test_a_name_begins_with_its_surname(name):
    """One character, or two of a compound one."""
    assert begins_with_surname(name)


@each_cell("text", ["瀛欏钩", "лӢ", "閻犲", "袠胁邪", "", "的士", "Wang", "·王", "濂藉惂", "鏉庣"])
def test_other_text_does_not(text):
    """Least of all what a name becomes in the wrong encoding."""
    assert not begins_with_surname(text)


def test_no_surname_is_listed_twice():
    """The first hundred are those by number of bearers."""
    singles = list(single_surnames())
    assert list(single_surnames().values()) == list(range(len(singles)))
    assert (singles[0], singles[99]) == ("王", "常")
    assert all(len(surname) == 1 for surname in singles)
    assert len(singles) > 450
    assert all(len(surname) == 2 for surname in compound_surnames())
    assert len(compound_surnames()) == 59
