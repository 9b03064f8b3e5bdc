"""Encodings: judged by the text, never guessed in silence; a name is read as written, or not at all."""

import random
import re
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.runtime.sentences import said
from producers.encoding.encodings import GB18030, UTF_8, LineDecoder, encoding_named, judge
from producers.encoding.neighbours import reads_as_neighbour
from producers.reading.lines import Line
from producers.reading.unfit_files import FileRefusedError
from tests.cells import each_cell
from tests.common_names import COMMONEST, GIVEN, SURNAMES, names
from tests.examples import TIMES
from tests.sheets import HEADER, faults, names_read, opened, row, sheet
from verification.names.keys import same_name

ENCODINGS = (UTF_8, GB18030)


def file_of(names_, encoding):
    return sheet(*(row(name, number) for number, name in enumerate(names_))).encode(encoding)


def read(data):
    """The names; None for the file's where nothing is published."""
    try:
        return names_read(data)
    except FileRefusedError as refused:
        return [reason.code for reason in refused.reasons]


def clean_files_are_read(count):
    chance = random.Random(count)
    for _ in range(count):
        some = names(chance, chance.randint(3, 8))
        for encoding in ENCODINGS:
            assert read(file_of(some, encoding)) == some


def test_clean_files_of_three_rows_or_more_are_read_as_they_were_written():
    """Nobody who exports a table as the office always does is asked for its encoding."""
    clean_files_are_read(round(60 * TIMES))


@pytest.mark.long
def test_of_a_thousand_clean_files_in_each_encoding_none_is_refused_and_none_read_wrong():
    """The measure that was promised."""
    clean_files_are_read(1_000)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_single_row_with_any_common_name_is_read_right_or_refused(encoding):
    """谢英 in GB18030 is two letters of UTF-8; a name that is silently another one holds a true death."""
    told = Counter()
    for surname in COMMONEST:
        for given_name in GIVEN[:: max(1, round(5 / TIMES))]:
            name = surname + given_name
            line = Line(1, f"1,{name},EMPLOYEE\r\n".encode(encoding))
            judged = judge([line]).encoding
            told[
                "refused" if judged is None else LineDecoder(judged).read(line.raw)[0].split(",")[1] == name
            ] += 1
    assert told[False] == 0
    assert told["refused"] <= 0.02 * told.total()


@st.composite
def cut_names(draw):
    """A file's names, which of them is cut, and its bytes as they are then."""
    encoding = draw(st.sampled_from(ENCODINGS))
    people = draw(
        st.lists(
            st.builds(str.__add__, st.sampled_from(SURNAMES), st.sampled_from(GIVEN)), min_size=1, max_size=4
        )
    )
    place = draw(st.integers(0, len(people) - 1))
    whole = people[place].encode(encoding)
    at = draw(st.integers(1, len(whole) - 1))
    rest = draw(st.sampled_from([whole[:at], whole[at:], whole[: at - 1] + whole[at:]]))
    return encoding, people, place, rest


@given(cut_names())
@settings(max_examples=150)
def test_no_cut_makes_another_name_of_a_name(cut):
    """Any encoding, any cut within a character, any common name: what is accepted is what was written."""
    encoding, people, place, rest = cut
    mark = "@@"
    data = file_of([mark if number == place else name for number, name in enumerate(people)], encoding)
    found = read(data.replace(mark.encode(), rest))
    if found in (["encoding_unclear"], ["encodings_mixed"]):
        return
    try:
        left = rest.decode(encoding)
    except UnicodeDecodeError:
        left = None
    assert found[place] in (None, left)
    assert all(name is None or name == people[number] for number, name in enumerate(found) if number != place)


GOOD = [
    ("a foreigner's name with accents", UTF_8, ["José García", "王桂芳"]),
    ("a foreigner's name alone", UTF_8, ["Müller"]),
    ("a Russian's name beside others", UTF_8, ["Иванов Иван", "李建国", "赵强"]),
    ("a Russian's name alone", UTF_8, ["Иванов Иван Иванович"]),
    ("a middle dot", UTF_8, ["买买提·艾力"]),
    ("a middle dot", GB18030, ["买买提·艾力", "阿依古丽·吐尔逊"]),
    ("rare characters", UTF_8, ["王䶮", "李㛃", "赵𬭛"]),
    ("rare characters", GB18030, ["王䶮", "李㛃", "赵𬭛", "孙平"]),
    ("compound surnames", GB18030, ["欧阳修", "司马光", "令狐冲"]),
    ("two people of letters alone", UTF_8, ["John Smith", "Wang Fang"]),
    ("a Korean's name beside others", UTF_8, ["김철수", "孙平"]),
    ("a Japanese's name beside others", GB18030, ["すずき", "孙平", "李秀兰"]),
    ("a Tibetan's name beside others", UTF_8, ["བསྟན་འཛིན", "扎西"]),
    ("Japanese alone, in kana", GB18030, ["スズキ", "タナカ", "ハナコ"]),
    ("people who are called as in Japan", GB18030, ["林森", "森林", "金成", "原子英", "高桥", "井上"]),
    ("characters that are syllables of Korean names", GB18030, ["林建国", "李海军", "全国强", "巢芳"]),
    ("names that are valid in the other encoding", GB18030, ["谢英", "袁英", "魏维"]),
    ("a rare name that is Arabic letters in UTF-8", GB18030, ["乜倩倩", "王刚", "苏平", "李玉珍"]),
    ("联通, as everybody knows it", GB18030, ["联通", "李秀兰"]),
    ("traditional characters", GB18030, ["陳麗華", "劉國強", "張學友"]),
    ("what is like text of seven bits", UTF_8, ["~{Smith~", "+8613912345678", "a+abcd-b", "{~}", "+08:00"]),
    ("names of one row", UTF_8, ["孙平"]),
    ("names of one row", GB18030, ["谢英"]),
]  # fmt: skip


@each_cell(
    ("encoding", "people"), [(one[1], one[2]) for one in GOOD], ids=[f"{one[0]} {one[1]}" for one in GOOD]
)
def test_a_good_file_is_read_as_it_was_written(encoding, people):
    """Every kind of name that occurs, none of them with a remark."""
    assert read(file_of(people, encoding)) == people


WANG, CUT_WANG = "王桂芳".encode(), "王桂芳".encode()[:-1]
BAD = [
    ("cut at its end", [CUT_WANG], UTF_8),
    ("cut at its beginning", [WANG[1:]], UTF_8),
    ("a byte lost within", [WANG[:4] + WANG[5:]], UTF_8),
    ("cut in GB18030", ["王桂芳".encode("gb18030")[:-1]], GB18030),
    ("a lost byte in GB18030", ["王桂芳".encode("gb18030")[1:]], GB18030),
    ("a row of GB18030 in UTF-8", ["李建国".encode("gb18030")], UTF_8),
    ("a row of GB18030 in UTF-8 that is valid there", ["谢英".encode("gb18030")], UTF_8),
    ("another such row", ["毛茅".encode("gb18030"), "袁雪".encode("gb18030")], UTF_8),
    ("a row of UTF-8 in GB18030", ["李建".encode()], GB18030),
    ("a row of UTF-8 in GB18030 that is valid there", ["孙平".encode(), "李建国".encode()], GB18030),
    ("bytes that are never text", [b"\xff\xfe", b"\xc0\x80"], UTF_8),
    ("a half of a surrogate pair as CESU-8 writes it", [b"\xe7\x8e\x8b\xed\xa1\x82\xed\xb0\x80"], UTF_8),
    ("Latin-1", ["José".encode("latin-1")], UTF_8),
]


@each_cell(("damaged", "encoding"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_a_damaged_row_is_refused_alone_and_for_what_it_is(damaged, encoding):
    """One broken row costs no other, and nobody looks for control characters that are not there."""
    good = ["赵玉珍", "周秀英", "吴海霞", "孙志明"]
    data = file_of([*good[:2], *(f"@{number}@" for number in range(len(damaged))), *good[2:]], encoding)
    for number, cell in enumerate(damaged):
        data = data.replace(f"@{number}@".encode(), cell)
    assert [name for name in read(data) if name] == good
    codes = {code for code in faults(data) if code}
    assert codes <= {"text_damaged", "row_encoding_differs"}
    assert len([code for code in faults(data) if code]) == len(damaged)


def test_one_cut_cell_leaves_a_utf_8_file_what_it_is():
    """Whatever the names and the cut, that row is refused and the others are read."""
    chance = random.Random(7)
    for _ in range(round(60 * TIMES)):
        people = names(chance, chance.randint(2, 6))
        place = chance.randrange(len(people))
        whole = people[place].encode()
        at = chance.choice([at for at in range(1, len(whole)) if at % 3])
        rest = chance.choice([whole[:at], whole[at:]])
        marked = [*people[:place], "@@", *people[place + 1 :]]
        expected = [*people[:place], None, *people[place + 1 :]]
        assert read(file_of(marked, UTF_8).replace(b"@@", rest)) == expected


def test_of_a_damaged_row_the_field_is_named_and_the_record():
    """A clerk finds the row in the source system."""
    data = sheet(row("孙平"), row("王桂芳", 2)).encode().replace("王桂芳".encode(), CUT_WANG)
    good, bad = opened(data).submissions
    assert good.fault is None
    assert (bad.fault.code, bad.fault.field) == ("text_damaged", "name")
    assert "3" in bad.fault.message_zh
    assert bad.content["record"]["record_id"].endswith("03")


def test_where_every_row_is_damaged_each_is_refused_and_the_file_is_not():
    """Whatever the encoding, none of them would be taken."""
    assert faults(sheet(row("@")).encode().replace(b"@", b"\xff")) == ["text_damaged"]


KOREANS = ["김철수", "이영희", "박지성", "최민수", "정우성", "홍길동", "문재인", "남궁민"]
JAPANESE = ["鈴木一郎", "佐藤花子", "高橋健", "田中太郎", "山本五十六", "渡辺徹", "佐々木希", "松本潤"]
UNCLEAR = [
    ("one cut name and nothing else", sheet(row("@")).encode().replace(b"@", "丽".encode()[1:])),
    ("蒋静, whose bytes could all be the rest of a cut", sheet(row("蒋静")).encode("gb18030")),
    ("Big5", sheet(row("陳美玲"), row("林志明", 2), row("黃淑芬", 3)).encode("big5")),
    ("one name in Big5", sheet(row("王小明")).encode("big5")),
    ("Shift JIS", sheet(row("鈴木一郎"), row("佐藤花子", 2)).encode("shift_jis")),
    ("Windows-1251", sheet(row("Иванов Иван")).encode("cp1251")),
    *(("EUC-KR", sheet(*map(row, KOREANS[:rows])).encode("euc_kr")) for rows in (1, 2, 3, 5)),
    *(("EUC-JP", sheet(*map(row, JAPANESE[:rows])).encode("euc_jp")) for rows in (1, 2, 3, 5)),
    ("one Japanese in kana with a long vowel", sheet(row("スズキ イチロー")).encode("euc_jp")),
    *((encoding, sheet(row("王桂芳"), row("李建国", 2)).encode(encoding)) for encoding in ("hz", "utf-7")),
    ("ISO 2022-JP", sheet(row("鈴木一郎")).encode("iso2022_jp")),
    ("ISO 2022-KR", sheet(row("김철수")).encode("iso2022_kr")),
    ("symbols", sheet(row("☃☎")).encode()),
    ("dƽ, or 鬱平 without its first byte", sheet(row("dƽ")).encode()),
    ("private characters", sheet(row("\ue000\ue001")).encode("gb18030")),
    ("ﶬ÷, or a cut 孙冬梅", sheet(row("@")).encode().replace(b"@", b"\xef\xb6\xac\xc3\xb7")),
]  # fmt: skip


@each_cell("data", [one[1] for one in UNCLEAR], ids=[one[0] for one in UNCLEAR])
def test_where_it_cannot_be_told_the_file_is_refused_and_says_how_to_name_it(data):
    """A question costs a minute; a wrong name costs a family weeks."""
    with pytest.raises(FileRefusedError) as refused:
        opened(data)
    assert [reason.code for reason in refused.value.reasons] == ["encoding_unclear"]
    assert "--encoding" in refused.value.message
    assert "another encoding" in refused.value.message


@pytest.mark.parametrize(("people", "encoding"), [(KOREANS, "euc_kr"), (JAPANESE, "euc_jp")])
def test_no_two_of_a_neighbouring_country_are_taken_for_chinese(people, encoding):
    """Their characters have the places of common ones, and 김철수 would be accepted as 辫枚荐."""
    for pair in combinations(people, 2):
        assert read(sheet(*map(row, pair)).encode(encoding)) == ["encoding_unclear"]


def test_no_file_of_this_country_is_taken_for_a_neighbour_s():
    """Two names, of usual and of unusual people, are enough to be sure."""
    chance = random.Random(14)
    for _ in range(round(500 * TIMES)):
        some = [chance.choice(SURNAMES) + chance.choice(GIVEN) for _ in range(2)]
        for people in (names(chance, 2), some):
            assert not reads_as_neighbour([row(name).encode(GB18030) for name in people], GB18030)


DIFFERING = [
    ("the last in UTF-8", (("孙平", GB18030), ("王芳", GB18030), ("谢英", UTF_8)), 4),
    ("the first in UTF-8", (("谢英", UTF_8), ("孙平", GB18030), ("王芳", GB18030)), 2),
    ("the second in UTF-8", (("孙平", GB18030), ("谢英", UTF_8), ("王芳", GB18030)), 3),
    ("none but one", (("Smith", UTF_8), ("蒋静", GB18030)), 3),
    ("all alike", (("蒋静", GB18030),), 2),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "line"), [one[1:] for one in DIFFERING], ids=[one[0] for one in DIFFERING])
def test_the_line_that_differs_from_the_others_is_named(rows, line):
    """It is the one to look at, wherever it stands."""
    data = [row(name, number).encode(encoding) for number, (name, encoding) in enumerate(rows, 1)]
    with pytest.raises(FileRefusedError) as refused:
        opened(b"\n".join([HEADER.encode(), *data, b""]))
    assert f"第 {line} 行" in refused.value.message
    assert re.search(rf"(line {line} |others \({line}\))", refused.value.message)


TITLE = "2026年3月参保人员名单,,,,,"
ROWS = [row(name, number) for number, name in enumerate(("王桂芳", "李建国", "赵强"), 1)]
MIXED = [
    ("two rows below a title in UTF-8", [TITLE, HEADER], ROWS[:2], "第 1 行是 UTF-8，第 3-4 行是 GB18030"),
    ("one such row", [TITLE, HEADER], ROWS[:1], "第 1 行是 UTF-8，第 3 行是 GB18030"),
    ("three rows and two titles", [TITLE, "市局", HEADER], ROWS, "第 1-2 行是 UTF-8，第 4-6 行是 GB18030"),
    ("a blank line between", [TITLE, "", HEADER], ROWS[:2], "第 1 行是 UTF-8，第 4-5 行是 GB18030"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "rest", "told"), [one[1:] for one in MIXED], ids=[one[0] for one in MIXED])
def test_a_file_of_two_encodings_is_refused_once_with_the_lines_of_each(first, rest, told):
    """A system wrote its title in one encoding and its rows in another; nothing is wrong with any of them."""
    data = sheet(*first[1:], header=first[0]).encode() + "".join(f"{one}\r\n" for one in rest).encode(GB18030)
    with pytest.raises(FileRefusedError) as refused:
        opened(data)
    assert [reason.code for reason in refused.value.reasons] == ["encodings_mixed"]
    assert told in refused.value.message
    assert "王桂芳" not in refused.value.message


NOT_MIXED = [
    ("all in UTF-8", UTF_8, UTF_8, ROWS),
    ("all in GB18030", GB18030, GB18030, ROWS),
    ("a title in GB18030 above UTF-8", GB18030, UTF_8, ROWS[:2]),
    ("rows without Chinese", UTF_8, GB18030, [row("Smith"), row("John Lee", 2)]),
    ("names that are letters in UTF-8", GB18030, GB18030, [row("谢英"), row("袁英", 2)]),
    ("many rows", UTF_8, UTF_8, [row(name, at) for at, name in enumerate(names(random.Random(3), 40), 1)]),
]  # fmt: skip


@each_cell(("above", "below", "rows"), [one[1:] for one in NOT_MIXED], ids=[one[0] for one in NOT_MIXED])
def test_titles_that_hinder_nothing_are_left_as_they_are(above, below, rows):
    """What stands above the header is no record."""
    data = sheet(HEADER, header=TITLE).encode(above) + "".join(f"{one}\r\n" for one in rows).encode(below)
    assert names_read(data) == [one.split(",")[3] for one in rows]


def test_a_damaged_row_below_a_title_is_refused_alone():
    """It is as without a title, and somebody who names an encoding is believed."""
    data = sheet(HEADER, ROWS[0], ROWS[1], header=TITLE).encode()
    assert names_read(data.replace("李建国".encode(), "李建国".encode(GB18030))) == ["王桂芳", None]
    mixed = sheet(HEADER, header=TITLE).encode() + ROWS[0].encode(GB18030)
    assert names_read(mixed, GB18030) == ["王桂芳"]


def test_what_is_named_is_not_judged():
    """Somebody who has looked may say so: the two letters, or the name."""
    data = sheet(row("魏伟")).encode("gb18030")
    assert names_read(data, GB18030) == ["魏伟"]
    assert names_read(data, UTF_8) == ["κΰ"]
    assert opened(data, encoding=GB18030).notes == (said("read_as_named", encoding="GB18030"),)


def test_people_are_told_which_encoding_it_was():
    """So that a wrong one is noticed at once."""
    assert opened(sheet(row("孙平"))).notes == (said("read_as", encoding="UTF-8"),)
    assert opened(sheet(row("谢英")).encode("gb18030")).notes == (said("read_as", encoding="GB18030"),)
    assert opened(sheet(row("Smith"))).notes == (said("read_as", encoding="UTF-8"),)


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xef\xbb\xbf", UTF_8), (b"\x84\x31\x95\x33", GB18030)])
def test_a_mark_at_the_beginning_says_it(mark, encoding):
    """Even of a single name that could be either; and it is no part of the header."""
    data = mark + sheet(row("魏伟")).encode(encoding)
    assert names_read(data) == ["魏伟"]
    other = GB18030 if encoding == UTF_8 else UTF_8
    with pytest.raises(FileRefusedError, match="encoding_contradicts_mark"):
        opened(data, encoding=other)


@each_cell(
    ("name", "encoding"),
    [
        *(
            (name, UTF_8)
            for name in ("utf-8", "UTF8", "utf-8-sig", "ascii", "UTF-8 BOM", "us-ascii", "utf_8")
        ),
        *(
            (name, GB18030)
            for name in ("gb18030", "GBK", "gb2312", "cp936", "GB-18030", "GB 18030-2022", "x-gbk", "936")
        ),
        *((name, None) for name in ("big5", "latin-1", "utf-16", "klingon", "", "ANSI", "gb-18031", "-")),
    ],
)
def test_an_encoding_is_named_as_people_name_it(name, encoding):
    """The small ones of a family are the large one."""
    assert encoding_named(name) == encoding


@pytest.mark.parametrize(
    ("code", "character"),
    [("FE59", "龴"), ("FEA0", "龻"), ("FE9F", "䶮"), ("8336CF39", "䶮"), ("FE51", "𠂇")],
)
def test_characters_of_gb_18030_2022_come_out_as_the_standard_says(code, character):
    """A name that the civil register writes so."""
    data = sheet(row("王@"), row("孙平", 2)).encode(GB18030).replace(b"@", bytes.fromhex(code))
    assert names_read(data) == [f"王{character}", "孙平"]


def test_a_private_character_in_utf_8_stays_as_it_is_written():
    """It is as in JSON: U+E863 is compared as 䶮, and nothing is corrected on the way."""
    assert names_read(sheet(row("刘\ue863"))) == ["刘\ue863"]
    assert same_name("刘\ue863", "刘䶮")
