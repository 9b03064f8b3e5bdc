"""Blanks around a value are judged alike, whether it came as a cell, as JSON or from a program."""

import json

from producers.submissions import submission_of
from tests.cells import each_cell
from tests.people import id_number
from tests.producers.test_admission import ACKNOWLEDGEMENT, CERTIFICATE, PERSON, admission, admit, codes
from tests.sheets import opened, row, sheet

AROUND = [" {}", "{} ", "  {}\u3000", "\u00a0{}", "\t{}\t", "{}\r\n", "\ufeff{}", "{}\u200b"]
PADDED = [
    ("record_id", CERTIFICATE["record_id"]),
    ("recorded_at", CERTIFICATE["recorded_at"]),
    ("death_time", "2026-06-01"),
    ("death_time", "2026-06-01T08:30:00+08:00"),
    ("birth_date", "1948-03-12"),
    ("action", "ISSUED"),
    ("id_type", "RESIDENT_ID"),
    ("manner", "NATURAL"),
    ("issuer_uscc", "91620500MA71C2QK06"),
    ("department", "health"),
]


def written(record_type, record):
    """What admission makes of a record: the value that is encoded."""
    values = []

    def encode(topic, value):
        values.append(value)
        return b"avro"

    line = json.dumps({"type": record_type, "record": record}).encode()
    answer = admission(encode=encode).admit(submission_of(line, 1))
    assert values, answer
    return values


@each_cell("around", AROUND, ids=ascii)
@each_cell(("field", "value"), PADDED)
def test_blanks_around_a_value_of_a_fixed_form_are_no_part_of_it(field, value, around):
    """A program that exports columns of fixed width is not asked to cut them."""
    padded = written("death_certificate", CERTIFICATE | {field: around.format(value)})
    assert padded == written("death_certificate", CERTIFICATE | {field: value})


def test_within_objects_and_lists_it_is_the_same():
    """An application's materials, its applicant, its payee."""
    applicant = {"name": "张伟", "id_number": id_number()}
    application = PERSON | {
        "matters": [4],
        "applicant": applicant,
        "materials": [{"kind": 1, "sha256": "a" * 64}],
    }
    padded = application | {"materials": [{"kind": 1, "sha256": f" {'a' * 64}\n"}]}
    assert written("application", padded) == written("application", application)


@each_cell(
    ("field", "value", "code"),
    [
        ("recorded_at", "2026-06-02 T09:00:00+08:00", "instant_wrong"),
        ("record_id", "5f0c4a52 -6f0e-4c7e-9f59-6a3a7d3d1b11", "uuid_wrong"),
        ("death_time", "2026-06 -01", "date_or_instant_wrong"),
        ("action", "ISS UED", "value_unknown"),
        ("action", " ", "value_unknown"),
        ("recorded_at", "", "instant_wrong"),
        ("recorded_at", ["2026"], "instant_wrong"),
        ("name", "王桂芳\n", "line_break_within"),
        ("revision", " 1", "not_an_integer"),
    ],
)
def test_blanks_elsewhere_are_judged_by_the_rules(field, value, code):
    """Nothing within a value is put right."""
    assert code in [found for found, _ in codes(admit("death_certificate", CERTIFICATE | {field: value}))]


def test_text_and_names_keep_their_blanks():
    """The log holds what the department wrote."""
    (value,) = written("death_certificate", CERTIFICATE | {"name": " 李秀兰 ", "death_place": "家中 "})
    assert (value["name"], value["death_place"]) == (" 李秀兰 ", "家中 ")


def test_a_table_is_read_as_json_is():
    """Cells of fixed width, a name with its blank."""
    padded = row("王桂芳").replace(",", "  ,").replace("王桂芳  ", "王桂芳\u3000")
    (cells,) = opened(sheet(padded)).submissions
    (plain,) = opened(sheet(row("王桂芳\u3000"))).submissions
    answers = []
    for one in (cells, plain):
        admission(encode=lambda _, value: answers.append(value) or b"avro").admit(one)
    assert answers[0] == answers[1]
    assert answers[0]["name"] == "王桂芳\u3000"


def test_a_padded_department_and_id_are_known_where_the_record_is_turned_away():
    """The receipt names the record."""
    padded = ACKNOWLEDGEMENT | {
        "department": " justice ",
        "record_id": f" {PERSON['record_id']}",
        "handler": 1,
    }
    answer = admit("acknowledgement", padded)
    assert (answer.department, answer.record_id) == ("justice", PERSON["record_id"])
