"""Files that are something else are recognised at once and answered with what to do."""

import io
import zipfile

import pytest

from producers.files import read_json_lines
from producers.unfit_files import FileRefusedError
from tests.sheets import HEADER, names_read, opened, row, sheet

LINE = '{"type": "notary", "record": {"name": "王桂芳"}}'


def workbook():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return data.getvalue()


def lines_of(data, encoding=None):
    return list(read_json_lines(io.BytesIO(data), encoding).submissions)


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
    ("a title of an old Macintosh", sheet(HEADER, header="名单", end="\r").encode(), "line_ends_wrong"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), [one[1:] for one in AS_LINES], ids=[one[0] for one in AS_LINES])
def test_what_is_no_json_lines_is_named_once_instead_of_refusing_every_line(data, code):
    """With a sentence that says what to do, and nothing published."""
    with pytest.raises(FileRefusedError, match=code) as refused:
        lines_of(data)
    assert refused.value.hint
    assert "没有发布任何内容" in refused.value.message


@pytest.mark.parametrize(("data", "code"), [one[1:] for one in AS_TABLE], ids=[one[0] for one in AS_TABLE])
def test_what_is_no_csv_is_named_once_instead_of_refusing_every_row(data, code):
    """As for JSON lines."""
    with pytest.raises(FileRefusedError, match=code) as refused:
        opened(data)
    assert refused.value.hint


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
    "not json",
    "[]",
    "{}",
    '"record_id"',
    "",
]


@pytest.mark.parametrize("text", FIT_LINES)
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


@pytest.mark.parametrize(
    "text", [sheet(row("PK王")), sheet(row("王{桂}[芳]")), sheet(row("王桂芳"), end="\n"), sheet(row("[1]"))]
)
def test_a_table_with_odd_cells_is_a_table(text):
    """What a file is, is told by how it begins."""
    assert len(names_read(text)) == 1
