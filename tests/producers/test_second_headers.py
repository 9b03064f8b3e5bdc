"""Joined exports: below a second header of other columns nothing is read by the first one."""

from uuid import UUID

import pytest

from producers.reading.unfit_files import FileRefusedError
from tests.cells import each_cell
from tests.people import id_number
from tests.sheets import HEADER, faults, opened, row, sheet

NAMES = HEADER.split(",")
ROWS = [row("王桂芳"), row("李建国", 2), row("赵强", 3)]
LABELS = "记录编号,登记时间,公民身份号码,姓名,险种,个人账户余额"
SWAPPED = ["record_id", "recorded_at", "id_number", "scheme", "name", "account_balance_fen"]
BACK = [*NAMES[:4], "account_balance_fen", "scheme"]


def upper(names):
    return [name.upper() for name in names]


OTHER = [
    ("two columns exchanged", SWAPPED),
    ("the last two exchanged", BACK),
    ("all backwards", NAMES[::-1]),
    ("in capitals", upper(SWAPPED)),
    ("in camel case", ["recordId", "recordedAt", "idNumber", "scheme", "name", "accountBalanceFen"]),
    ("in Chinese", ["记录编号", "登记时间", "公民身份号码", "险种", "姓名", "个人账户余额（分）"]),
    ("in pinyin", ["jlbh", "djsj", "gmsfhm", "xz", "xm", "grzhye"]),
    ("partly in pinyin", ["record_id", "recorded_at", "sfzh", "scheme", "xingming", "account_balance_fen"]),
    ("in quotation marks", [f'"{name}"' for name in SWAPPED]),
    ("in apostrophes", [f"'{name}'" for name in SWAPPED]),
    ("in backticks", [f"`{name}`" for name in SWAPPED]),
    ("with the mark of a file", ["\ufeffrecord_id", *SWAPPED[1:]]),
    ("with blanks around", [f" {name} " for name in SWAPPED]),
    ("with a blank before its marks", [f' "{name}"' for name in SWAPPED]),
    ("one column less", NAMES[:-1]),
    ("one column more", [*NAMES, "county"]),
    ("another column in the place of one", [*NAMES[:-1], "county"]),
    ("a column of no field in the place of one", [*NAMES[:-1], "备注"]),
    ("a column of no field in front", ["序号", *NAMES[:-1]]),
    ("a column of another type", [*NAMES[:4], "cremation_place", "cremation_time"]),
    ("of another type, for the most part", [*NAMES[:3], "a", "b", "c", "d", "e"]),
    ("a year in a column's name", [*NAMES[:4], "2026年余额", "scheme"]),
    ("a column without name in front", ["", *NAMES[:-1]]),
]  # fmt: skip
SAME = [
    ("the same", NAMES),
    ("in capitals", upper(NAMES)),
    ("in camel case", ["recordId", "recordedAt", "idNumber", "name", "scheme", "accountBalanceFen"]),
    ("in Chinese", LABELS.split(",")),
    ("in pinyin", ["jlbh", "djsj", "gmsfhm", "xm", "xz", "grzhye"]),
    ("in other words", ["record_id", "recorded_at", "身份证", "姓名", "scheme", "account_balance_fen"]),
    ("in quotation marks", [f'"{name}"' for name in NAMES]),
    ("with the mark of a file", ["\ufeffrecord_id", *NAMES[1:]]),
    ("with blanks around", [f" {name} " for name in NAMES]),
    ("numbered", [f"{at}.{name}" for at, name in enumerate(NAMES, 1)]),
    ("the table's name in front", [f"t.{name}" for name in NAMES]),
    ("in brackets", [f"[{name}]" for name in NAMES]),
]  # fmt: skip
NO_HEADER = [
    ("a total", "合计,2,,,,123456"),
    ("a note", "制表人：张三,,,,,"),
    ("a name like a label", row("姓名")),
    ("a name in letters", row("Xing Ming")),
    ("a name and a people", f"{UUID(int=9)},2026-06-02T09:00:00+08:00,{id_number(sequence=7)},姓名,险种,1"),
    ("types of a database", "uuid,timestamp,varchar(18),varchar,varchar,bigint"),
    ("one name", "姓名"),
    ("two names alone", "name,scheme"),
    ("one name and other cells", "姓名：张三,电话,单位,,,"),
    ("a line of hyphens", ",".join(["-------"] * 6)),
    ("the answer of a database", "(2 rows affected)"),
    ("the head of a next page", "第,2,页,共,3,页"),
    ("what a line break cut off", "中城街道"),
]  # fmt: skip


@each_cell("names", [one[1] for one in OTHER], ids=[one[0] for one in OTHER])
def test_rows_below_a_header_of_other_columns_are_refused(names):
    """Read by the first one, each value would silently stand in another field."""
    above = [row("王桂芳", number) for number in range(12)]
    data = sheet(*above, ",".join(names), ROWS[2], "", row("孙平", 4))
    assert faults(data) == [None] * len(above) + ["header_differs"] * 3


@each_cell("names", [one[1] for one in OTHER], ids=[one[0] for one in OTHER])
def test_nothing_below_it_is_published_where_it_stands_among_the_first_rows(names):
    """There it may be taken for the only header, and the whole file is refused."""
    try:
        found = faults(sheet(ROWS[0], ",".join(names), ROWS[2]))
    except FileRefusedError:
        return
    assert found == [None, "header_differs", "header_differs"]


@each_cell("names", [one[1] for one in SAME], ids=[one[0] for one in SAME])
def test_rows_below_a_header_of_the_same_columns_go_on(names):
    """However it is written: the first one says the same."""
    found = faults(sheet(ROWS[0], ",".join(names), *ROWS[1:]))
    assert (found[0], found[2:]) == (None, [None, None])
    assert found[1] in ("row_is_no_record", "cells_in_marks")


@each_cell("text", [one[1] for one in NO_HEADER], ids=[one[0] for one in NO_HEADER])
def test_what_is_no_header_ends_no_table(text):
    """The rows behind it are read as before."""
    assert faults(sheet(ROWS[0], text, *ROWS[1:]))[2:] == [None, None]


@pytest.mark.parametrize("label", ["余额", "账户里还有多少钱", "fen"])
def test_labels_right_below_the_header_may_be_of_any_kind(label):
    """There they are this table's own; what can only be another column's name is not."""
    labels = [*LABELS.split(",")[:-1], label]
    assert faults(sheet(",".join(labels), *ROWS)) == ["row_is_no_record", None, None, None]
    assert faults(sheet(",".join(SWAPPED), *ROWS)) == ["header_differs"] * 4


def test_a_label_that_several_fields_have_is_its_own_columns():
    """An applicant and a deceased person both have a name (姓名)."""
    header = "record_id,recorded_at,id_number,name,matters,applicant.name,applicant.id_number"
    labels = "记录编号,登记时间,公民身份号码,姓名,申请事项,姓名,公民身份证号码"
    record = f'{UUID(int=9)},2026-06-02T09:00:00+08:00,{id_number(sequence=7)},王芳,"[4]",李强,{id_number()}'
    for second in (labels, header):
        found = faults(sheet(record, second, record, header=header), "application")
        assert found == [None, "row_is_no_record", None]
    exchanged = (
        header.replace("name", "@", 1).replace("applicant.name", "name").replace("@", "applicant.name")
    )
    assert (
        faults(sheet(record, exchanged, record, header=header), "application")[1:] == ["header_differs"] * 2
    )


def test_it_is_said_where_the_header_is_and_what_stands_elsewhere():
    """In both languages, and of no person."""
    names = [*SWAPPED[:-1], "王桂芳"]
    _, at, below = opened(sheet(ROWS[0], ",".join(names), ROWS[1])).submissions
    for told in (at.fault.message_en, below.fault.message_en, below.fault.message_zh):
        assert "scheme 5→4, name 4→5, *** –→6, account_balance_fen 6→–" in told
        assert "3" in told
        assert "王桂芳" not in told
    assert "line 4" in below.fault.message_en


def test_the_payload_of_a_row_below_it_has_that_header():
    """What is in quarantine is published again as it was meant."""
    below = list(opened(sheet(ROWS[0], ",".join(SWAPPED), ROWS[1])).submissions)[2]
    assert below.payload == f"{','.join(SWAPPED)}\r\n{ROWS[1]}".encode()
    assert below.content == {"type": "medical_insurance"}


def test_a_header_like_the_first_one_ends_it():
    """Three files were joined, and the third is like the first."""
    data = sheet(ROWS[0], ",".join(SWAPPED), ROWS[1], HEADER, ROWS[2])
    assert faults(data) == [None, "header_differs", "header_differs", "row_is_no_record", None]


@pytest.mark.parametrize(
    "names", [SWAPPED, upper(SWAPPED), NAMES[::-1], [*NAMES, "county"], ["备注", *NAMES]]
)
def test_a_header_behind_a_record_without_line_end_is_seen(names):
    """Many exports do not end their last line, and `cat` adds nothing."""
    assert faults(sheet(ROWS[0], ROWS[1] + ",".join(names), ROWS[2])) == [None, *["header_differs"] * 2]


def test_the_same_header_behind_a_record_without_line_end_costs_that_row_alone():
    """The rows below it are what they seem."""
    assert faults(sheet(ROWS[0], ROWS[1] + HEADER, ROWS[2])) == [None, "row_uneven", None]


def test_a_header_that_a_quotation_mark_covers_is_seen():
    """The mark opened in a row above it is closed below."""
    open_, closed = row('"王桂芳'), row('李建国"', 2)
    data = sheet(ROWS[0], open_, ",".join(SWAPPED), closed, ROWS[2])
    assert faults(data) == [None, "header_differs", "header_differs"]
    assert faults(sheet(ROWS[0], open_, HEADER, closed, ROWS[2])) == [None, "rows_in_cell", None]
    both = sheet(ROWS[0], open_, HEADER, ",".join(SWAPPED), closed, ROWS[2])
    assert faults(both) == [None, "header_differs", "header_differs"]
    back = sheet(ROWS[0], open_, ",".join(SWAPPED), HEADER, closed, ROWS[2])
    assert faults(back) == [None, "rows_in_cell", None]


@each_cell("separator", ["\t", ";", "|"])
@each_cell("encoding", ["utf-8", "gb18030"])
def test_it_is_seen_whatever_separates_the_cells_and_in_any_encoding(separator, encoding):
    """It is the same as with commas."""
    data = sheet(ROWS[0], ",".join(SWAPPED), ROWS[1]).replace(",", separator).encode(encoding)
    assert faults(data) == [None, "header_differs", "header_differs"]


def test_empty_cells_at_the_end_of_either_header_are_no_columns():
    """Spreadsheets append some."""
    wide = [f"{one},," for one in ROWS]
    assert faults(sheet(wide[0], HEADER, wide[1], header=f"{HEADER},,")) == [None, "row_is_no_record", None]
    assert faults(sheet(ROWS[0], f"{HEADER},,", ROWS[1])) == [None, "row_is_no_record", None]


WORDS = ["流水", "登记时点", "证号", "参保人", "类", "数"]
UNKNOWN = [
    WORDS,
    ["流水", "登记时点", "证号", "类", "参保人", "数"],
    ["Serial", "Registered", "Identity", "Insured", "Kind", "Sum"],
    ["lsh", "djrq", "zh", "cbr", "lb", "je"],
    ["record_id", "登记时点", "证号", "参保人", "类", "数"],
    ["流水", "recorded_at", "证号", "姓名", "类", "数"],
    ["（流水）", "登记-时点", "证 号", "参保人", "类/别", "数"],
    [*WORDS, ""],
    ["流水", "登记时点", "证号", "参保人", "类", "2025年余额"],
    ["流水1", "时点12", "证号18", "参保人", "类", "数"],
    ["a", "b", "c", "d", "e", "f"],
    ["甲", "乙", "丙", "丁", "戊", "己"],
]
NO_WORDS = [
    ["流水", "登记时点", "证号", "参保人", "EMPLOYEE", "数"],
    ["流水", "登记时点", "证号", "参保人", "类", ""],
    ["流水", "登记时点", "证号", "参保人", "类", "1"],
    ["流水", "登记时点", "证号", "参保人", "类"],
    ["流水", "登记时点", "证号", "参保人", "类", "数", "注"],
    ["无", "无", "无", "无", "无", "无"],
    ["合计", "", "", "", "", "整"],
    ["---", "---", "----", "-----", "--", "-"],
    ["小计", "共", "共", "人", "名", "整"],
    ["第2页", "共", "3页", "人", "名", "整"],
    ["uuid", "timestamp", "varchar(18)", "varchar", "varchar", "bigint"],
    ["以下为麦积区", "", "", "", "", ""],
]


@each_cell("names", UNKNOWN, ids=",".join)
def test_below_a_header_of_words_that_nobody_knows_nothing_is_read(names):
    """In what order they are cannot be told, and no record has a word in every cell."""
    found = faults(sheet(ROWS[0], ",".join(names), *ROWS[1:], HEADER, row("孙平", 4)))
    assert found == [None, *["header_unclear"] * 3, "row_is_no_record", None]


@each_cell("names", UNKNOWN, ids=",".join)
def test_right_below_a_header_such_words_are_its_labels(names):
    """Also below one that stands once more, as where files with labels were joined."""
    labels = ",".join(names)
    found = faults(sheet(labels, ROWS[0], HEADER, labels, *ROWS[1:]))
    assert [fault for fault in found if fault != "row_is_no_record"] == [None, None, None]
    assert len(found) == 6


@each_cell("cells", NO_WORDS, ids=",".join)
def test_a_row_with_a_value_or_a_gap_is_no_such_header(cells):
    """A note, a total, a record with its keys lost: the rows behind it are read."""
    found = faults(sheet(ROWS[0], ",".join(cells), *ROWS[1:]))
    assert (found[0], found[2:]) == (None, [None, None])
    assert found[1] in ("row_is_no_record", "row_uneven")


def test_it_is_said_where_such_a_header_is_and_none_of_its_words():
    """They may be names of people: the foot of a page."""
    _, at, below = opened(sheet(ROWS[0], "制表,王桂芳,审核,李建国,负责,赵强", ROWS[1])).submissions
    for told in (at.fault.message_en, below.fault.message_en, below.fault.message_zh):
        assert "3" in told
        assert "王桂芳" not in told
    assert "line 4" in below.fault.message_en
