"""CSV files: every row below the header becomes one submission, and cells become what the schema says."""

import os
from hashlib import sha256
from uuid import UUID

import pytest

from avro_schemas.catalogue import SHIPPED
from exchange.runtime.errors import ExchangeError
from producers.reading.columns import vocabulary_of
from producers.reading.csv_files import read_csv, readable_again
from producers.reading.lines import LONGEST_LINE_BYTES
from producers.reading.unfit_files import FileRefusedError
from tests.cells import each_cell
from tests.sheets import HEADER, faults, opened, row, sheet

REQUIRED = {
    one: ",".join(vocabulary_of(one, SHIPPED).missing(()))
    for one in ("social_insurance", "application", "notary")
}


def records_of(columns, cells, record_type):
    """The records of a table that has these columns, and the required ones, with nothing in them, besides."""
    missing = [name for name in REQUIRED[record_type].split(",") if name not in columns.split(",")]
    rows = (cell + "," * len(missing) for cell in cells)
    found = opened(sheet(*rows, header=",".join([columns, *missing])), record_type)
    return [one.content["record"] for one in found.submissions]


def test_cells_become_what_the_schema_says():
    """A department exports a table; numbers, yes and no, and nested fields are told from the schema."""
    (record,) = records_of(
        "record_id,scheme,account_balance_fen,receiving_benefit,social_card.bank_name,social_card.active,county",
        ["r1,EMPLOYEE_PENSION, 100,是,天水银行,FALSE,"],
        "social_insurance",
    )
    assert record == {
        "record_id": "r1",
        "scheme": "EMPLOYEE_PENSION",
        "account_balance_fen": 100,
        "receiving_benefit": True,
        "social_card": {"bank_name": "天水银行", "active": False},
    }


def test_a_list_is_json_in_its_cell():
    """An application has matters and materials."""
    cells = ['"[4,5]","[{""kind"": 1}]",张伟,1']
    columns = "matters,materials,applicant.name,applicant.id_number"
    assert records_of(columns, cells, "application") == [
        {"matters": [4, 5], "materials": [{"kind": 1}], "applicant": {"name": "张伟", "id_number": "1"}}
    ]


def test_what_is_no_number_stays_text_for_the_rules_to_refuse():
    """Nothing is rounded or guessed."""
    assert records_of("account_balance_fen,receiving_benefit", ["100.00,ja"], "social_insurance") == [
        {"account_balance_fen": "100.00", "receiving_benefit": "ja"}
    ]
    assert records_of("matters", ["4;5"], "application") == [{"matters": "4;5"}]


def test_a_key_that_stands_twice_within_a_cell_is_refused_in_its_row():
    """It is the same as in JSON lines, with the column's name."""
    cells = '"[{""name"":""王芳"",""name"":""李强""}]"'
    header = f"{REQUIRED['notary']},beneficiaries"
    found = opened(sheet(f"2026{',' * header.count(',')}{cells}", header=header), "notary")
    (one,) = found.submissions
    assert (one.fault.code, one.fault.field) == ("key_repeated", "beneficiaries.name")


def test_a_payload_is_the_header_and_the_row_as_they_came():
    """So what is in quarantine can be read, corrected and published again."""
    rows = ("", row("李秀兰").replace("李秀兰", '"李\n秀兰"'), ",,,,,")
    data = sheet("名单", HEADER, *rows, header="一览").encode("gb18030")
    (one,) = opened(data, encoding="gb18030").submissions
    assert one.number == 5
    assert one.payload == f"{HEADER}\r\n{rows[1]}".encode("gb18030")
    (again,) = opened(one.payload, encoding="gb18030").submissions
    assert again.content == one.content


def test_a_row_with_other_cells_than_the_header_is_refused_as_such():
    """A comma too many shifts every cell; how many there are is told."""
    first, second = opened(sheet(row("王桂芳") + ",x", "2026,b")).submissions
    assert (first.fault.code, second.fault.code) == ("row_uneven", "row_uneven")
    assert all(count in first.fault.message_en for count in ("7", "6"))


WANG = row("王桂芳").split(",")
NO_RECORD = [
    ("the header once more", HEADER),
    ("with the mark of a joined file", f"\ufeff{HEADER}"),
    ("in capitals and quotation marks", ",".join(f'"{name.upper()}"' for name in HEADER.split(","))),
    ("labels", "记录编号,登记时间,公民身份号码,姓名,险种,个人账户余额"),
    ("types of a database", "uuid,timestamp,varchar(18),varchar,varchar,bigint"),
    ("a line of hyphens", ",".join(["-------"] * 6)),
    ("a total", "合计,2,,,,123456"),
    ("a total of people", ",,,合计：2人,,123456"),
    ("a note", "制表人：张三,,,,,"),
    ("a note alone", "以下空白"),
    ("the answer of a database", "(2 rows affected)"),
    ("a heading of a second table", "其他人员"),
    ("a header of it", "name,scheme"),
    ("what a line break cut off", "中城街道"),
    ("the same, with a cell behind it", "中城街道,EMPLOYEE"),
    ("the head of a next page", "第,2,页,共,3,页"),
]  # fmt: skip
SPARSE = [
    ("nothing but an id", f"{UUID(int=5)},,,王桂芳,EMPLOYEE,1"),
    ("an id of the office's own", "20250001,,,王桂芳,EMPLOYEE,1"),
    ("nothing but a time", ",2026-06-02T09:00:00+08:00,,王桂芳,EMPLOYEE,1"),
    ("a time as offices write it", ",2026年6月2日,,王桂芳,EMPLOYEE,1"),
    ("nothing but a number", ",,62050319500101002X,王桂芳,EMPLOYEE,1"),
    ("a number as a spreadsheet has it", ",,6.20503E+17,王桂芳,EMPLOYEE,1"),
    ("a year in full width", ",２０２６,,王桂芳,EMPLOYEE,1"),
    ("everything in the wrong column", f"王桂芳,EMPLOYEE,{UUID(int=5)},1,,"),
    ("a serial number", "1024,x,y,王桂芳,EMPLOYEE,1"),
    ("a year", ",2026,,王桂芳,EMPLOYEE,1"),
    ("all of it", row("王桂芳")),
    ("a name like a note", row("合计")),
    ("a name like a label", row("姓名")),
]  # fmt: skip


@each_cell("text", [one[1] for one in NO_RECORD], ids=[one[0] for one in NO_RECORD])
@each_cell("encoding", ["utf-8", "gb18030"])
def test_a_row_that_is_no_record_is_answered_once(text, encoding):
    """Not with a reason for each column: nothing is wrong with any of them."""
    data = sheet(row("王桂芳"), text, row("李建国", 2)).encode(encoding)
    receipts = [one.fault.code if one.fault else None for one in opened(data, encoding=encoding).submissions]
    assert receipts == [None, "row_is_no_record", None]


@each_cell("text", [one[1] for one in SPARSE], ids=[one[0] for one in SPARSE])
def test_a_row_that_says_which_record_it_is_is_judged_as_one(text):
    """However little of it is right: what is missing or wrong is told of each field."""
    assert faults(sheet(text, row("李建国", 2))) == [None, None]


SHIFTED = [
    ("to the right", "," + ",".join(WANG[:-1])),
    ("to the right, its last one lost", "x," + ",".join(WANG[:-1])),
    ("a serial number in front", "1," + ",".join(WANG[:-1])),
    ("by two", "1,2," + ",".join(WANG[:-2])),
]  # fmt: skip
IN_PLACE = [
    ("all of it", ",".join(WANG)),
    ("another id", "x," + ",".join(WANG[1:])),
    ("no id", "," + ",".join(WANG[1:])),
    ("another number", ",".join((*WANG[:2], "x", *WANG[3:]))),
    ("number and name exchanged", ",".join((*WANG[:2], WANG[3], WANG[2], *WANG[4:]))),
    ("all backwards", ",".join(reversed(WANG))),
    ("the number once more as the name", ",".join((*WANG[:3], WANG[2], *WANG[4:]))),
]  # fmt: skip


@pytest.mark.parametrize("text", [one[1] for one in SHIFTED], ids=[one[0] for one in SHIFTED])
def test_a_row_beside_its_columns_is_called_that(text):
    """A cell was put in or taken out, and each one was told to be wrong."""
    assert faults(sheet(text, row("李建国", 2))) == ["row_shifted", None]


def test_a_row_that_lost_its_first_cells_is_called_that():
    """Where more columns stand in front of the two that are known."""
    header = f"county,{HEADER}"
    assert faults(sheet(row("王桂芳") + ",", f"甘谷县,{row('李强')}", header=header)) == ["row_shifted", None]


@each_cell("text", [one[1] for one in IN_PLACE], ids=[one[0] for one in IN_PLACE])
def test_a_row_in_its_place_or_in_none_is_judged_by_its_cells(text):
    """What is wrong is told of each field."""
    assert faults(sheet(text, row("李建国", 2))) == [None, None]


def test_people_without_number_are_records():
    """A file of unknown bodies has no such column."""
    header = HEADER.replace("id_number", "id_type")
    assert faults(sheet(row("无名氏").replace("62050319500101002X", "NONE"), header=header)) == [None]
    assert faults(sheet("合计,,,,,2", header=header)) == ["row_is_no_record"]


def test_broken_quotation_marks_are_refused_in_their_row():
    """The rows after it go on."""
    assert faults(sheet('"a"x' + "," * 5, row("王桂芳"), '"e,f', "g,h")) == [
        "row_unreadable",
        None,
        "row_unreadable",
    ]


@pytest.mark.parametrize("text", [f"{row('孙平')}\r{row('赵强', 2)}\r", f"\r{row('孙平')}", "a\rb", "\rx\r"])
def test_a_lone_carriage_return_is_called_what_it_is(text):
    """It cannot be told where the row ends, and no quotation mark is at fault; within a cell it may stand."""
    assert faults(sheet(text, row("王桂芳"))) == ["line_end_in_row", None]
    (one,) = opened(sheet(row('"王\r桂芳"'))).submissions
    assert one.fault is None


APART = [
    ("all behind a blank", ", ".join(f'"{cell}"' for cell in WANG)),
    ("one behind a blank", row(' "王桂芳"')),
    ("behind a full-width blank", row('\u3000"王桂芳"')),
    ("behind a tab", row('\t"王桂芳"')),
    ("the first one", f' "{WANG[0]}",' + ",".join(WANG[1:])),
    ("a comma within", row(' "王桂芳, 李强"')),
    ("all before a blank", " ,".join(f'"{cell}"' for cell in WANG)),
    ("one before a blank", row('"王桂芳" ')),
    ("a blank on both sides", row(' "王桂芳" ')),
    ("the last one, before a blank", ",".join(WANG[:-1]) + ',"1" '),
    ("an empty one", row(' ""')),
]  # fmt: skip
TOGETHER = [
    ("all quoted", ",".join(f'"{cell}"' for cell in WANG)),
    ("blanks and no marks", ", ".join(WANG)),
    ("a mark within a text", row('5" 管')),
    ("a mark behind a blank, and text behind it", row(' "幸福" 公寓')),
    ("a lone mark behind a blank", row(' "')),
    ("a lone mark and text", row(' "王')),
    ("blanks within the marks", row('" 王桂芳 "')),
    ("marks of Chinese", row(" “王桂芳”")),
    ("a quoted text with commas, blanks and marks", row('"见, ""附件"", 一"')),
    ("an apostrophe behind a blank", row(" '王桂芳'")),
    ("an empty cell of blanks", row("  ")),
    ("a quoted blank and mark", row('" ""王"""')),
]  # fmt: skip


@each_cell("text", [one[1] for one in APART], ids=[one[0] for one in APART])
def test_a_quotation_mark_beside_a_blank_is_called_that_and_nothing_else(text):
    """Seven reasons, one for each value with marks, would say nothing of that; the rows after it go on."""
    assert faults(sheet(text, row("李建国", 2))) == ["quote_beside_blank", None]


@each_cell("text", [one[1] for one in TOGETHER], ids=[one[0] for one in TOGETHER])
def test_marks_and_blanks_that_hinder_nothing_are_taken(text):
    """Text may hold both."""
    assert faults(sheet(text, row("李建国", 2))) == [None, None]


MARKS = ["'{}'", "`{}`", '"""{}"""', "‘{}’", "“{}”", "＂{}＂", "'{} '", " \"'{}'\""[1:]]
INNOCENT = [
    ("one cell in apostrophes", row("'王桂芳'")),
    ("two of them", row("'王桂芳'").replace("EMPLOYEE", "'EMPLOYEE'")),
    ("all in quotation marks", ",".join(f'"{cell}"' for cell in WANG)),
    ("some in quotation marks", f'"{WANG[0]}",' + ",".join(WANG[1:])),
    ("apostrophes in front", ",".join(f"'{cell}" for cell in WANG)),
    ("apostrophes behind", ",".join(f"{cell}'" for cell in WANG)),
    ("brackets", ",".join(f"[{cell}]" for cell in WANG)),
    ("all but one in apostrophes", ",".join(f"'{cell}'" for cell in WANG[:-1]) + ",1"),
]  # fmt: skip


@each_cell("mark", MARKS)
def test_a_row_whose_cells_all_stand_in_marks_is_answered_once(mark):
    """Databases and scripts have marks of their own, and a second export doubles them."""
    text = ",".join(mark.format(cell) for cell in WANG)
    assert faults(sheet(text, row("李建国", 2))) == ["cells_in_marks", None]
    with pytest.raises(FileRefusedError) as refused:
        opened(sheet(text, header=",".join(mark.format(name) for name in HEADER.split(","))))
    assert [reason.code for reason in refused.value.reasons] == ["cells_in_marks"]


@each_cell("text", [one[1] for one in INNOCENT], ids=[one[0] for one in INNOCENT])
def test_a_row_with_some_marks_is_judged_by_its_cells(text):
    """What is wrong is told of each field, if anything is."""
    assert faults(sheet(text, row("李建国", 2))) == [None, None]


@each_cell("separator", ["\t", ";", "，", "|"])
@each_cell("encoding", ["utf-8", "gb18030"])
def test_a_mark_beside_a_blank_is_seen_whatever_separates_the_cells(separator, encoding):
    """It is the same as with commas."""
    data = sheet(APART[0][1], row("李建国", 2)).replace(",", separator)
    assert faults(data.encode(encoding)) == ["quote_beside_blank", None]


@pytest.mark.parametrize("mark", [', "', '" ,"'])
def test_a_header_whose_marks_stand_beside_blanks_is_answered_once(mark):
    """Not with six unknown columns and six that are missing."""
    header = '"' + HEADER.replace(",", mark if mark[0] == '"' else '", "') + '"'
    with pytest.raises(FileRefusedError) as refused:
        opened(sheet("名单", header, row("王桂芳")))
    assert [reason.code for reason in refused.value.reasons] == ["quote_beside_blank"]


def test_a_row_that_is_too_long_is_one_refusal():
    """It is the same as for JSON lines."""
    long = b"z" * (LONGEST_LINE_BYTES + 1)
    first, second = opened(sheet().encode() + long + b"\n" + row("王桂芳").encode()).submissions
    assert (first.fault.code, first.digest) == ("too_large", sha256(long).hexdigest())
    assert second.content["record"]["name"] == "王桂芳"


def test_csv_from_a_pipe_is_read_as_from_a_file():
    """A pipe cannot be read twice; its encoding is found all the same."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(sheet(row("李秀兰")).encode("gb18030"))
    with os.fdopen(reading, "rb") as pipe, readable_again(pipe) as again:
        (one,) = read_csv(again, "medical_insurance", SHIPPED).submissions
    assert one.content["record"]["name"] == "李秀兰"


def test_a_type_that_there_is_not_is_an_error_for_people():
    """With the types that there are."""
    with pytest.raises(ExchangeError, match="horse") as told:
        opened(sheet(), "horse")
    assert "social_insurance" in told.value.message


def test_blanks_that_fill_up_a_cell_are_no_part_of_a_number():
    """A column of fixed width has them; what they mean elsewhere is told at admission."""
    columns, cells = "account_balance_fen,receiving_benefit,scheme", ["  100 , 是\u3000, EMPLOYEE "]
    assert records_of(columns, cells, "social_insurance") == [
        {"account_balance_fen": 100, "receiving_benefit": True, "scheme": " EMPLOYEE "}
    ]


SPLIT = ["1,234", "43,210", "999,000", "+1,234", "43,210.00"]
WHOLE = [
    "43,秦州区",
    "1234,210",
    "0,210",
    "43,21",
    "43,2101",
    "43,",
    '"43",A210',
    "43,第210号",
    "4321,麦积区",
]


@pytest.mark.parametrize("cells", SPLIT)
def test_a_number_cut_by_its_thousands_separator_is_not_its_first_digits(cells):
    """Where an empty cell at the end was left out the row has as many cells as the header."""
    data = sheet(row("王桂芳").rpartition(",")[0] + f",{cells}", header=f"{HEADER},county")
    assert faults(data) == ["number_split"]


@each_cell("cells", WHOLE)
def test_a_small_number_beside_words_is_one(cells):
    """Only three digits alone are the rest of a number, and only where words should stand."""
    assert faults(sheet(row("王桂芳").rpartition(",")[0] + f",{cells}", header=f"{HEADER},county")) == [None]
    assert faults(sheet(row("王桂芳") + ",210", header=f"{HEADER},certificate_no")) == [None]
