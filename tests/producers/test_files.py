"""Files: every line that is not blank becomes one submission, whatever is in it."""

import io
import os
from hashlib import sha256

import pytest

from exchange.runtime.errors import ExchangeError
from producers.csv_rows import read_csv
from producers.files import open_input, read_json_lines
from producers.lines import LONGEST_LINE_BYTES
from producers.submissions import KEPT_BYTES

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def lines_of(data):
    return list(read_json_lines(io.BytesIO(data)))


def rows_of(text, record_type="social_insurance", encoding="utf-8"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return list(read_csv(io.BytesIO(data), record_type))


def records_of(text, record_type="social_insurance", encoding="utf-8"):
    return [row.content["record"] for row in rows_of(text, record_type, encoding)]


def test_each_line_is_kept_as_it_came_with_its_number_and_blank_ones_are_skipped():
    """A receipt must lead back to its line, and quarantine keeps the bytes."""
    found = lines_of(b'{"a": 1}\n\n  \t\r\n {"b":2}\r\nlast')
    assert [(one.number, one.payload) for one in found] == [(1, b'{"a": 1}'), (4, b' {"b":2}'), (5, b"last")]


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    """Editors of one system put it there."""
    assert lines_of(BYTE_ORDER_MARK + b"{}\n")[0].payload == b"{}"


@pytest.mark.parametrize("data", ["{}\n".encode("utf-16"), b"\xfe\xff\x00{"])
def test_utf_16_is_named_once_instead_of_refusing_every_line(data):
    """Some spreadsheets save "Unicode text" so."""
    with pytest.raises(ExchangeError, match="UTF-16"):
        lines_of(data)
    with pytest.raises(ExchangeError, match="UTF-16"):
        rows_of(data)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_that_is_too_long_is_one_refusal_and_only_its_beginning_is_kept(end):
    """No input exhausts the memory; the digest is of the whole."""
    long = b"x" * (LONGEST_LINE_BYTES + 3_000_000)
    first, second = lines_of(long + end + (b"{}\n" if end else b"")) + ([] if end else [None])
    assert (first.fault, first.truncated, len(first.payload)) == ("too_large", True, KEPT_BYTES)
    assert first.digest == sha256(long).hexdigest()
    assert second is None or (second.number, second.payload) == (2, b"{}")


def test_a_long_line_within_the_limit_is_read_and_kept_in_part():
    """Its digest is of the whole too."""
    (found,) = lines_of(b"y" * LONGEST_LINE_BYTES)
    assert found.fault is None
    assert found.truncated
    assert found.digest == sha256(b"y" * LONGEST_LINE_BYTES).hexdigest()


def test_cells_become_what_the_schema_says():
    """A department exports a table; numbers, yes and no, and nested fields are told from the schema."""
    (record,) = records_of(
        "record_id,scheme,account_balance_fen,receiving_benefit,social_card.bank_name,social_card.active,county\n"
        "r1,EMPLOYEE_PENSION, 100,是,天水银行,FALSE,\n"
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
    text = 'matters,materials,applicant.name\n"[4,5]","[{""kind"": 1}]",张\n'
    assert records_of(text, "application") == [
        {"matters": [4, 5], "materials": [{"kind": 1}], "applicant": {"name": "张"}}
    ]


def test_what_is_no_number_stays_text_for_the_rules_to_refuse():
    """Nothing is rounded or guessed."""
    text = "account_balance_fen,receiving_benefit,zebra.stripe\n100.00,ja,7\n"
    assert records_of(text) == [
        {"account_balance_fen": "100.00", "receiving_benefit": "ja", "zebra": {"stripe": "7"}}
    ]
    assert records_of("matters\n4;5\n", "application") == [{"matters": "4;5"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_found(encoding):
    """Spreadsheets of this country write GB18030, others UTF-8 with or without a mark."""
    text = "name,county\n联通,\n李秀兰,秦州区\n"
    assert records_of(text, encoding=encoding) == [{"name": "联通"}, {"name": "李秀兰", "county": "秦州区"}]


def test_bytes_of_no_encoding_are_refused_in_their_own_row():
    """One broken row costs no other."""
    good, bad = records_of(b"name,county\n\xe6\x9d\x8e,\n\xff\xff\xe6\x9d\x8e,\n")
    assert good == {"name": "李"}
    assert bad == {"name": "\udcff\udcff李"}


def test_a_payload_is_the_header_and_the_row_as_they_came():
    """So what is in quarantine can be read, corrected and published again."""
    row = rows_of('name,county\r\n\r\n"李\n秀兰",秦州区\r\n,\r\n', encoding="gb18030")[0]
    assert row.number == 3
    assert row.payload == 'name,county\r\n"李\n秀兰",秦州区'.encode("gb18030")


def test_a_row_with_other_cells_than_the_header_is_refused_as_such():
    """A comma too many shifts every cell."""
    assert [row.fault for row in rows_of("name,county\na,b,c\na\n")] == ["row_uneven", "row_uneven"]


def test_broken_quotation_marks_are_refused_in_their_row():
    """An unclosed one takes all that follows, and says so instead of guessing."""
    assert [row.fault for row in rows_of('name,county\n"a"x,b\nc,d\n"e,f\ng,h\n')] == [
        "row_unreadable",
        None,
        "row_unreadable",
    ]


def test_a_row_that_is_too_long_is_one_refusal():
    """As for JSON lines."""
    long = b"z" * (LONGEST_LINE_BYTES + 1)
    first, second = rows_of(b"name\n" + long + b"\nb\n")
    assert (first.fault, first.digest) == ("too_large", sha256(long).hexdigest())
    assert second.content == {"type": "social_insurance", "record": {"name": "b"}}


@pytest.mark.parametrize(
    "text", ["", "\n", ",,\n1,2,3\n", "name,name\n", "social_card,social_card.active\n", '"na\n']
)
def test_a_header_that_tells_no_fields_stops_the_file(text):
    """No row could be understood."""
    with pytest.raises(ExchangeError):
        rows_of(text)


def test_csv_from_a_pipe_is_read_as_from_a_file():
    """A pipe cannot be read twice; its encoding is found all the same."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write("name\n李秀兰\n".encode("gb18030"))
    with os.fdopen(reading, "rb") as pipe:
        (row,) = read_csv(pipe, "notary")
    assert row.content == {"type": "notary", "record": {"name": "李秀兰"}}


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_a_file_that_is_not_there_is_an_error_for_people(name):
    """With what to do."""
    with pytest.raises(ExchangeError) as told, open_input(name):
        pass
    assert told.value.hint
