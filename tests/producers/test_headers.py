"""Headers: found below titles, read once, and checked before anything is published."""

from uuid import UUID

import pytest

from avro_schemas.catalogue import SHIPPED
from exchange.runtime.sentences import said
from producers.reading.columns import vocabulary_of
from producers.reading.unfit_files import FileRefusedError
from tests.cells import each_cell
from tests.people import LI_XIULAN
from tests.sheets import HEADER, names_read, opened, row, sheet

NAMES = HEADER.split(",")
ROW = row("王桂芳")


def refused(data, record_type="medical_insurance"):
    """The codes, and all that a person is told."""
    with pytest.raises(FileRefusedError) as told:
        opened(data, record_type)
    return [reason.code for reason in told.value.reasons], told.value.message


def with_header(*names):
    return sheet(ROW, header=",".join(names))


def renamed(old, new):
    return [new if name == old else name for name in NAMES]


NO_SUCH = ["columns_unknown", "columns_missing"]
WRONG = [
    ("a slip", renamed("scheme", "shceme"), NO_SUCH, "shceme (scheme?)"),
    ("camel case", renamed("id_number", "idNumber"), NO_SUCH, "idNumber (id_number?)"),
    ("numbers in front", [f"{at}.{name}" for at, name in enumerate(NAMES, 1)], NO_SUCH, "4.name (name?)"),
    ("the table's name in front", [f"t.{name}" for name in NAMES], NO_SUCH, "t.name (name?)"),
    ("brackets of a database", [f"[{name}]" for name in NAMES], NO_SUCH, "[name] (name?)"),
    ("a blank for the line", renamed("record_id", "record id"), NO_SUCH, "(record_id?)"),
    ("a Chinese label", renamed("name", "姓名"), NO_SUCH, "姓名 (name?)"),
    ("nearly a Chinese term", renamed("id_number", "身份证号码"), NO_SUCH, "(id_number?)"),
    ("pinyin", renamed("name", "xingming"), NO_SUCH, "xingming (name?)"),
    ("pinyin in capitals", renamed("name", "XING_MING"), NO_SUCH, "XING_MING (name?)"),
    ("pinyin of another word", renamed("id_number", "shenfenzheng"), NO_SUCH, "shenfenzheng (id_number?)"),
    ("a longer one", renamed("id_number", "shenfenzhenghao"), NO_SUCH, "shenfenzhenghao (id_number?)"),
    ("initials", renamed("name", "xm"), NO_SUCH, "xm (name?)"),
    ("more of them", renamed("id_number", "SFZH"), NO_SUCH, "SFZH (id_number?)"),
    ("all in initials", ["jlbh", "djsj", "gmsfhm", "xm", "xz", "grzhye"], NO_SUCH, "djsj (recorded_at?)"),
    ("another word", renamed("id_number", "身份证"), NO_SUCH, "身份证 (id_number?)"),
    ("pinyin of no field", [*NAMES, "beizhu"], ["columns_unknown"], "：beizhu。"),
    ("a column too many", [*NAMES, "remark_of_window"], ["columns_unknown"], "remark_of_window"),
    ("a Chinese column too many", [*NAMES, "备注"], ["columns_unknown"], "备注"),
    ("a field of another type", [*NAMES, "cremation_place"], ["columns_unknown"], "cremation_place"),
    ("none but one right", ["name", "foo", "bar"], NO_SUCH, "foo, bar"),
    ("one missing", NAMES[:-1], ["columns_missing"], "account_balance_fen"),
    ("two missing", NAMES[:2] + NAMES[4:], ["columns_missing"], "id_number, name"),
    ("one twice", [*NAMES, "name"], ["columns_repeated"], "name"),
    ("one twice in capitals", [*NAMES, "NAME"], ["columns_repeated"], "name"),
    ("a nested one that is none", [*NAMES, "name.first"], [NO_SUCH[0], "columns_repeated"], "name.first"),
    ("a value for a name", [*NAMES, "6217001234567890123"], ["columns_unknown"], "***"),
    ("a person's name", [*NAMES, "王桂芳"], ["columns_unknown"], "***"),
    ("a foreigner's name", [*NAMES, "José Muñoz"], ["columns_unknown"], "***"),
    ("a row run into it", [*NAMES, str(UUID(int=7)), "李强", "王桂芳"], ["columns_unknown"], "***, ***, ***"),
    ("a very long one", [*NAMES, "x" * 50], ["columns_unknown"], "***"),
]  # fmt: skip


@each_cell(("names", "codes", "said"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
@each_cell("rows", [True, False], ids=["with rows", "without rows"])
def test_a_header_that_does_not_fit_stops_the_file_and_says_what_was_meant(names, codes, said, rows):
    """One sentence, not seven reasons for each row; and exit 0 for none of them."""
    data = with_header(*names) if rows else sheet(header=",".join(names))
    found, message = refused(data)
    assert found == codes
    assert said in message
    assert "王桂芳" not in message


def test_what_is_missing_of_an_object_is_named():
    """An application needs its applicant's number; a bank card may be left out as a whole."""
    names = ("record_id", "recorded_at", "id_number", "name", "matters", "applicant.name")
    found, message = refused(sheet(header=",".join(names)), "application")
    assert found == ["columns_missing"]
    assert "applicant.id_number" in message
    assert "deceased_bank_card" not in message
    opened(sheet(header=",".join((*names[:-1], "applicant"))), "application")
    opened(sheet(header=",".join((*names, "applicant.id_number"))), "application")


def test_a_column_beside_its_own_parts_is_refused():
    """Two cells would say one thing."""
    names = [*vocabulary_of("social_insurance", SHIPPED).missing(()), "social_card", "social_card.active"]
    assert refused(sheet(header=",".join(names)), "social_insurance")[0] == ["columns_repeated"]


def test_people_without_number_need_no_column_for_one():
    """A file of unknown bodies."""
    opened(sheet(header=HEADER.replace("id_number", "id_type")))


ACCEPTED = [
    ("capitals", HEADER.upper()),
    ("capitals at the beginning", HEADER.title()),
    ("blanks around", " , ".join(NAMES)),
    ("full-width blanks around", ",".join(f"\u3000{name}\u3000" for name in NAMES)),
    ("quotation marks", ",".join(f'"{name}"' for name in NAMES)),
    ("a mark in front", "\ufeff" + HEADER),
    ("a mark and quotation marks", "\ufeff" + ",".join(f'"{name}"' for name in NAMES)),
    ("what has no width", HEADER.replace("name", "\u200bname")),
    ("full-width letters", HEADER.replace("name", "ｎａｍｅ")),
    ("capitals and blanks", HEADER.upper().replace("NAME", "  NAME ")),
]  # fmt: skip


@each_cell("header", [one[1] for one in ACCEPTED], ids=[one[0] for one in ACCEPTED])
def test_a_header_is_known_however_it_is_set(header):
    """Capitals and blanks change no meaning."""
    assert names_read(sheet(ROW, header=header)) == ["王桂芳"]


def test_columns_without_a_name_may_stand_empty_and_not_otherwise():
    """Spreadsheets append some."""
    assert names_read(sheet(ROW + ",,", header=HEADER + ",,")) == ["王桂芳"]
    assert refused(sheet(ROW + ",x,", header=HEADER + ",,"))[0] == ["column_nameless"]


MORE = row("李建国", 2)
NAMELESS = [
    ("serial numbers in front", f",{HEADER}", [f"1,{ROW}", f"2,{MORE}"], "column 1,", 2, 2),
    ("remarks at the end", f"{HEADER},", [f"{ROW},已核对", f"{MORE},"], "column 7,", 1, 2),
    ("a remark far below", f"{HEADER},", [*[f"{ROW},"] * 30, f"{MORE},见附件"], "column 7,", 1, 32),
    ("both", f",{HEADER},", [f"1,{ROW},", f"2,{MORE},已核对"], "column 1, 8,", 2, 2),
    ("in the middle", HEADER.replace(",name", ",,name"), [ROW.replace(",王", ",x,王")], "column 4,", 1, 2),
    ("a blank for a name", f"\u3000,{HEADER}", [f"1,{ROW}"], "column 1,", 1, 2),
    ("marks for a name", f'"",{HEADER}', [f"1,{ROW}"], "column 1,", 1, 2),
    ("below a title", f"名单\r\n,{HEADER}", [f"1,{ROW}"], "column 1,", 1, 3),
    ("a value", f"{HEADER},", [f"{ROW},6217001234567890123"], "column 7,", 1, 2),
]  # fmt: skip
EMPTY = [
    ("in front", f",{HEADER}", [f",{ROW}", f",{MORE}"]),
    ("at the end", f"{HEADER},,,", [f"{ROW},,,"]),
    ("in the middle", HEADER.replace(",name", ",,name"), [ROW.replace(",王", ",,王")]),
    ("blanks in it", f"{HEADER},", [f"{ROW}, ", f"{MORE},\u3000"]),
    ("a total in it", f",{HEADER}", [f",{ROW}", "合计,2,,,,,"]),
    ("a note in it", f"{HEADER},", [f"{ROW},", ",,,,,,制表人"]),
    ("no rows", f",{HEADER}", []),
    ("a row shifted into it", f"{HEADER},", [f"{ROW},", f",{MORE}"]),
    ("a row of another width", f",{HEADER}", [f",{ROW}", f"1,2,{MORE}"]),
]  # fmt: skip


@each_cell(
    ("header", "rows", "column", "count", "line"),
    [one[1:] for one in NAMELESS],
    ids=[one[0] for one in NAMELESS],
)
def test_what_stands_in_a_column_without_a_name_is_told_once(header, rows, column, count, line):
    """Each row was told that there is no field column_1, and which one was meant (county?)."""
    codes, message = refused(sheet(*rows, header=header))
    assert codes == ["column_nameless"]
    assert column in message
    assert f"({count} of them, the first in line {line})" in message
    assert not any(word in message for word in ("?", "county", "王桂芳", "已核对", "6217"))


@each_cell(("header", "rows"), [one[1:] for one in EMPTY], ids=[one[0] for one in EMPTY])
def test_columns_without_a_name_in_which_nothing_stands_hinder_nothing(header, rows):
    """What is wrong with a row is told of that row."""
    found = opened(sheet(*rows, header=header)).submissions
    faults = [one.fault.code if one.fault else None for one in found]
    assert faults[:1] == [None] * bool(rows)
    assert "column_nameless" not in faults


LABELS = "记录编号,登记时间,公民身份号码,姓名,险种,个人账户余额（分）"
TITLES = [
    ("one cell and commas", ["2026年3月参保人员名单,,,,,"]),
    ("one cell alone", ["参保人员名单"]),
    ("three lines", ["天水市医疗保障局", "参保人员名单,,,,,", "单位：分,,,制表日期：2026-03-31,,"]),
    ("blank lines between", ["参保人员名单", "", ",,,,,", ""]),
    ("a title of two lines", ['"参保人员\n名单",,,,,']),
    ("the labels in Chinese above the names", [LABELS]),
    ("the separator as a spreadsheet says it", ["sep=,"]),
    ("a telephone number", ["填报人：张三,,电话：0938-8212345,,,"]),
    ("nine lines", [f"说明{n}" for n in "一二三四五六七八九"]),
    ("a comment", ["# exported by HIS 3.2"]),
    ("a title that was cut", ["参保人员@"]),
]  # fmt: skip


@each_cell("titles", [one[1] for one in TITLES], ids=[one[0] for one in TITLES])
@each_cell("encoding", ["utf-8", "gb18030"])
def test_titles_above_the_header_are_seen_and_said(titles, encoding):
    """Offices print their sheets; what stands above the table is not a record."""
    data = sheet(*titles[1:], HEADER, ROW, header=titles[0]).encode(encoding).replace(b"@", b"\xe5\xe5")
    found = opened(data)
    assert "title" in found.notes[-1]
    assert "标题" in found.notes[-1]
    assert not any(title in note for note in found.notes for title in titles if title)
    (one,) = found.submissions
    assert one.content["record"]["name"] == "王桂芳"
    assert one.number == data.count(b"\n")


ABOVE = [
    ("a record", [row("李建国", 2)]),
    ("a title and a record", ["名单", row("李建国", 2)]),
    ("a record cut short", [row("李建国", 2).split(",2026")[0]]),
    ("a personal number alone", [LI_XIULAN]),
    ("a table of other things", ["1,2,3,4,5,6"]),
    ("a record without a number", ["x1,2026-06-02T09:00:00+08:00,,李建国,,"]),
    ("names and amounts", ["李建国,100,赵强,200,孙平,300"]),
    ("a number of fifteen digits", ["620502480312024,李建国"]),
    ("a record in quotation marks", ['"x1","2026-06-02T09:00:00+08:00","","李建国","",""']),
]  # fmt: skip


@each_cell("lines", [one[1] for one in ABOVE], ids=[one[0] for one in ABOVE])
def test_records_above_the_header_are_never_taken_for_titles(lines):
    """A sheet was sorted, and its header with it: nothing may be left out in silence."""
    data = sheet(*lines[1:], HEADER, ROW, header=lines[0]).encode()
    codes, message = refused(data)
    assert codes == ["rows_above_header"]
    assert "李建国" not in message


HIDDEN = [
    ("all of it in quotation marks", sheet(ROW, header=f'"{HEADER}"'), "row_in_quotes"),
    ("each line in quotation marks", sheet(f'"{ROW}"', header=f'"{HEADER}"'), "row_in_quotes"),
    ("the same below a title", sheet(f'"{HEADER}"', f'"{ROW}"', header="名单"), "row_in_quotes"),
    ("with tabs in quotation marks", sheet(ROW, header=f'"{HEADER}"'.replace(",", "\t")), "row_in_quotes"),
    *((f"parted by {mark!r}", sheet(ROW).replace(",", mark), "separator_unknown") for mark in "~^:；｜ \x01"),
    ("a title that begins with a mark", sheet(HEADER, ROW, header='"2026"名单,,,,,'), "quote_above_header"),
    ("a title whose mark is never closed", sheet(HEADER, ROW, header='"名单'), "quote_above_header"),
    ("the same with commas", sheet(HEADER, ROW, header='"名单,,,,,'), "quote_above_header"),
    ("the same in the last cell", sheet(HEADER, ROW, ROW, header='名单,,"2026'), "quote_above_header"),
    ("a title closed in a row", sheet(HEADER, f'{ROW}"', header='"名单'), "quote_above_header"),
    ("a row that cannot be read", sheet(HEADER, ROW, header='"a"b,c'), "quote_above_header"),
]  # fmt: skip


@each_cell(("data", "code"), [one[1:] for one in HIDDEN], ids=[one[0] for one in HIDDEN])
@each_cell("encoding", ["utf-8", "gb18030"])
def test_a_header_that_cannot_be_told_apart_is_answered_with_what_hides_it(data, code, encoding):
    """Nobody is told that there is none, who sees it on the screen."""
    codes, message = refused(data.encode(encoding))
    assert codes == [code]
    assert "王桂芳" not in message


@pytest.mark.parametrize(
    "title",
    ["“2026”名单,,,,,", '参保"人员"名单', '"人员","","","","",""', '"record_id\n和 name 必填",,', "a~b"],
)
def test_marks_in_a_title_that_hide_nothing_are_part_of_it(title):
    """A title is free text."""
    assert names_read(sheet(HEADER, ROW, header=title)) == ["王桂芳"]


@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_as_many_rows_are_said_to_be_no_header_as_were_looked_at(count):
    """A file of three rows has no first ten."""
    _, message = refused(sheet(*[ROW] * (count - 1), header=ROW))
    assert f"开头的 {min(count, 10)} 行" in message


NO_HEADER = [
    ("a record", ROW),
    ("two records", f"{ROW}\r\n{row('李建国', 2)}"),
    ("empty cells", ",,,"),
    ("words of no schema", "foo,bar"),
    ("names alone", "王桂芳\r\n李建国"),
    ("labels in Chinese that are no terms", "编号,时间,证件,名字"),
    ("fields one below the other", "record_id,1\r\nname,王桂芳"),
    ("prose", "Dear colleagues, please find the list below"),
    ("numbers", "1,2,3"),
]  # fmt: skip


@each_cell("text", [one[1] for one in NO_HEADER], ids=[one[0] for one in NO_HEADER])
def test_a_file_without_header_is_one_error_that_says_what_is_wanted_and_shows_nobody(text):
    """The first record may be a person's; the names that are needed are told."""
    codes, message = refused(text + "\r\n")
    assert codes == ["header_missing"]
    assert "record_id, recorded_at, id_number, name, scheme, account_balance_fen" in message
    assert not any(secret in message for secret in ("王桂芳", "李建国", "620503", "colleagues"))


def test_a_header_in_chinese_is_read_and_each_column_is_answered_with_its_field():
    """Somebody who exports with labels is told the names one by one."""
    codes, message = refused(sheet(ROW, header=LABELS))
    assert codes == NO_SUCH
    for name in NAMES:
        assert f"({name}?)" in message


@each_cell("name", ["Ye", "Yue Ye", "Xing Ming", "Zhang Wei", "Wang", "Xia", "Ma Li", "An", "Ng"])
def test_a_name_in_letters_is_no_header(name):
    """Names of foreigners, and of us in their letters, stand in rows."""
    rows = [row(name, number) for number in range(2)]
    assert names_read(sheet(*rows)) == [name, name]
    assert refused(sheet(*rows[1:], header=rows[0]))[0] == ["header_missing"]


def test_a_header_below_the_first_ten_rows_is_not_looked_for():
    """Somewhere a title ends."""
    assert refused(sheet(*["说明"] * 10, HEADER, ROW, header="说明"))[0] == ["header_missing"]


def test_a_header_without_rows_is_right_and_holds_nothing():
    """A month without deaths."""
    found = opened(sheet())
    assert list(found.submissions) == []


@each_cell(
    ("separator", "called"),
    [("\t", "tabs"), (";", "semicolons"), ("，", "full-width commas"), ("|", "vertical bars"), ("|", "竖线")],
)
@each_cell("encoding", ["utf-8", "gb18030"])
def test_other_separators_are_recognised_and_said(separator, called, encoding):
    """Spreadsheets of other settings, and people who type with a Chinese keyboard."""
    found = opened(sheet("名单", HEADER, ROW, header="一览").replace(",", separator).encode(encoding))
    assert any(called in note for note in found.notes)
    assert [one.content["record"]["name"] for one in found.submissions] == ["王桂芳"]


def test_of_commas_nothing_is_said():
    """They are what is expected, whatever else stands in the cells."""
    found = opened(sheet(row("王;桂\t芳，|")))
    assert found.notes == (said("read_as", encoding="UTF-8"),)
    assert names_read(sheet(row("王;桂\t芳，|"))) == ["王;桂\t芳，|"]


UNCLOSED = [
    ("before a name", HEADER.replace("recorded_at", '"recorded_at')),
    ("behind a name", HEADER.replace("recorded_at", 'recorded_at"')),
    ("before the first", f'"{HEADER}'),
    ("before the last", HEADER.replace("account", '"account')),
    ("behind the last", f'{HEADER}"'),
    ("after a closed one", HEADER.replace("record_id", '"record_id"').replace("name", '"name')),
    ("with tabs", HEADER.replace("name", '"name').replace(",", "\t")),
    ("in capitals", HEADER.upper().replace("NAME", '"NAME')),
    ("below a title", f'参保人员名单\r\n{HEADER.replace("name", chr(34) + "name")}'),
]  # fmt: skip


@each_cell("header", [one[1] for one in UNCLOSED], ids=[one[0] for one in UNCLOSED])
@each_cell("rows", [(), (ROW,), (ROW, 'x,"y"', '"')], ids=["alone", "one row", "more marks below"])
def test_a_quotation_mark_without_a_partner_in_the_header_is_named(header, rows):
    """It swallows the rows below it, and there seems to be no header at all."""
    codes, message = refused(sheet(*rows, header=header))
    assert codes == ["header_quote_unclosed"]
    assert f"第 {header.count(chr(10)) + 1} 行" in message
    assert "王桂芳" not in message


CLOSED = [
    ("all quoted", ",".join(f'"{name}"' for name in NAMES), ROW),
    ("one quoted", HEADER.replace("name", '"name"'), ROW),
    ("a row that cannot be read below", HEADER, f'"x"y,z\r\n{ROW}'),
    ("names in a row below", HEADER, f"name,scheme\r\n{ROW}"),
    ("a title with an inch", f'5" 名单\r\n{HEADER}', ROW),
    ("a title of two lines", f'"名单\n2026",,\r\n{HEADER}', ROW),
]  # fmt: skip


@each_cell(("header", "rows"), [one[1:] for one in CLOSED], ids=[one[0] for one in CLOSED])
def test_quotation_marks_that_fit_or_stand_elsewhere_are_no_fault_of_the_header(header, rows):
    """What is wrong in a row is told of that row."""
    assert names_read(sheet(rows, header=header))[-1] == "王桂芳"


YUAN = [
    *(
        "account_balance_yuan",
        "balance_yuan",
        "ACCOUNT_BALANCE_RMB",
        "balance_cny",
        "个人账户余额（元）",
        "余额(元)",
    ),
    *("余额(万元)", "账户余额（人民币元）", "余额万元", "个人账户余额元", "金额（角）", "余额/元"),
]
NOT_YUAN = [
    "account_balance",
    "balance_in_fen",
    "余额（分）",
    "yuanyin",
    "院名",
    "多元",
    "元氏县",
    "jiaofei",
    "单元号",
]


@each_cell("name", YUAN)
def test_a_column_in_yuan_is_not_said_to_be_misspelt(name):
    """Whoever then only changed its name would have 432 yuan read as 432 fen."""
    codes, told = refused(with_header(*renamed("account_balance_fen", name)))
    assert codes == ["columns_in_other_unit", "columns_missing"]
    assert "yuan times 100), and then name the column account_balance_fen" in told
    assert f"{name} (" not in told


@each_cell("name", NOT_YUAN[:-3])
def test_a_name_that_only_looks_like_it_is_an_unknown_column(name):
    """And a unit of fen is the right one."""
    codes, _ = refused(with_header(*renamed("account_balance_fen", name)))
    assert codes == NO_SUCH


IN_YUAN = [
    *(
        "单位：元",
        "单位:万元",
        "金额单位：元",
        "（单位：元）",
        "单位：人民币元",
        "金额:元",
        "Unit: yuan",
        "Amounts in RMB",
        "天水市账户余额（元）",
        "单位为元",
    ),
    *("（元）", "元", "万元", "货币单位: 元", "2026年3月医保账户(单位：千元)"),
]
NOT_IN_YUAN = [
    *(
        "填报单位：天水市医保局",
        "金额单位：分",
        "（单位：分）",
        "单位：元龙镇政府",
        "单位：元龙镇",
        "多元化（试行）",
    ),
    *(
        "2026年3月",
        "公元",
        "Unit: Yuanlong",
        "金额：元整好",
        "Yuan Mei",
        "元旦",
        "单元（三）",
        "制表：元好问",
        "状元",
    ),
]


@each_cell("text", IN_YUAN)
def test_a_title_or_a_label_of_yuan_beside_a_column_of_fen_is_asked_about(text):
    """Else 432 yuan would be 432 fen, by a header that somebody put above an old sheet."""
    for data in (f"{text},,,,,\r\n" + sheet(ROW), sheet(f",,,,,{text}", ROW), sheet(ROW, f"{text},,,,,")):
        codes, told = refused(data)
        assert codes == ["amounts_in_other_unit"]
        assert "the column account_balance_fen is in fen" in told


@each_cell("text", NOT_IN_YUAN)
def test_a_title_of_anything_else_stays_one(text):
    """An office is called 单位, too, and 元 is in names of places."""
    assert names_read(f"{text},,,,,\r\n" + sheet(ROW)) == ["王桂芳"]
    assert names_read(sheet(f",,,,,{text}", ROW)) == [None, "王桂芳"]


@pytest.mark.parametrize("name", ["元", "张三（元）", "万元"])
def test_what_a_record_says_is_no_note(name):
    """There it is a value; and a table without amounts has no unit."""
    assert names_read(sheet(row(name), ROW)) == [name, "王桂芳"]
    header = "record_id,recorded_at,id_number,name,cancelled_at"
    data = "单位：元,,,,\r\n" + sheet(",".join([*ROW.split(",")[:4], "2026-06-01"]), header=header)
    assert [one.fault for one in opened(data, "hukou_cancellation").submissions] == [None]
