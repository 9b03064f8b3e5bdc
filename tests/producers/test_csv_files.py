"""CSV files: every row below the header becomes one submission, and cells become what the schema says."""

import os
from hashlib import sha256

import pytest

from avro_schemas.catalogue import SHIPPED
from exchange.runtime.errors import ExchangeError
from producers.columns import vocabulary_of
from producers.csv_files import read_csv, readable_again
from producers.lines import LONGEST_LINE_BYTES
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
    found = opened(sheet("," * header.count(",") + cells, header=header), "notary")
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
    first, second = opened(sheet(row("王桂芳") + ",x", "a,b")).submissions
    assert (first.fault.code, second.fault.code) == ("row_uneven", "row_uneven")
    assert all(count in first.fault.message_en for count in ("7", "6"))


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
