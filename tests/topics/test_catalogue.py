"""The catalogue of topics: who writes, who reads, and what a slip in the file is answered with."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from avro_schemas.catalogue import event_names, record_types
from topics import catalogue
from topics.catalogue import CATALOGUE_PATH, RECORDS, Topic, load_catalogue
from topics.policy_file import PolicyFileError

OWNERS = {
    "death_certificate": "health",
    "abnormal_death": "police",
    "death_declaration": "service_centre",
    "cremation": "civil_affairs",
    "hukou_cancellation": "police",
    "social_insurance": "human_resources",
    "medical_insurance": "medical_insurance",
    "provident_fund": "provident_fund",
    "notary": "justice",
    "driving_licence": "police",
    "equity": "market_regulation",
    "bank_deposit": "financial_regulation",
    "application": "service_centre",
    "acknowledgement": None,
    "decision": "service_centre",
    "examination": "service_centre",
    "handover": "service_centre",
    "appointment": "service_centre",
    "enquiry": "service_centre",
    "result": None,
}


def _names(topics: Iterable[Topic]) -> set[str]:
    return {topic.name for topic in topics}


def test_every_record_type_has_the_owner_of_the_table() -> None:
    """Write access proves authority, so it is given to one department alone."""
    assert {name: load_catalogue().owner_of(name) for name in OWNERS} == OWNERS
    assert set(load_catalogue().owners) == set(record_types())


def test_nine_departments_decide_and_ten_publish() -> None:
    """The window publishes applications and decides no matter."""
    found = load_catalogue()
    assert len(found.deciding) == 9
    assert set(found.publishers) == {*found.deciding, "service_centre"}


def test_each_deciding_department_has_its_own_topics() -> None:
    """A department is told on a topic of its own, and answers on one."""
    found = load_catalogue()
    for code in found.deciding:
        assert found.record_topic("result", code).name == f"records.result.{code}"
        assert found.record_topic("acknowledgement", code).owner == code
        assert code in found.by_name[catalogue.matters_topic(code)].readers
    assert len([topic for topic in found.topics if topic.kind == "matters"]) == 9
    assert len([topic for topic in found.topics if topic.kind == "receipts"]) == 10
    assert len([topic for topic in found.topics if topic.kind == "quarantine"]) == 11


def test_no_department_reads_another_departments_topics() -> None:
    """Shared on demand, denied by default."""
    insiders = {"data_bureau", "auditors"}
    for topic in load_catalogue().topics:
        if topic.name == catalogue.TASKS:  # for the window, and with nothing of a person in it
            insiders = insiders | {"service_centre"}
        assert set(topic.readers) <= insiders | ({topic.department} if topic.department else set())


def test_records_are_kept_for_ever_and_never_compacted() -> None:
    """They are evidence; and the join refuses gaps between offsets."""
    assert {(topic.cleanup, topic.retention_ms) for topic in load_catalogue().records} == {("delete", -1)}
    assert {topic.partitions for topic in load_catalogue().topics} == {12}


def test_only_what_stands_is_compacted() -> None:
    """Everything else is history."""
    compacted = [topic for topic in load_catalogue().topics if topic.cleanup == "compact"]
    assert _names(compacted) == {
        catalogue.CASES,
        catalogue.CASE_STATES,
        catalogue.TASKS,
        catalogue.SCHEMAS,
        catalogue.CREDENTIALS,
        catalogue.ACCOUNTS,
        catalogue.APPLICANT_CODES,
    }


def test_every_topic_but_those_of_a_writers_own_bytes_has_a_schema() -> None:
    """Whoever may read a topic can."""
    known = {*record_types(), *event_names()}
    assert _names(topic for topic in load_catalogue().topics if topic.schema not in known) == {
        catalogue.CASE_STATES,
        catalogue.SCHEMAS,
    }
    assert {topic.schema for topic in load_catalogue().topics} >= known


def test_a_record_type_is_told_from_its_topic() -> None:
    """A topic's name alone says what it holds."""
    found = load_catalogue()
    for topic in found.records:
        assert found.type_of(topic.name) == topic.schema
        assert topic.kind == RECORDS
    with pytest.raises(KeyError):
        found.type_of(catalogue.CASES)


@pytest.mark.parametrize(
    ("record_type", "department"),
    [("result", None), ("result", "service_centre"), ("cremation", "police"), ("birth_certificate", None)],
)
def test_a_topic_that_a_department_may_not_write_is_a_key_error(
    record_type: str, department: str | None
) -> None:
    """The police publish no cremations."""
    with pytest.raises(KeyError):
        load_catalogue().record_topic(record_type, department)


_SLIPS = [
    ("cremation: civil_affairs", "cremation: civil_affair", "no such owner: civil_affair (civil_affairs?)"),
    ("cremation: civil_affairs", "cremation: counties", "counties has no topics"),
    ("cremation: civil_affairs", "cremation: each", "exactly where the schema says"),
    ("cremation: civil_affairs", "birth: civil_affairs", "no such record schema: birth"),
    ("cremation: civil_affairs", "notary: civil_affairs", 'found duplicate key "notary"'),
    ("schema: case, key", "schema: cases, key", "no such event schema: cases (case?)"),
    (
        "readers: [data_bureau, auditors]\n  owners",
        "readers: [data_bureau, press]\n  owners",
        "no such reader: press; known: data_bureau",
    ),
    ("Big Data Centre, role: bureau", "Big Data Centre, role: office", "Input should be"),
    ("Big Data Centre, role: bureau", "Big Data Centre, role: window", "has the role bureau, not none"),
    ("Health Commission, role: deciding", "Health Commission, role: window", "service_centre, health"),
    ("partitions: 12 ", "partitions: twelve ", "valid integer"),
    ("cleanup: delete                  #", "cleanup: compact #", "Input should be 'delete'"),
    ("  clock:\n", "  clocks:\n", "Field required"),
    ("  health:  ", "  卫健委:  ", "a code is of letters a to z, digits, _ and -, not 卫健委"),
    ("  health:  ", "  heal.th:  ", "a code is of letters a to z, digits, _ and -, not heal.th"),
    ("  health:  ", "  department:  ", "department is a word of this file, and nobody's code"),
    ("  auditors: {", "  police: {", "police is a department"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), _SLIPS, ids=[message for _, _, message in _SLIPS])
def test_a_slip_in_the_file_is_named_with_its_line(
    right: str, wrong: str, message: str, tmp_path: Path
) -> None:
    """A city that edits the catalogue is told where it went wrong, before anything starts."""
    text = CATALOGUE_PATH.read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "catalogue.yaml"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"catalogue\.yaml:\d+: ") as caught:
        load_catalogue(path)
    assert message in str(caught.value)


def test_the_line_is_the_one_of_the_slip(tmp_path: Path) -> None:
    """The line is exact, not about right."""
    text = CATALOGUE_PATH.read_text(encoding="utf-8").replace(
        "cremation: civil_affairs", "cremation: nobody", 1
    )
    line = 1 + text[: text.index("cremation: nobody")].count("\n")
    path = tmp_path / "catalogue.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFileError, match=rf"catalogue\.yaml:{line}: records\.owners\.cremation: "):
        load_catalogue(path)
