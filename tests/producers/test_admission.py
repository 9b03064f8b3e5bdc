"""Admission: what a department may publish is let in, all else is turned away with reasons."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.domain.policy import load_policy
from exchange.folding.case_ids import CaseIds
from exchange.folding.errors import SerdeError
from producers.admission import Admission, Admitted, TurnedAway
from producers.submissions import Submission, submission_of
from tests.cells import each_cell
from tests.people import LI_XIULAN
from tests.strategies import OWNERS, any_valid_record, json_values
from topics.catalogue import load_catalogue
from verification.reasons import reason

RECORD_ID = "5f0c4a52-6f0e-4c7e-9f59-6a3a7d3d1b11"
CERTIFICATE = {
    "record_id": RECORD_ID,
    "recorded_at": "2026-06-02T09:00:00+08:00",
    "id_number": LI_XIULAN,
    "name": "李秀兰",
    "death_time": "2026-06-01",
    "death_cause": "肺炎",
}
PERSON = {name: CERTIFICATE[name] for name in ("record_id", "recorded_at", "id_number", "name")}
RESULT = PERSON | {"matter": 8, "outcome": "COMPLETED"}
ACKNOWLEDGEMENT = PERSON | {"announcement_id": "a1", "handler": "张三"}


def admission(department=None, encode=lambda *_: b"avro"):
    return Admission(load_catalogue(), load_policy(), CaseIds(bytes(32)), encode, department)


def admit(record_type, record, department=None):
    return admission(department).admit(submission_of({"type": record_type, "record": record}, 1))


def codes(answer):
    assert isinstance(answer, TurnedAway), answer
    return [(reason.code, reason.field) for reason in answer.reasons]


def test_a_certificate_goes_to_the_topic_of_its_owner_keyed_by_the_number():
    """The hospital's record needs nothing beyond the record itself."""
    answer = admit("death_certificate", CERTIFICATE)
    assert isinstance(answer, Admitted)
    assert (answer.topic, answer.department) == ("records.death_certificate", "health")
    assert answer.key == LI_XIULAN.encode()
    assert answer.record_id == RECORD_ID
    assert answer.case_id == CaseIds(bytes(32)).of_key(LI_XIULAN)


def test_headers_tell_nothing_of_the_person():
    """Whoever may see a topic's headers learns which department published what, and when."""
    answer = admit("death_certificate", CERTIFICATE)
    headers = dict(answer.headers)
    assert headers["ce_type"] == b"exchange.records.death_certificate"
    assert headers["ce_source"] == b"/departments/health"
    assert not any(LI_XIULAN.encode() in value or "李".encode() in value for value in headers.values())


def test_a_person_without_number_is_keyed_by_the_record():
    """An unknown body is published too, and held by the join."""
    unknown = {name: value for name, value in CERTIFICATE.items() if name != "id_number"}
    answer = admit("death_certificate", unknown | {"id_type": "NONE"})
    assert isinstance(answer, Admitted)
    assert answer.key == f"provisional:{RECORD_ID}".encode()


@each_cell(
    ("line", "code", "field"),
    [
        (b"not json", "not_json", ""),
        (b'{"type": "death_certificate", "record": {"name": NaN}}', "not_json", ""),
        (b'"text"', "not_an_object", ""),
        (b"[1, 2]", "not_an_object", ""),
        (b"{}", "field_missing", "type"),
        (b"{}", "field_missing", "record"),
        (b'{"type": 7, "record": {}}', "not_text", "type"),
        (b'{"type": "birth_certificate", "record": {}}', "unknown_record_type", "type"),
        (b'{"type": "death_certificate", "record": []}', "not_a_record", "record"),
        (b'{"type": "death_certificate", "record": {}, "backfill": true}', "field_unknown", "backfill"),
        (b'{"type": "death_certificate", "record_id": "1", "name": "x"}', "record_not_wrapped", "record"),
        (b'{"record_id": "1", "name": "x"}', "record_not_wrapped", "record"),
        (b'{"type": "death_certificate", "record": {}}', "field_missing", "record_id"),
        (b'{"type": "result", "record": {}}', "field_missing", "matter"),
        (b'{"type": "result", "record": {"matter": []}}', "not_an_integer", "matter"),
        (b'{"type": "acknowledgement", "record": {}}', "field_missing", "department"),
        (b'{"type": "notary", "type": "result", "record": {}}', "key_repeated", "type"),
        (b'{"type": "death_certificate", "record": {"name": "a", "name": "b"}}', "key_repeated", "name"),
        (b'{"type": "death_certificate", "record": {"name": "\xe7\x8e"}}', "text_damaged", ""),
    ],
)
def test_what_is_no_record_is_turned_away_with_a_code(line, code, field):
    """A program that sends nonsense is told what is wrong with it."""
    assert (code, field) in codes(admission().admit(submission_of(line, 1)))


def test_only_the_owner_publishes_on_a_topic():
    """Write access proves authority: police cannot certify a natural death."""
    answer = admit("death_certificate", CERTIFICATE, "police")
    assert codes(answer) == [("not_topic_owner", "")]
    assert (answer.department, answer.record_id) == ("police", RECORD_ID)


@pytest.mark.parametrize("department", ["counties", "data_bureau", "service_centre"])
def test_who_decides_no_matter_publishes_no_result(department):
    """Results come from deciding departments alone."""
    assert codes(admit("result", RESULT, department)) == [("not_topic_owner", "")]


def test_an_unknown_department_is_named_and_filed_with_the_bureau():
    """A slip in the department's code."""
    answer = admit("death_certificate", CERTIFICATE, "hospital")
    assert codes(answer) == [("department_unknown", "")]
    assert answer.department == "data_bureau"


def test_a_record_must_not_name_another_department_than_its_publisher():
    """What a record says of its source must be true."""
    answer = admit("death_certificate", CERTIFICATE | {"department": "police"})
    assert codes(answer) == [("department_not_owner", "department")]
    assert (answer.department, answer.topic) == ("health", "records.death_certificate")


@pytest.mark.parametrize(
    ("changes", "topic"),
    [
        ({"matter": 8}, "records.result.provident_fund"),
        ({"matter": 1}, "records.result.health"),
        ({"matter": 1, "department": "police"}, "records.result.police"),
    ],
)
def test_a_result_goes_as_the_department_that_decides_its_matter(changes, topic):
    """Matter 1 is health's, unless the record says that police decided it."""
    answer = admit("result", RESULT | changes)
    assert isinstance(answer, Admitted)
    assert answer.topic == topic


def test_a_result_of_another_departments_matter_is_turned_away():
    """The fund does not decide pensions."""
    answer = admit("result", RESULT | {"matter": 4}, "provident_fund")
    assert codes(answer) == [("matter_not_decided_here", "matter")]


def test_an_acknowledgement_goes_as_the_department_it_names_or_as_told():
    """Each department has a topic of its own."""
    named = admit("acknowledgement", ACKNOWLEDGEMENT | {"department": "justice"})
    told = admit("acknowledgement", ACKNOWLEDGEMENT, "justice")
    assert isinstance(named, Admitted)
    assert isinstance(told, Admitted)
    assert named.topic == told.topic == "records.acknowledgement.justice"
    assert codes(admit("acknowledgement", ACKNOWLEDGEMENT | {"department": "justices"})) == [
        ("department_unknown", "department")
    ]


def test_a_record_too_large_for_its_topic_is_turned_away():
    """The brokers would refuse it, and the department would wait for a receipt."""

    def encode(topic, value):
        raise SerdeError("too_large", "2 MB")

    answer = admission(encode=encode).admit(
        submission_of({"type": "death_certificate", "record": CERTIFICATE}, 1)
    )
    assert codes(answer) == [("too_large", "")]


def test_a_fault_of_ours_is_told_and_kills_nothing():
    """One record on which the program fails must not stop the others."""

    def encode(topic, value):
        raise ZeroDivisionError

    answer = admission(encode=encode).admit(
        submission_of({"type": "death_certificate", "record": CERTIFICATE}, 1)
    )
    assert codes(answer) == [("rule_failed", "")]


@given(any_valid_record())
def test_every_valid_record_is_let_in(typed):
    """One of every type, from its owner."""
    record_type, record = typed
    department = OWNERS[record_type] if record_type in ("result", "acknowledgement") else None
    assert isinstance(admit(record_type, record, department), Admitted)


@given(
    json_values()
    | st.fixed_dictionaries(
        {"type": json_values() | st.sampled_from(sorted(OWNERS)), "record": json_values()}
    )
)
@settings(max_examples=100)
def test_nothing_that_can_be_said_gets_past_the_door_or_breaks_it(value):
    """Random values, as a program's value and as JSON."""
    if isinstance(value, dict):
        answer = admission().admit(submission_of(value, 1))
        assert isinstance(answer, TurnedAway)
        assert "rule_failed" not in {reason.code for reason in answer.reasons}
    line = json.dumps(value).encode()
    assert isinstance(admission().admit(submission_of(line, 1)), TurnedAway)


def test_what_its_reader_found_is_filed_with_its_owner_and_names_the_record():
    """A department finds its own damaged rows in its own quarantine."""
    content = {"type": "death_certificate", "record": CERTIFICATE}
    fault = reason("text_damaged", "name", lines=3)
    answer = admission().admit(Submission(3, b"...", content, fault))
    assert codes(answer) == [("text_damaged", "name")]
    assert (answer.department, answer.record_id) == ("health", RECORD_ID)
    unknown = admission().admit(Submission(3, b"...", fault=fault))
    assert (unknown.department, unknown.record_id) == ("data_bureau", None)
    named = admission("police").admit(Submission(3, b"...", content, fault))
    assert named.department == "police"


def test_a_record_with_a_key_twice_is_filed_with_its_owner():
    """It is the owner who has to put it right."""
    record = b'{"record_id": "%s", "name": "a", "name": "b"}' % RECORD_ID.encode()
    answer = admission().admit(submission_of(b'{"type": "cremation", "record": %s}' % record, 1))
    assert codes(answer) == [("key_repeated", "name")]
    assert (answer.department, answer.record_id) == ("civil_affairs", RECORD_ID)
