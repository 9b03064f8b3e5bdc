"""What is remarkable in a record's own values, and from which moment on it hinders."""

from datetime import UTC, date, datetime, timedelta

import pytest

from exchange.domain.policy import load_policy
from tests.cells import each_cell
from tests.people import LI_XIULAN, WANG_JIANGUO, id_number
from tests.strategies import OWNERS
from verification.acceptance import Accepted, Refused, accept

RULES = load_policy().acceptance
SINCE = max(RULES.since.values())
AFTER, BEFORE, AT_THE_DOOR = SINCE, min(RULES.since.values()) - timedelta(milliseconds=1), None
HEADER = {
    "record_id": "6f1c2b8e-3d52-4f0a-9a55-0c7d51c1a001",
    "recorded_at": "2026-03-05T09:30:00+08:00",
    "id_number": LI_XIULAN,
    "name": "李秀兰",
}
OWN = {
    "death_certificate": {"death_time": "2026-03-04", "death_cause": "脑梗死"},
    "death_declaration": {"declared_death_date": "2026-03-01"},
    "cremation": {"death_time": "2026-03-01", "cremation_time": "2026-03-04", "cremation_place": "殡仪馆"},
    "hukou_cancellation": {"cancelled_at": "2026-03-04"},
    "medical_insurance": {"scheme": "EMPLOYEE", "account_balance_fen": 0},
    "social_insurance": {"scheme": "EMPLOYEE_PENSION", "account_balance_fen": 100},
    "driving_licence": {"licence_no": LI_XIULAN, "status": "VALID"},
    "notary": {"kind": "WILL", "deed_no": "公证1号"},
    "application": {"applicant": {"name": "王建国", "id_number": WANG_JIANGUO}, "matters": [3]},
    "result": {"matter": 9, "outcome": "COMPLETED"},
    "decision": {"kind": "MATTER_HELD", "matter": 3, "handler": "窗口七号", "reason": "待核实"},
}
APPLICANT = OWN["application"]["applicant"]
MILLISECONDS, SECONDS = "1970-01-21T07:59:01.200000Z", "1970-01-01T00:29:16.741200Z"


def submit(record_type, taken_at=AT_THE_DOOR, **changes):
    """What becomes of a plain record with some fields changed."""
    record = {**HEADER, **OWN[record_type], **changes}
    return accept(record_type, record, owner=OWNERS[record_type], rules=RULES, taken_at=taken_at)


def told(reasons):
    return [(reason.code, reason.field) for reason in reasons]


REFUSED = [
    ("medical_insurance", {"recorded_at": "1970-01-01T00:00:00Z"}, "time_unit_wrong", "recorded_at"),
    ("medical_insurance", {"recorded_at": MILLISECONDS}, "time_unit_wrong", "recorded_at"),
    ("medical_insurance", {"recorded_at": SECONDS}, "time_unit_wrong", "recorded_at"),
    ("medical_insurance", {"recorded_at": "1970-02-17T10:00:00Z"}, "time_unit_wrong", "recorded_at"),
    ("medical_insurance", {"recorded_at": "1969-12-31T16:00:00Z"}, "time_too_early", "recorded_at"),
    ("medical_insurance", {"recorded_at": "1989-12-31T09:00:00Z"}, "time_too_early", "recorded_at"),
    ("medical_insurance", {"recorded_at": "0202-03-05T09:30:00Z"}, "time_too_early", "recorded_at"),
    ("death_certificate", {"death_time": MILLISECONDS}, "time_unit_wrong", "death_time"),
    ("death_certificate", {"death_time": SECONDS}, "time_unit_wrong", "death_time"),
    (
        "cremation",
        {"death_time": "1970-01-20", "cremation_time": MILLISECONDS},
        "time_unit_wrong",
        "cremation_time",
    ),
    ("hukou_cancellation", {"cancelled_at": MILLISECONDS}, "time_unit_wrong", "cancelled_at"),
    ("driving_licence", {"issued_at": MILLISECONDS}, "time_unit_wrong", "issued_at"),
    ("notary", {"notarised_at": SECONDS}, "time_unit_wrong", "notarised_at"),
    ("hukou_cancellation", {"cancelled_at": "0026-03-04"}, "time_too_early", "cancelled_at"),
    ("hukou_cancellation", {"cancelled_at": "1899-12-31"}, "time_too_early", "cancelled_at"),
    ("driving_licence", {"issued_at": "1926-03-04"}, "time_too_early", "issued_at"),
    ("notary", {"notarised_at": "1949-09-30"}, "time_too_early", "notarised_at"),
    ("death_certificate", {"birth_date": "1850-03-12"}, "time_too_early", "birth_date"),
    ("death_certificate", {"birth_date": "0048-03-12"}, "time_too_early", "birth_date"),
    ("death_certificate", {"name": "李\ufffd兰"}, "name_damaged", "name"),
    ("application", {"applicant": {**APPLICANT, "name": "王\ue001国"}}, "name_damaged", "applicant.name"),
    (
        "notary",
        {"beneficiaries": [{"name": "王"}, {"name": "\ufffd"}]},
        "name_damaged",
        "beneficiaries[1].name",
    ),
    (
        "social_insurance",
        {"social_card": {"account_name": "李\ufffd"}},
        "name_damaged",
        "social_card.account_name",
    ),
    (
        "application",
        {"deceased_bank_card": {"account_name": "\ufffd\ufffd"}},
        "name_damaged",
        "deceased_bank_card.account_name",
    ),
    ("decision", {"name": "李秀\ufffd"}, "name_damaged", "name"),
]
WARNED = [
    ("death_certificate", {"death_time": "1970-01-01"}, "time_is_default", "death_time"),
    ("death_certificate", {"death_time": "1970-01-01T00:00:00Z"}, "time_is_default", "death_time"),
    ("death_certificate", {"death_time": "1970-01-01T08:00:00+08:00"}, "time_is_default", "death_time"),
    ("death_certificate", {"death_time": "1970-01-01T00:00:00+08:00"}, "time_is_default", "death_time"),
    (
        "death_certificate",
        {"death_time": "1900-01-01", "id_number": id_number(birth=date(1890, 1, 1))},
        "time_is_default",
        "death_time",
    ),
    ("death_declaration", {"declared_death_date": "1970-01-01"}, "time_is_default", "declared_death_date"),
    ("death_certificate", {"death_time": "1969-12-31"}, "time_doubtful", "death_time"),
    ("death_certificate", {"death_time": "1970-01-02T00:00:00+08:00"}, "time_doubtful", "death_time"),
    ("death_certificate", {"name": "李●兰"}, "name_with_gaps", "name"),
    ("death_certificate", {"name": "李⼥兰"}, "name_with_lookalikes", "name"),
    ("application", {"applicant": {**APPLICANT, "name": "王а芳"}}, "name_with_lookalikes", "applicant.name"),
    ("death_certificate", {"death_time": "1970-01-21"}, "time_doubtful", "death_time"),
    ("death_certificate", {"death_time": "1984-04-05"}, "time_doubtful", "death_time"),
    ("death_declaration", {"declared_death_date": "1960-01-01"}, "time_doubtful", "declared_death_date"),
    ("hukou_cancellation", {"cancelled_at": "1970-01-01"}, "time_is_default", "cancelled_at"),
    ("driving_licence", {"issued_at": "1970-01-01"}, "time_is_default", "issued_at"),
    ("notary", {"notarised_at": "1970-01-21"}, "time_doubtful", "notarised_at"),
    ("death_certificate", {"id_number": id_number(birth=date(1880, 1, 1))}, "age_doubtful", "death_time"),
    ("death_certificate", {"id_number": id_number(birth=date(1903, 3, 4))}, "age_doubtful", "death_time"),
    (
        "death_declaration",
        {"id_number": id_number(birth=date(1900, 1, 1))},
        "age_doubtful",
        "declared_death_date",
    ),
    ("death_certificate", {"ethnicity": "穿青人"}, "code_unlisted", "ethnicity"),
    ("death_certificate", {"ethnicity": "1"}, "code_unlisted", "ethnicity"),
    ("death_certificate", {"ethnicity": "001"}, "code_unlisted", "ethnicity"),
    ("death_certificate", {"ethnicity": "０１"}, "code_unlisted", "ethnicity"),
    ("death_certificate", {"ethnicity": "不详"}, "code_unlisted", "ethnicity"),
    ("death_certificate", {"ethnicity": "摩梭人"}, "code_unlisted", "ethnicity"),
    (
        "application",
        {"applicant": {**APPLICANT, "ethnicity": "革家人"}},
        "code_unlisted",
        "applicant.ethnicity",
    ),
    (
        "application",
        {"applicant": {**APPLICANT, "relation": "干儿子"}},
        "code_unlisted",
        "applicant.relation",
    ),
    ("application", {"applicant": {**APPLICANT, "relation": "邻居"}}, "code_unlisted", "applicant.relation"),
    (
        "notary",
        {"beneficiaries": [{"name": "王", "relation": "同事"}]},
        "code_unlisted",
        "beneficiaries[0].relation",
    ),
    ("death_certificate", {"name": "李?兰"}, "name_with_gaps", "name"),
    ("death_certificate", {"name": "鐜嬭姵"}, "name_misread", "name"),
    ("application", {"applicant": {**APPLICANT, "name": "无"}}, "name_placeholder", "applicant.name"),
    ("notary", {"beneficiaries": [{"name": "13800138000"}]}, "name_is_number", "beneficiaries[0].name"),
    ("decision", {"name": "不详"}, "name_placeholder", "name"),
    ("death_certificate", {"name": "李秀兰等"}, "name_with_more", "name"),
    ("application", {"applicant": {**APPLICANT, "name": "王芳和李明"}}, "name_with_more", "applicant.name"),
    ("death_certificate", {"name": "秦州区派出所"}, "name_is_office", "name"),
    (
        "social_insurance",
        {"social_card": {"account_name": "陇南市民政局"}},
        "name_is_office",
        "social_card.account_name",
    ),
]
HELD = [
    ("death_certificate", {"name": "无"}, "name_placeholder"),
    ("death_certificate", {"name": LI_XIULAN}, "name_is_number"),
    ("medical_insurance", {"name": "NULL"}, "name_placeholder"),
    ("application", {"name": "13800138000"}, "name_is_number"),
    ("death_certificate", {"name": "待查明"}, "name_placeholder"),
]
GOOD = [
    ("medical_insurance", {"recorded_at": "1990-01-01T00:00:00Z"}),
    ("medical_insurance", {"recorded_at": "1999-12-31T23:59:59Z"}),
    ("medical_insurance", {"recorded_at": "2001-09-09T01:46:40Z"}),
    ("medical_insurance", {"recorded_at": "2026-03-05T09:30:00.123456Z"}),
    ("death_certificate", {"death_time": "1995-09-01"}),
    ("death_certificate", {"death_time": "1984-04-06"}),
    ("death_certificate", {"death_time": "2026-03-04T16:12:59.999999Z"}),
    ("death_certificate", {"death_time": "2026-01-01T00:00:00+08:00"}),
    ("death_declaration", {"declared_death_date": "1990-01-01"}),
    ("hukou_cancellation", {"cancelled_at": "1991-05-01", "death_time": "1991-04-01"}),
    ("driving_licence", {"issued_at": "1975-05-01"}),
    ("notary", {"notarised_at": "1988-05-01T10:15:30+08:00"}),
    ("death_certificate", {"id_number": id_number(birth=date(1903, 3, 5))}),
    ("death_certificate", {"id_number": id_number(birth=date(1910, 1, 1))}),
    ("death_certificate", {"id_number": id_number(birth=date(1970, 1, 1)), "birth_date": "1970-01-01"}),
    ("death_certificate", {"ethnicity": "汉"}),
    ("death_certificate", {"ethnicity": "97"}),
    ("death_certificate", {"ethnicity": "未识别民族"}),
    ("application", {"applicant": {**APPLICANT, "relation": "其他亲属", "ethnicity": "HU"}}),
    ("application", {"applicant": {**APPLICANT, "relation": "儿媳妇"}}),
    ("notary", {"beneficiaries": [{"name": "阿依古丽·买买提", "relation": "子女"}]}),
    ("death_certificate", {"name": "𠮷野·㛃"}),
    ("social_insurance", {"social_card": {"account_name": "刘䶮"}}),
    ("notary", {"beneficiaries": [{"name": "秦州区福利院"}, {"name": "王芳"}]}),
    ("death_certificate", {"name": "李和平"}),
    ("application", {"applicant": {**APPLICANT, "name": "欧阳 建国"}}),
    ("death_certificate", {"name": "买买提●艾力"}),
    ("death_certificate", {"name": "李女兰"}),
    ("death_certificate", {"name": "一ノ瀬泰造"}),
    ("application", {"applicant": {**APPLICANT, "name": "Иванов Иван"}}),
    ("death_certificate", {"death_time": "1985-01-01"}),
    ("death_certificate", {"death_time": "2000-01-01T00:00:00+08:00"}),
    ("death_declaration", {"declared_death_date": "1999-01-01"}),
    ("hukou_cancellation", {"cancelled_at": "2001-01-01", "death_time": "2000-12-31"}),
    ("driving_licence", {"issued_at": "1990-01-01"}),
    ("notary", {"notarised_at": "2000-01-01"}),
]


@each_cell(("record_type", "changes", "code", "field"), REFUSED)
@each_cell("taken_at", [AT_THE_DOOR, AFTER])
def test_what_cannot_be_is_refused_at_the_door_and_from_the_moment_on(
    record_type, changes, code, field, taken_at
):
    """1970 in a record of our days is a wrong unit, and a lost character is lost."""
    answer = submit(record_type, taken_at, **changes)
    assert isinstance(answer, Refused), answer
    assert (code, field) in told(answer.reasons)


@each_cell(("record_type", "changes", "code", "field"), REFUSED)
def test_what_the_log_took_before_the_moment_stays_taken(record_type, changes, code, field):
    """A rebuild accepts every record again, with a warning; what was refused or held then still is."""
    answer = submit(record_type, BEFORE, **changes)
    if isinstance(answer, Refused):
        assert {reason.code for reason in answer.reasons} <= {"event_after_recording", "id_birth_date_wrong"}
    else:
        assert (code, field) in told(answer.warnings)
        assert {reason.code for reason in answer.held} <= {"birth_date_differs"}


@each_cell(("record_type", "changes", "code", "field"), WARNED)
def test_what_can_hardly_be_gets_a_warning(record_type, changes, code, field):
    """It is accepted and effective: somebody should look at it again."""
    answer = submit(record_type, AFTER, **changes)
    assert isinstance(answer, Accepted), answer
    assert told(answer.warnings) == [(code, field)] or (code, field) in told(answer.warnings)
    assert not answer.held


@pytest.mark.parametrize(("record_type", "changes", "code"), HELD)
def test_who_is_named_by_no_name_is_held(record_type, changes, code):
    """Nobody can say that the number is this person's; before the moment it was a warning at most."""
    answer = submit(record_type, AFTER, **changes)
    assert isinstance(answer, Accepted)
    assert told(answer.held) == [(code, "name")]
    before = submit(record_type, BEFORE, **changes)
    assert isinstance(before, Accepted)
    assert (told(before.held), told(before.warnings)) == ([], [(code, "name")])


@each_cell(("record_type", "changes"), GOOD)
@each_cell("taken_at", [AT_THE_DOOR, BEFORE, AFTER])
def test_a_good_twin_passes_without_a_word(record_type, changes, taken_at):
    """However rare, early or old: what can be is not asked about."""
    answer = submit(record_type, taken_at, **changes)
    assert isinstance(answer, Accepted), answer
    assert (answer.held, answer.warnings) == ((), ())


def test_each_kind_is_shown_with_as_many_good_ones():
    """36 good records beside 25 refused, 39 warned and 5 held ones; names have a table of their own."""
    assert (len(GOOD), len(REFUSED), len(WARNED), len(HELD)) == (36, 25, 39, 5)


@pytest.mark.parametrize("word", ["穿青人", "1", "?"])
def test_an_unlisted_word_is_kept_as_written_and_its_word_in_avro_is_read_again(word):
    """What the family has said is not lost, and a replay reads the same."""
    answer = submit("death_certificate", AFTER, ethnicity=word)
    assert isinstance(answer, Accepted)
    assert (answer.record.facts["ethnicity"], answer.avro["ethnicity"]) == (word, word)
    again = accept("death_certificate", answer.avro, owner="health", rules=RULES, taken_at=AFTER)
    assert isinstance(again, Accepted)
    assert again.record == answer.record


@pytest.mark.parametrize("changes", [{"ethnicity": "穿青人"}, {"ethnicity": "1"}])
def test_what_was_refused_before_the_moment_stays_refused(changes):
    """A rebuild takes no record that the exchange refused then: the case would not be what it was."""
    answer = submit("death_certificate", BEFORE, **changes)
    assert isinstance(answer, Refused)
    assert told(answer.reasons) == [("code_unknown", "ethnicity")]


@pytest.mark.parametrize(
    ("field", "value"), [("sex", "不详"), ("sex", "X"), ("ethnicity", " "), ("ethnicity", "长" * 51)]
)
def test_what_is_no_word_or_whose_list_is_closed_is_refused(field, value):
    """GB/T 2261.1 has a code for a sex that is not known."""
    answer = submit("death_certificate", **{field: value})
    assert isinstance(answer, Refused)
    assert told(answer.reasons) == [("code_unknown", field)]


@pytest.mark.parametrize("action", ["ISSUED", "AMENDED", "REVOKED"])
def test_a_revocation_is_not_held_for_its_name(action):
    """It takes back a document, whatever it calls the person."""
    earlier = (
        {} if action == "ISSUED" else {"supersedes": "6f1c2b8e-3d52-4f0a-9a55-0c7d51c1a000", "revision": 2}
    )
    answer = submit("death_certificate", AFTER, name="不详", action=action, **earlier)
    assert isinstance(answer, Accepted)
    assert bool(answer.held) == (action != "REVOKED")


def test_an_unknown_body_is_named_so_without_a_word():
    """There is nothing else to write, and the record waits for its person anyway."""
    answer = submit("death_certificate", AFTER, id_number=None, id_type="NONE", name="无名氏")
    assert isinstance(answer, Accepted)
    assert told(answer.held) == [("person_without_number", "id_number")]
    assert answer.warnings == ()


@each_cell(
    "text",
    [
        *(
            "2025-09",
            "2025/9",
            "2025.09",
            "2025年9月",
            "202509",
            "2025",
            "2025年",
            "2025-09-00",
            "2025-00-00",
            "20250900",
        )
    ],
)
@each_cell(
    ("record_type", "field"),
    [
        ("death_certificate", "death_time"),
        ("death_certificate", "birth_date"),
        ("medical_insurance", "recorded_at"),
    ],
)
def test_a_month_alone_is_refused_with_what_to_do(record_type, field, text):
    """Nobody puts the first of the month where the day is not known."""
    answer = submit(record_type, **{field: text})
    assert isinstance(answer, Refused)
    assert told(answer.reasons) == [("day_missing", field)]
    assert "YYYY-MM-DD" in answer.reasons[0].message_zh


@each_cell("text", ["2025-9-1", "2025年9月1日", "20250901", "2025/09/01", "25-09", "2025-0901", "2025-091"])
def test_other_ways_to_write_a_day_are_not_taken_for_a_month(text):
    """They say the day, only not in the agreed way."""
    answer = submit("death_certificate", birth_date=text)
    assert isinstance(answer, Refused)
    assert told(answer.reasons) == [("date_wrong", "birth_date")]


def test_a_policy_decides_what_a_fault_comes_to():
    """A city that wants misread names held says so."""
    rules = RULES.__class__(RULES.deciders, RULES.materials, names={**RULES.names, "name_misread": "held"})
    record = {**HEADER, **OWN["death_certificate"], "name": "鐜嬭姵"}
    answer = accept(
        "death_certificate", record, owner="health", rules=rules, taken_at=datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert isinstance(answer, Accepted)
    assert told(answer.held) == [("name_misread", "name")]


@pytest.mark.parametrize("word", ["汉族\u3000", " 汉族", "汉\u200b族", "01\u00a0"])
def test_a_word_of_a_list_is_known_with_a_blank_beside_it(word):
    """What nobody sees makes no people unknown; before the moment such a word was refused, and stays so."""
    for taken_at in (AT_THE_DOOR, AFTER):
        answer = submit("death_certificate", taken_at, ethnicity=word)
        assert isinstance(answer, Accepted), answer
        assert (answer.record.facts["ethnicity"], answer.warnings) == ("01", ())
    assert isinstance(submit("death_certificate", BEFORE, ethnicity=word), Refused)
