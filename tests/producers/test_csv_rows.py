"""Rows of CSV: each line of a file belongs to exactly one of them, and each cell knows where it stands."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.encoding.encodings import GB18030, UTF_8, LineDecoder
from producers.reading.csv_rows import SEPARATORS, CsvReader
from producers.reading.lines import LONGEST_LINE_BYTES, read_lines
from producers.reading.tables import Cell
from tests.cells import each_cell


def rows_of(data, separator=",", encoding=UTF_8):
    return list(CsvReader(read_lines(io.BytesIO(data)), LineDecoder(encoding), separator).rows())


def test_a_cell_knows_its_row_its_column_and_its_lines():
    """So that whatever is wrong with it can be found in the file."""
    first, second = rows_of(b'a,b\n"c\nd",e,"f\n\ng"\n')
    assert first.cells == (Cell("a", 1, 1, 1, 1), Cell("b", 1, 2, 1, 1))
    assert second.cells == (Cell("c\nd", 2, 1, 2, 3), Cell("e", 2, 2, 3, 3), Cell("f\n\ng", 2, 3, 3, 5))
    assert (second.first_line, second.last_line, second.lines) == (2, 5, "2-5")
    assert first.lines == "1"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_row_keeps_its_bytes(end):
    """Quarantine has them as they came."""
    data = end.join([b"a,b", b'"c', b'd",e', b""])
    assert b"".join(row.raw for row in rows_of(data)) == data


@given(
    st.lists(
        st.sampled_from(
            [b"a", b"b,c", b'"', b'""', b"\n", b"\r\n", b"\r", b";", b",", b" ", b"\x00", b"\xff"]
        )
        | st.sampled_from(["王桂芳".encode(), "王".encode()[:2], "谢英".encode("gb18030"), b"\xef\xbb\xbf"]),
        max_size=40,
    ),
    st.sampled_from(sorted(SEPARATORS)),
    st.sampled_from([UTF_8, GB18030]),
)
@settings(max_examples=100)
def test_every_line_is_of_exactly_one_row_whatever_the_bytes(pieces, separator, encoding):
    """None is left out, none counted twice, and no byte is lost."""
    data = b"".join(pieces)
    rows = rows_of(data, separator, encoding)
    lines = [line for row in rows for line in range(row.first_line, row.last_line + 1)]
    assert lines == list(range(1, len(list(read_lines(io.BytesIO(data)))) + 1))
    assert b"".join(row.raw for row in rows) == data.removeprefix(b"\xef\xbb\xbf")
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert all(row.first_line <= cell.first_line <= cell.last_line <= row.last_line for cell in row.cells)


def test_a_mark_that_is_never_closed_does_not_hold_a_whole_large_file_in_memory():
    """After as much as a cell may hold the reader begins anew, and the rows after that are rows again."""
    data = b'a,"b\n' + b"c,d\n" * 45_000
    first, *rest = rows_of(data)
    assert (first.fault, first.first_line) == ("row_unreadable", 1)
    assert first.last_line < 40_000
    assert [row.first_line for row in rest] == list(range(first.last_line + 1, 45_002))


def test_a_line_that_is_too_long_is_a_row_of_its_own_fault():
    """Only its beginning is kept."""
    (row, last) = rows_of(b"z" * (LONGEST_LINE_BYTES + 1) + b"\nb\n")
    assert (row.fault, row.cells, bool(row.whole)) == ("too_large", (), True)
    assert last.cells == (Cell("b", 2, 1, 2, 2),)


@each_cell("text", ["", ",,,", " , \t,", "\r", '"",', "\u3000,\u00a0"])
def test_a_row_in_which_nothing_stands_is_blank(text):
    """Spreadsheets leave rows of empty cells behind."""
    (row,) = rows_of(f"{text}\n".encode())
    assert row.blank
