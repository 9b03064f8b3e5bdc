"""Files that are something else are recognised at once and answered with what to do."""

import bz2
import gzip
import io
import lzma
import zipfile

import pytest

from producers.reading.files import read_json_lines
from producers.reading.unfit_files import FileRefusedError
from tests.cells import each_cell
from tests.sheets import HEADER, names_read, opened, row, sheet

LINE = '{"type": "notary", "record": {"name": "王桂芳"}}'


def zipped(name, content="<Types/>"):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, content)
    return data.getvalue()


def workbook():
    return zipped("[Content_Types].xml")


def lines_of(data, encoding=None):
    return list(read_json_lines(io.BytesIO(data), encoding).submissions)


class Pipe(io.BytesIO):
    """What can be read once."""

    def seekable(self):
        """Like a pipe."""
        return False


TABLE = sheet(row("王桂芳"))
OPEN_DOCUMENT = zipped("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
MAIL = b"MIME-Version: 1.0\r\nContent-Type: multipart/"
FOREIGN = [
    ("a workbook that begins otherwise", zipped("docProps/app.xml"), "file_is_workbook", "xlsx"),
    ("a workbook of LibreOffice", OPEN_DOCUMENT, "file_is_workbook", "ods"),
    ("a letter", zipped("word/document.xml"), "file_is_document", "docx"),
    ("a table of dBase", b"\x03\x7d\x09\x1e\x02\0\0\0\x61\0\x20" + b"\0" * 20, "file_is_workbook", "dbf"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file_is_document", "PNG"),
    ("a photograph", b"\xff\xd8\xff\xe0\0\x10JFIF", "file_is_document", "JPEG"),
    ("a database", b"SQLite format 3\0\x10\0", "file_is_document", "SQLite"),
    ("a table as RTF", b"{\\rtf1\\ansi\\deff0 " + TABLE.encode(), "file_is_document", "RTF"),
    ("RTF in capitals after a blank line", b"\r\n{\\RTF1 " + LINE.encode(), "file_is_document", "RTF"),
    ("a scan", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file_is_document", "PDF"),
    ("a page as .xls", b"<html><body><table><tr><td>record_id", "file_is_markup", "HTML"),
    ("a page with its type", b"<!DOCTYPE HTML>\n<html>", "file_is_markup", "HTML"),
    ("a page with a mark", b"\xef\xbb\xbf  <Table border=1>", "file_is_markup", "HTML"),
    ("a page that is XML", b'<?xml version="1.0"?>\n<HTML xmlns="x">', "file_is_markup", "HTML"),
    ("a sheet as XML", b'<?xml version="1.0"?>\r\n<Workbook>', "file_is_markup", "XML"),
    ("a table under gzip", gzip.compress(TABLE.encode()), "file_is_archive", "gzip"),
    ("lines under gzip", gzip.compress(LINE.encode()), "file_is_archive", "gzip"),
    ("a table under xz", lzma.compress(TABLE.encode()), "file_is_archive", "xz"),
    ("a table in an archive", zipped("list.csv", TABLE), "file_is_archive", "zip"),
    ("an archive of another program", b"Rar!\x1a\x07\x01\x00", "file_is_archive", "rar"),
    ("a form of an office", zipped("OFD.xml"), "file_is_document", "OFD"),
    ("what a database was asked", b"INSERT INTO death VALUES ('1', '2');\n", "file_is_document", "SQL"),
    ("how its table is made", b"create table death (record_id uuid);\n", "file_is_document", "SQL"),
    ("a card of addresses", b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "file_is_document", "vCard"),
    ("a shortcut", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0" + bytes(60), "file_is_document", ".lnk"),
    ("a link", b"[InternetShortcut]\r\nURL=file:///list.csv\r\n", "file_is_document", ".url"),
    ("what macOS keeps beside", b"\0\x05\x16\x07\0\x02\0\0Mac OS X" + bytes(60), "file_is_document", "macOS"),
    ("a sheet as SYLK", b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "file_is_workbook", "SYLK"),
    ("a sheet as DIF", b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "file_is_workbook", "DIF"),
    ("the same with other ends", b'TABLE\n0,1\n"EXCEL"\n', "file_is_workbook", "DIF"),
    ("a sheet as a page with its parts", MAIL + b"related", "file_is_markup", "MHTML"),
    ("a mail", b"From: a\r\n" + MAIL + b"mixed\r\n\r\n" + TABLE.encode(), "file_is_document", "MIME"),
    ("a mail with its way", b"Received: by x\r\n" + MAIL + b"mixed", "file_is_document", "MIME"),
    ("a table of Access", b"\0\x01\0\0Standard Jet DB\0" + bytes(200), "file_is_document", "Access"),
    ("a younger one", b"\0\x01\0\0Standard ACE DB\0" + bytes(200), "file_is_document", "Access"),
    ("a table that an office locks", b"b\x14#e\x14\0\1\0E-SafeNet\0LOCK", "file_is_document", "E-SafeNet"),
    ("a table of a data lake", b"PAR1\x15\x04\x15\x10", "file_is_document", "Parquet"),
    ("a file of Avro", b"Obj\x01\x04\x16avro.schema", "file_is_document", "Avro"),
    ("a dump of Oracle", b"\x03\x03TEXPORT:V11.02.00\nDSYSTEM\n", "file_is_document", "Oracle"),
    ("a dump of PostgreSQL", b"PGDMP\x01\x0e\0\x04", "file_is_document", "PostgreSQL"),
    ("the same as text", b"--\n-- PostgreSQL database dump\n--\n", "file_is_document", "SQL"),
    ("a dump of MySQL", b"-- MySQL dump 10.13  Distrib 5.7\n", "file_is_document", "SQL"),
    ("a table of a mainframe", TABLE.encode("cp037", "replace"), "file_is_document", "EBCDIC"),
    ("the same in capitals", HEADER.upper().encode("cp500"), "file_is_document", "EBCDIC"),
    ("lines of a mainframe", LINE.encode("cp037", "replace"), "file_is_document", "EBCDIC"),
    ("an archive that opens itself", b"MZ\x90\0\3\0This program cannot be run", "file_is_archive", "exe"),
    ("a table under bzip2", bz2.compress(TABLE.encode()), "file_is_archive", "bzip2"),
    ("UTF-32", TABLE.encode("utf-32"), "file_utf_32", "UTF-32"),
    ("UTF-32 from the other end", b"\x00\x00\xfe\xff" + LINE.encode("utf-32-be"), "file_utf_32", "UTF-32"),
    ("UTF-32 without a mark", LINE.encode("utf-32-le"), "file_utf_32", "UTF-32"),
    ("UTF-32 from the other end without a mark", TABLE.encode("utf-32-be"), "file_utf_32", "UTF-32"),
    ("a table that was not written to its end", TABLE.encode() + bytes(700), "file_torn", ""),
    ("lines that were not sent to their end", LINE.encode() + bytes(4), "file_torn", ""),
    ("what a power cut left", bytes(4096), "file_empty", ""),
]  # fmt: skip
MORE = sheet(row("李建国", 2))
BOTH = "第 1-2 行是 UTF-8，第 3-4 行是 UTF-16"
MANY = sheet(*[row("孙平")] * 300)
OLE = b"\xd0\xcf\x11\xe0"
JOINED = [
    ("UTF-16 behind UTF-8", TABLE.encode() + MORE.encode("utf-16"), BOTH),
    ("without a mark", TABLE.encode() + MORE.encode("utf-16-le"), BOTH),
    ("from the other end", TABLE.encode() + MORE.encode("utf-16-be"), BOTH),
    ("behind GB18030", TABLE.encode("gb18030") + MORE.encode("utf-16"), "第 1-2 行是 GB18030"),
    ("behind ASCII", sheet(row("Smith")).encode() + MORE.encode("utf-16-le"), "第 1-2 行是 UTF-8"),
    ("behind a mark", b"\xef\xbb\xbf" + TABLE.encode() + MORE.encode("utf-16-le"), "第 1-2 行是 UTF-8"),
    ("UTF-8 behind UTF-16", TABLE.encode("utf-16") + MORE.encode(), "第 4 行是 UTF-8，第 1-2 行是 UTF-16"),
    ("one row behind many", MANY.encode() + MORE.encode("utf-16-le"), "第 302-303 行是 UTF-16"),
    ("lines", f"{LINE}\n".encode() + f"{LINE}\n".encode("utf-16-le"), "第 1 行是 UTF-8，第 2 行是 UTF-16"),
]  # fmt: skip
ALONE = [
    ("UTF-16", TABLE.encode("utf-16"), "file_utf_16"),
    ("Chinese alone above", sheet(HEADER, header="参保人员名单").encode("utf-16-le"), "file_utf_16"),
    ("bytes that are letters", sheet(TABLE, header="在数敳楡牴敥摮慥").encode("utf-16-le"), "file_utf_16"),
    ("UTF-16 from the other end", TABLE.encode("utf-16-be"), "file_utf_16"),
    ("UTF-32", TABLE.encode("utf-32-le"), "file_utf_32"),
    ("a table that was torn", TABLE.encode() + bytes(700), "file_torn"),
    ("an old workbook", OLE + TABLE.encode() + MORE.encode("utf-16-le"), "file_is_workbook"),
    ("nothing but nulls", bytes(40), "file_empty"),
]  # fmt: skip
ENDS = ("\v", "\f", "\x1e", "\x85", "\u2028", "\u2029")
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
AS_LINES = [
    ("a workbook", workbook(), "file_is_workbook"),
    ("an old workbook", XLS, "file_is_workbook"),
    ("an array", f"[{LINE}]".encode(), "json_array"),
    ("an array of several lines", f"[\n{LINE},\n{LINE}\n]\n".encode(), "json_array"),
    ("an array after blank lines", f"\n\n  [ {LINE}]".encode(), "json_array"),
    ("an array with a mark", b"\xef\xbb\xbf" + f"[{LINE}]".encode(), "json_array"),
    ("an object over lines", b'{\n  "type": "notary",\n  "record": {}\n}\n', "json_over_lines"),
    ("CSV", sheet(row("王桂芳")).encode(), "type_missing"),
    ("CSV in capitals", sheet(row("王桂芳"), header=HEADER.upper()).encode(), "type_missing"),
    ("UTF-16", LINE.encode("utf-16"), "file_utf_16"),
    ("UTF-16 from the other end", b"\xfe\xff" + LINE.encode("utf-16-be"), "file_utf_16"),
    ("UTF-16 without a mark", LINE.encode("utf-16-le"), "file_utf_16"),
    ("GB18030", f"{LINE}\n".encode("gb18030"), "json_not_utf8"),
    ("GB18030 that is valid UTF-8", LINE.replace("王桂芳", "谢英").encode("gb18030"), "json_not_utf8"),
    ("lines of an old Macintosh", f"{LINE}\r{LINE}\r".encode(), "line_ends_wrong"),
    ("GB18030 after ASCII", b'{"a": 1}\n{"a": 2}\n' + f"{LINE}\n".encode("gb18030"), "json_not_utf8"),
]  # fmt: skip
AS_TABLE = [
    ("a workbook", workbook(), "file_is_workbook"),
    ("an old workbook", XLS, "file_is_workbook"),
    ("JSON lines", LINE.encode(), "type_not_expected"),
    ("a JSON array", f"[\n{LINE}]".encode(), "type_not_expected"),
    ("JSON with a mark", b"\xef\xbb\xbf" + LINE.encode(), "type_not_expected"),
    ("UTF-16", sheet(row("王桂芳")).encode("utf-16"), "file_utf_16"),
    ("UTF-16 from the other end", b"\xfe\xff" + sheet().encode("utf-16-be"), "file_utf_16"),
    ("UTF-16 without a mark", sheet(row("王桂芳")).encode("utf-16-le"), "file_utf_16"),
    ("lines of an old Macintosh", sheet(row("王桂芳"), end="\r").encode(), "line_ends_wrong"),
    *((f"ends {end!a}", sheet(row("孙平"), end=end).encode(), "line_ends_wrong") for end in ENDS),
    ("LF CR", sheet(row("孙平"), row("李建国", 2), end="\n\r").encode(), "line_ends_wrong"),
    ("LF CR and a title", sheet(HEADER, row("孙平"), header="名单", end="\n\r").encode(), "line_ends_wrong"),
    ("CR, then LF", f"{HEADER}\r{row('孙平')}\n{row('赵强', 2)}\n".encode(), "line_ends_wrong"),
    ("CR, then CR LF", f"{HEADER}\r{sheet(row('孙平'), header=row('赵强'))}".encode(), "line_ends_wrong"),
    ("a title in LF, all else in CR", f"名单\n{HEADER}\r{row('孙平')}\r".encode(), "line_ends_wrong"),
    ("a title in CR, all else in LF", f"名单\r2026\n{HEADER}\n{row('孙平')}\n".encode(), "line_ends_wrong"),
    ("a title of an old Macintosh", sheet(HEADER, header="名单", end="\r").encode(), "line_ends_wrong"),
]  # fmt: skip


@each_cell(
    "title",
    [
        "BZh2025",
        "PAR1",
        "MZ",
        "Obj",
        "PGDMP_list",
        "b#e",
        "Standard",
        "-- list of the dead",
        "MZ This",
        "EXPORT:V",
    ],
)
def test_a_title_that_only_begins_like_something_else_is_one(title):
    """What tells a kind of file apart is more than its first letters."""
    assert names_read(f"{title},,,,,\n{TABLE}") == ["王桂芳"]


@each_cell(("data", "code"), [one[1:] for one in AS_LINES], ids=[one[0] for one in AS_LINES])
def test_what_is_no_json_lines_is_named_once_instead_of_refusing_every_line(data, code):
    """With a sentence that says what to do, and nothing published."""
    with pytest.raises(FileRefusedError, match=code) as refused:
        lines_of(data)
    assert "没有发布任何内容。请" in refused.value.message
    assert "othing was published" in refused.value.message


@each_cell(("data", "code"), [one[1:] for one in AS_TABLE], ids=[one[0] for one in AS_TABLE])
def test_what_is_no_csv_is_named_once_instead_of_refusing_every_row(data, code):
    """It is the same as for JSON lines."""
    with pytest.raises(FileRefusedError, match=code) as refused:
        opened(data)
    assert "没有发布任何内容。请" in refused.value.message


@each_cell(("data", "code", "found"), [one[1:] for one in FOREIGN], ids=[one[0] for one in FOREIGN])
@each_cell("read", [lines_of, opened])
def test_what_was_taken_for_a_table_or_for_lines_is_called_what_it_is(data, code, found, read):
    """However its name ends, and whichever way it was to be published."""
    with pytest.raises(FileRefusedError) as refused:
        read(data)
    (reason,) = refused.value.reasons
    assert reason.code == code
    assert found in reason.message_zh
    assert found in reason.message_en


@each_cell(("data", "told"), [one[1:] for one in JOINED], ids=[one[0] for one in JOINED])
@each_cell("read", [lines_of, opened])
def test_what_was_joined_from_two_encodings_is_called_a_mixture(data, told, read):
    """A shell appends in UTF-16 to what was there; to save the whole as UTF-8 would spoil the other part."""
    with pytest.raises(FileRefusedError) as refused:
        read(data)
    assert [reason.code for reason in refused.value.reasons] == ["encodings_mixed"]
    assert told in refused.value.message


@each_cell(("data", "code"), [one[1:] for one in ALONE], ids=[one[0] for one in ALONE])
@each_cell("read", [lines_of, opened])
def test_what_is_of_one_kind_is_no_mixture(data, code, read):
    """It is called what it is."""
    with pytest.raises(FileRefusedError, match=code):
        read(data)


EMPTY = [
    *(b"", b"\n", b"\r\n\r\n", b"  \t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\x1a", b"\r\n\x1a"),
    *("\u3000".encode(), "\u3000\u3000\r\n\u3000".encode("gb18030"), "\u00a0\n".encode(), "\u200b".encode()),
]  # fmt: skip


@each_cell("data", EMPTY)
@each_cell("read", [lines_of, opened])
def test_a_file_in_which_nothing_is_seen_is_empty_whatever_it_was_meant_to_be(data, read):
    """An export that failed is not a month without records."""
    with pytest.raises(FileRefusedError, match="file_empty"):
        read(data)


@each_cell("data", [*EMPTY[:9], *EMPTY[10:]])
def test_through_a_pipe_no_line_may_come(data):
    """A program that had nothing to send has ended well."""
    assert list(read_json_lines(Pipe(data)).submissions) == []


@each_cell("blank", ["\u3000", "\u00a0\u3000", "\u200b", "\ufeff", " \t", "", "\u2003"])
@each_cell("encoding", ["utf-8", "gb18030"])
def test_a_line_in_which_nothing_is_seen_is_blank(blank, encoding):
    """It is neither a record nor damage."""
    data = f"{LINE}\n{blank}\r\n{LINE}\n".encode(encoding)
    assert [(one.number, one.fault) for one in lines_of(data, encoding)] == [(1, None), (3, None)]
    table = f"{sheet(row('王桂芳'))}{blank}\r\n{row('孙平', 2)}"
    assert names_read(table.encode(encoding)) == ["王桂芳", "孙平"]


@pytest.mark.parametrize("end", ["\r\n\x1a", "\n\x1a", "\x1a", "\r\n\x1a\x1a"])
def test_the_mark_that_old_systems_write_at_a_file_s_end_is_no_row(end):
    """DBase and its like; within a file it is what it is."""
    assert names_read(sheet(row("孙平")).rstrip("\r\n") + end) == ["孙平"]
    assert len(lines_of(f"{LINE}{end}".encode())) == 1
    assert len(lines_of(f"{LINE}\n\x1a\n".encode())) == 2


FIT_LINES = [
    LINE,
    f"\ufeff{LINE}",
    f"\n\n{LINE}\n\n{LINE}",
    f"  {LINE}  ",
    f"{LINE}\r",
    LINE.replace("王桂芳", "谢英"),
    LINE.replace("王桂芳", "José"),
    LINE.replace("王桂芳", "\\u738b"),
    LINE.replace("王桂芳", "Иванов"),
    "[1, 2]",
    "<王桂芳>",
    f"\x1e{LINE.replace('name', 'record_id')}\n\x1e{LINE}",
    f"2026-06-02 INFO {LINE.replace('name', 'record_id')}\n{LINE}",
    "{rtf}",
    "%PDF",
    "not json",
    "[]",
    "{}",
    '"record_id"',
]


@each_cell("text", FIT_LINES)
def test_what_is_json_lines_or_broken_in_one_line_is_read_line_by_line(text):
    """Each line gets its own receipt."""
    assert len(lines_of(text.encode())) == len([line for line in text.split("\n") if line.strip()])
    assert all(one.fault is None for one in lines_of(text.encode()))


def test_json_lines_in_gb18030_are_read_where_somebody_says_so():
    """Their bytes are kept as they came."""
    data = f"{LINE}\nnot json\n".encode("gb18030") + b'{"a": 1, "a": 2}\n{"a": "\xff\xff"}\n'
    good, odd, twice, damaged = lines_of(data, "gb18030")
    assert good.content == {"type": "notary", "record": {"name": "王桂芳"}}
    assert good.payload == LINE.encode("gb18030")
    assert [one.fault.code for one in (odd, twice, damaged)] == ["not_json", "key_repeated", "text_damaged"]


@each_cell(
    "text",
    [
        *(
            sheet(row(name))
            for name in ("PK王", "王{桂}[芳]", "[1]", "[name]", "<html>", "{\\rtf", "%PDF-", "Rar!")
        ),
        *(sheet(HEADER, row("王桂芳"), header=title) for title in ("<名单>", "PK", "Rar", "7z", "{a}"[1:])),
        *(
            sheet(HEADER, row("王桂芳"), header=title)
            for title in ("From: 市医保局", "TABLE 1", "Received: 1", "L", "ID")
        ),
        *(
            sheet(HEADER, row("王桂芳"), header=title)
            for title in ("INSERT", "BEGIN", "MIME-Version: 1", "ID;Patient", "From")
        ),
        sheet(row("王桂芳"), end="\n"),
        "\n" + sheet(row("王桂芳")),
    ],
)
def test_a_table_with_odd_cells_is_a_table(text):
    """What a file is, is told by how it begins."""
    assert len(names_read(text)) == 1
