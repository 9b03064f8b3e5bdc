"""Files of JSON lines: every line that is not blank becomes one submission, whatever is in it."""

import io
import os
from hashlib import sha256

import pytest

from exchange.runtime.errors import ExchangeError
from producers.reading.files import open_input, read_json_lines
from producers.reading.lines import LONGEST_LINE_BYTES
from producers.reading.unfit_files import FileRefusedError
from producers.submissions import KEPT_BYTES
from tests.cells import each_cell


def lines_of(data):
    return list(read_json_lines(io.BytesIO(data)).submissions)


def piped(data):
    """All submissions of what comes through a pipe."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(data)
    with os.fdopen(reading, "rb") as pipe:
        return list(read_json_lines(pipe).submissions)


@pytest.mark.parametrize("read", [lines_of, piped])
def test_each_line_is_kept_as_it_came_with_its_number_and_blank_ones_are_skipped(read):
    """A receipt must lead back to its line, and quarantine keeps the bytes."""
    found = read(b'{"a": 1}\n\n  \t\r\n {"b":2}\r\nlast')
    assert [(one.number, one.payload) for one in found] == [(1, b'{"a": 1}'), (4, b' {"b":2}'), (5, b"last")]


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    """Editors of one system put it there."""
    assert lines_of(b"\xef\xbb\xbf{}\n")[0].payload == b"{}"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_that_is_too_long_is_one_refusal_and_only_its_beginning_is_kept(end):
    """No input exhausts the memory; the digest is of the whole."""
    long = b"x" * (LONGEST_LINE_BYTES + 3_000_000)
    first, second = lines_of(long + end + (b"{}\n" if end else b"")) + ([] if end else [None])
    assert (first.fault.code, first.truncated, len(first.payload)) == ("too_large", True, KEPT_BYTES)
    assert first.digest == sha256(long).hexdigest()
    assert second is None or (second.number, second.payload) == (2, b"{}")


def test_a_long_line_within_the_limit_is_read_and_kept_in_part():
    """Even its digest is that of the whole."""
    (found,) = lines_of(b"y" * LONGEST_LINE_BYTES)
    assert found.fault is None
    assert found.truncated
    assert found.digest == sha256(b"y" * LONGEST_LINE_BYTES).hexdigest()


def line(name):
    return f'{{"type": "notary", "record": {{"name": "{name}"}}}}\n'


@pytest.mark.parametrize("read", [lines_of, piped])
def test_a_damaged_line_and_one_in_the_other_encoding_are_refused_alone(read):
    """The others are read; where bytes are not text, nobody is told that text is not JSON."""
    good = line("王桂芳").encode() * 3
    cut = line("孙平").encode().replace("平".encode(), "平".encode()[:2])
    other = line("谢英").encode("gb18030")
    found = read(good + cut + other + good)
    assert [one.fault.code if one.fault else None for one in found] == [
        *[None] * 3,
        "text_damaged",
        "row_encoding_differs",
        *[None] * 3,
    ]


def test_of_a_pipe_what_has_come_is_looked_at():
    """A whole file in GB18030 is said to be one, whichever way it comes."""
    with pytest.raises(FileRefusedError, match="json_not_utf8"):
        piped(line("王桂芳").encode("gb18030"))


def test_a_pipe_that_is_written_slowly_is_read_line_by_line():
    """A program that publishes as things happen does not wait for a file to be full."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb", buffering=0) as into, os.fdopen(reading, "rb") as out:
        into.write(line("王桂芳").encode())
        submissions = read_json_lines(out).submissions
        assert next(submissions).number == 1
        into.write(line("谢英").encode())
        assert next(submissions).number == 2


@pytest.mark.parametrize(("name", "said"), [("nowhere.jsonl", ("路径", "path")), (".", ("文件夹", "folder"))])
def test_a_file_that_is_not_there_is_an_error_for_people(name, said):
    """With what to do, in two languages."""
    with pytest.raises(ExchangeError) as told, open_input(name):
        pass
    assert all(word in told.value.message for word in (name, *said))


def test_files_that_were_joined_are_read_on():
    """Each began with a mark of its own, which nobody sees in the middle."""
    joined = b"\xef\xbb\xbf" + b'{"type": "a"}\n' + b"\xef\xbb\xbf" + b'{"type": "b"}\n'
    found = list(read_json_lines(io.BytesIO(joined)).submissions)
    assert [one.payload for one in found] == [b'{"type": "a"}', b'{"type": "b"}']


@each_cell("first", [b"", b"\xef\xbb\xbf"])
@each_cell("second", [b'{"type": "b"}', '{"type": "王芳"}'.encode(), b'{"type": "\\u738b"}'])
def test_a_mark_in_the_middle_says_nothing_of_the_encoding(first, second):
    """Alone in a file of ASCII it is no rare character that would make the whole file unclear."""
    joined = first + b'{"type": "a"}\n\xef\xbb\xbf' + second + b"\n"
    found = list(read_json_lines(io.BytesIO(joined)).submissions)
    assert [one.payload for one in found] == [b'{"type": "a"}', second]
