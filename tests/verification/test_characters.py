"""What is seen of a text: of what has no shape nothing, of every blank a blank, of a break a line's end."""

import pytest

from tests.cells import each_cell
from tests.strategies import DECIDERS, MATERIALS
from tests.unseen import BLANKS, GOOD_NAMES, LINE_BREAKS, SHAPELESS, TURNING
from tests.verification.test_acceptance import OWN, OWNERS, record, told
from verification.acceptance import AcceptanceRules, Accepted, Refused, accept
from verification.characters import in_one_line, is_blank, spelling, visible, without_shape
from verification.names.keys import name_key, same_name

RULES = AcceptanceRules(DECIDERS, MATERIALS)


def taken(record_type="death_certificate", taken_at=None, **changes):
    raw = record(record_type, **changes)
    return accept(record_type, raw, owner=OWNERS[record_type], rules=RULES, taken_at=taken_at)


def ids(characters):
    return [" ".join(f"U+{ord(one):04X}" for one in each) for each in characters]


def test_there_are_as_many_good_names_as_a_fair_table_needs():
    """Every refusal is shown with its twin: as many good inputs pass."""
    assert len(SHAPELESS) + len(TURNING) + len(BLANKS) + len(LINE_BREAKS) == 66
    assert len(GOOD_NAMES) == len(set(GOOD_NAMES)) == 21
    assert len(set(map(name_key, GOOD_NAMES))) == len(GOOD_NAMES)


@each_cell("one", [*SHAPELESS, *TURNING], ids=ids([*SHAPELESS, *TURNING]))
def test_what_has_no_shape_is_part_of_no_name(one):
    """Copied from a web page, a chat or an old register: the name is what anybody sees of it."""
    for written in (f"{one}王桂芳", f"王{one}桂芳", f"王桂芳{one}", f"{one * 3}王{one}桂{one}芳"):
        assert same_name(written, "王桂芳")
        assert visible(written) == without_shape(written) == in_one_line(written) == "王桂芳"
    assert not same_name(f"王{one}芳", "王桂芳")


@each_cell("one", SHAPELESS, ids=ids(SHAPELESS))
def test_a_name_with_something_unseen_in_it_is_taken_as_it_was_written(one):
    """Nothing is corrected in silence: the record keeps what its department wrote."""
    verdict = taken(name=f"王桂芳{one}", death_place=f"{one}秦州区")
    assert isinstance(verdict, Accepted), verdict
    assert (verdict.record.name, verdict.record.facts["death_place"]) == (f"王桂芳{one}", f"{one}秦州区")
    assert verdict.warnings == ()


@each_cell("one", TURNING, ids=ids(TURNING))
def test_what_turns_the_direction_of_writing_stays_refused(one):
    """It makes a number read otherwise than it is."""
    verdict = taken(name=f"王桂芳{one}")
    assert isinstance(verdict, Refused)
    assert told(verdict.reasons) == [("characters_wrong", "name")]


@each_cell("one", BLANKS, ids=ids(BLANKS))
def test_every_blank_is_a_blank(one):
    """A tab, a no-break space and the ideographic space are seen as one, and compared as none."""
    assert same_name(f"买买提{one}艾力", "买买提·艾力")
    assert visible(f"王{one}芳") == "王 芳"
    assert in_one_line(f"{one}王{one}{one}芳{one}") == "王 芳"
    assert spelling(f"甘肃{one}银行{one}") == "甘肃银行"
    assert isinstance(taken(name=f"王{one}芳", death_place=f"秦州区{one}民主西路"), Accepted)


@each_cell("one", LINE_BREAKS, ids=ids(LINE_BREAKS))
def test_every_line_break_ends_one_line(one):
    """Windows ends a line with two characters, old machines with others."""
    assert visible(f"秦州区{one}民主西路") == "秦州区\n民主西路"
    assert in_one_line(f"秦州区{one}{one}民主西路{one}") == "秦州区 民主西路"
    assert spelling(f"公证{one}1号") == "公证1号"
    assert visible(f"秦州区{one}{one}民主西路").count("\n") == 2


@pytest.mark.parametrize("place", ["一楼\r\n二楼", "一楼\n二楼", "一楼\r二楼", "一楼\t二楼", "\t一楼\r\n"])
def test_text_of_several_lines_is_taken_as_it_was_typed(place):
    """Reasons and places are typed into boxes."""
    verdict = taken(death_place=place)
    assert isinstance(verdict, Accepted), verdict
    assert verdict.record.facts["death_place"] == verdict.avro["death_place"] == place


@each_cell(
    "wrong",
    [
        "王\r芳",
        "王\v芳",
        "王\f芳",
        "王\x85芳",
        "王\x00芳",
        "王\x1b芳",
        "王\x08芳",
        "王\x1f芳",
    ],
)
def test_a_name_has_no_control_characters(wrong):
    """Nobody sees them, and a screen may obey them."""
    verdict = taken(name=wrong)
    assert isinstance(verdict, Refused)
    assert told(verdict.reasons) == [("characters_wrong", "name")]


@each_cell("one", ["王\n芳", "王\r\n芳", "王桂芳\r\n", "\n王桂芳", "王\n\n芳", "王\n", "\n"])
def test_a_line_break_where_one_line_is_asked_for_is_named(one):
    """A name of two lines is two cells, or two people; a clerk is told what to look for in the cell."""
    verdict = taken(name=one, sex=one, death_place=f"一楼{one}")
    assert isinstance(verdict, Refused)
    assert told(verdict.reasons) == [("line_break_within", "name"), ("line_break_within", "sex")]
    assert "换行" in verdict.reasons[0].message_zh


@each_cell("one", ["王桂芳", "王\t芳", "王 芳", "王\u2028芳", "王\u3000桂芳", "n", "\\n王"])
def test_what_is_no_line_break_is_not_taken_for_one(one):
    """A blank within a name is a blank."""
    assert isinstance(taken(name=one, death_place="一楼\n二楼"), Accepted)


@each_cell("name", GOOD_NAMES)
def test_a_name_without_anything_unseen_is_shown_as_it_is_and_accepted_without_a_word(name):
    """Rare characters and other scripts are no fault."""
    assert (visible(name), in_one_line(name), without_shape(name)) == (name, name, name)
    verdict = taken(name=name)
    assert isinstance(verdict, Accepted)
    assert verdict.warnings == ()


@each_cell("one", [*SHAPELESS, *BLANKS], ids=ids([*SHAPELESS, *BLANKS]))
def test_a_name_in_which_nothing_is_to_be_seen_is_refused_as_empty(one):
    """Nobody is called by a Hangul filler or a variation selector."""
    for name in (one, one * 7, f" {one}"):
        assert told(taken(name=name).reasons) == [("text_empty", "name")]
    assert is_blank(one)
    assert told(taken("notary", deed_no=one).reasons) == [("text_empty", "deed_no")]
    assert isinstance(taken(name=f"王{one}"), Accepted)


@each_cell(
    "written",
    [
        "ئا\u200cلى",
        "ئا\u200dلى",
        "ᠪᠠ\u180bᠲᠤ",
        "ᠪᠠ\u180c",
        "ᠪᠠ\u180d",
        "ᠬᠠᠨ\u180eᠠ",
        "ᠰᠠ\u180fᠨ",
        "क\u200dष",
        "क्\u200cष",
        "නි\u200dල්",
    ],
)
def test_a_joiner_is_seen_where_its_script_needs_it_and_compared_nowhere(written):
    """Uyghur and Mongolian letters change with what joins them; for the comparison it is the same name."""
    assert visible(written) == written
    assert same_name(written, without_shape(written))
    assert visible(f"王\u200d{written}") == f"王{written}"


@each_cell(
    "one", ["\t", "\u00a0", "\u3000", "\u2007", "\u200b", "\u200e", "\ufeff", "\u2060", "\u00ad", "\u2800"]
)
def test_a_blank_or_something_unseen_in_a_personal_number_says_nothing(one):
    """Offices put a tab before a number, lest the spreadsheet round it; dialogues add marks of direction."""
    number = record("death_certificate")["id_number"]
    for written in (f"{one}{number}", f"{number}{one}", f"{number[:6]}{one}{number[6:]}"):
        verdict = taken(id_number=written)
        assert isinstance(verdict, Accepted), verdict
        assert verdict.record.id_number == number


def test_a_character_of_private_use_is_the_one_that_unicode_gave_later():
    """䶮 stands at U+E863 in older files."""
    assert same_name("王\ue863", "王䶮")
    assert not same_name("王\ue864", "王䶮")
    assert not same_name("王龑", "王䶮")


@each_cell("record_type", sorted(OWN))
def test_every_type_takes_text_of_several_lines_wherever_it_takes_text(record_type):
    """The rule is of text, not of one field."""
    verdict = taken(record_type, issuer_name="第一\r\n人民医院\t住院部", certificate_no="\u200b7")
    assert isinstance(verdict, Accepted), verdict
