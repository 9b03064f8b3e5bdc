"""A cell cannot swallow rows: what a stray quotation mark covers is refused and named, line by line."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cells import each_cell
from tests.people import id_number
from tests.sheets import faults, opened

HEADER = "record_id,recorded_at,id_number,name,death_time,death_cause,death_place"
TYPE = "death_certificate"
PLACES = (
    "秦州区中城",
    "幸福老年公寓",
    "天水市第一人民医院",
    "麦积区石佛镇",
    "甘谷县",
    "家中",
    "张家川县",
    "武山县",
)


def death(number, place=None, cause="肺炎"):
    """A row; its own place where none is given."""
    record_id = f"0f8fad5b-d9cb-469f-a165-{number:012d}"
    person = id_number(sequence=number + 1)
    return (
        f"{record_id},2025-09-03T08:00:00+08:00,{person},王桂芳,2025-09-01,{cause},{place or PLACES[number]}"
    )


def table(*lines, end="\n"):
    return "".join(line + end for line in (HEADER, *lines))


FOUR = [death(number) for number in range(4)]


def opening(column, number=0):
    """A row in which a quotation mark was set in front of that cell."""
    cells = death(number).split(",")
    cells[column] = '"' + cells[column]
    return ",".join(cells)


def closing(column, number):
    """A row in which one was set behind that cell."""
    cells = death(number).split(",")
    cells[column] += '"'
    return ",".join(cells)


SWALLOWED = [
    ("from last cell to last cell of a later row", [opening(6), FOUR[1], FOUR[2], closing(6, 3)], "2-5"),
    ("over one row", [opening(6), closing(6, 1)], "2-3"),
    ("from the cause to the cause", [opening(5), FOUR[1], closing(5, 2)], "2-4"),
    ("from the name to the name", [opening(3), closing(3, 1)], "2-3"),
    ("from the first cell to the first cell", [opening(0), FOUR[1], closing(0, 2)], "2-4"),
    ("from the place to the id of the next row", [opening(6), closing(0, 1)], "2-3"),
    ("from the name to the place", [opening(3), FOUR[1], closing(6, 2)], "2-4"),
    ("with an address of two lines in the rows", [opening(6), FOUR[1], "x", closing(6, 2)], "2-5"),
    ("with a blank line among the rows", [opening(6), "", FOUR[1], closing(6, 2)], "2-5"),
    ("with a row that lacks a cell", [opening(6), death(1).rpartition(",")[0], closing(6, 2)], "2-4"),
    ("with a row that has one too many", [opening(6), FOUR[1] + ",x", closing(6, 2)], "2-4"),
    ("with a row whose id is none", [opening(6), FOUR[1].replace("0f8fad5b", "?"), closing(6, 2)], "2-4"),
]  # fmt: skip
NEVER_CLOSED = [
    ("the last cell", [opening(6), *FOUR[1:]], "2-5"),
    ("the first cell", [opening(0), *FOUR[1:]], "2-5"),
    ("a cell in the middle", [opening(3), *FOUR[1:]], "2-5"),
    ("the last row", [opening(6)], "2"),
    ("closed by that of a quoted cell", [opening(6), FOUR[1], death(2, '"甘谷县"')], "2-4"),
    ("closed within a word", [opening(6), death(1, '"甘谷"县')], "2-3"),
]  # fmt: skip


@each_cell("end", ["\n", "\r\n"])
@each_cell(
    ("lines", "covered", "code"),
    [(lines, covered, "rows_in_cell") for _, lines, covered in SWALLOWED]
    + [(lines, covered, "row_unreadable") for _, lines, covered in NEVER_CLOSED],
    ids=[one[0] for one in (*SWALLOWED, *NEVER_CLOSED)],
)
def test_rows_that_a_quotation_mark_covers_are_refused_and_every_line_is_named(lines, covered, code, end):
    """Three deaths must not disappear into a fourth one's place of death."""
    before, after = death(6), death(7)
    good, bad, *rest = opened(table(before, *lines, end=end), TYPE).submissions
    assert good.fault is None
    shifted = "-".join(str(int(line) + 1) for line in covered.split("-"))
    allowed = {code, "row_uneven"} if code == "rows_in_cell" else {code}
    assert bad.fault.code in allowed
    assert re.search(rf"(?<![0-9-]){shifted}(?![0-9-])", bad.fault.message_zh)
    assert shifted in bad.fault.message_en
    assert not rest
    if code == "rows_in_cell":
        again = [one.fault is None for one in opened(table(before, *lines, after, end=end), TYPE).submissions]
        assert again == [True, False, True]


def place(*lines):
    """A row whose place has these lines."""
    return death(0, '"' + "\n".join(lines) + '"')


INNOCENT = [
    ("an address of two lines", place("天水市秦州区", "中城街道1号")),
    ("an address of five lines", place("甘肃省", "天水市", "秦州区", "中城街道", "1号")),
    ("a blank line within", place("天水市", "", "秦州区")),
    ("lines of one comma each", place("Room 3, Floor 2", "Hospital No. 1, Tianshui")),
    ("full-width commas", place("一，二，三，四，五，六，七", "甲，乙，丙，丁，戊，己，庚")),
    ("a line break at the end", place("天水市秦州区", "")),
    ("a quotation mark within", place('""幸福""老年公寓', "三号楼")),
    ("a number of many digits on a line", place("电话", "09388212345")),
    ("a personal number on a line", place("家属", id_number())),
    ("an id on a line", place("见记录", "0f8fad5b-d9cb-469f-a165-70867728950e")),
    ("semicolons and tabs", place("a;b;c;d;e;f;g", "a\tb\tc\td\te\tf\tg")),
    ("two cells of several lines", death(0, '"天水市\n秦州区"', '"肺炎\n心力衰竭"')),
    ("the cause alone", death(0, None, '"肺炎\n心力衰竭\n肾功能不全"')),
    ("the first cell", '"' + death(0).replace(",", '\n",', 1)),
    ("a comma within quotation marks", death(0, '"秦州区, 中城"')),
]  # fmt: skip


@each_cell("row", [one[1] for one in INNOCENT], ids=[one[0] for one in INNOCENT])
def test_a_cell_of_several_lines_that_holds_no_rows_is_taken(row):
    """People type addresses into boxes."""
    assert faults(table(row, death(1)), TYPE) == [None, None]


@pytest.mark.parametrize("separator", ["\t", ";", "，"])
def test_rows_are_seen_whatever_separates_their_cells(separator):
    """It is the same as in a file with commas."""
    lines = [opening(6), FOUR[1], closing(6, 2), FOUR[3]]
    data = table(*lines).replace(",", separator)
    assert faults(data, TYPE) == ["rows_in_cell", None]


@given(st.integers(0), st.integers(1, 2))
@settings(max_examples=120)
def test_however_quotation_marks_stray_no_row_is_lost_without_a_word(seed, marks):
    """Each row is taken as it stands, or a refusal names its line; a row is never part of another one."""
    chance = random.Random(seed)
    rows = [death(n, f'"{PLACES[n]}"' if chance.random() < 0.3 else None) for n in range(6)]
    text, touched = table(*rows), set()
    for _ in range(marks):
        at = chance.randrange(len(HEADER) + 1, len(text) - 1)
        text = text[:at] + '"' + text[at:]
        touched.add(text[:at].count("\n") + 1)
    accepted, refused = {}, set()
    for one in opened(text, TYPE).submissions:
        if one.fault is None:
            accepted[one.number] = one.content["record"]
        else:
            refused |= set(range(one.number, one.number + one.payload.count(b"\n")))
    for line in range(2, 8):
        assert (line in accepted) != (line in refused)
        if line in accepted and line not in touched:
            assert accepted[line]["record_id"] == death(line - 2).split(",")[0]
            assert accepted[line]["death_place"] == PLACES[line - 2]
    assert all("\n" not in str(record) or line in touched for line, record in accepted.items())
