"""What a department's record must be: every rule, and the code it is refused, held or remarked upon by."""

import copy
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest

from tests.cells import each_cell
from tests.people import (
    FOREIGNER_2017,
    FOREIGNER_2023,
    HMT_RESIDENT,
    LI_XIULAN,
    WANG_JIANGUO,
    id_number,
    id_number_15,
)
from tests.strategies import DECIDERS, MATERIALS, OWNERS
from verification.acceptance import AcceptanceRules, Accepted, Refused, accept
from verification.acceptance_rules import Earliest
from verification.reasons import HELD, REFUSED, WARNING, catalogue
from verification.records import digest, partition_key

TAKEN_AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
RULES = AcceptanceRules(
    DECIDERS,
    MATERIALS,
    names={
        "name_damaged": REFUSED,
        "name_is_number": HELD,
        "name_placeholder": HELD,
        "name_is_value": HELD,
    },
    earliest={"recorded_at": Earliest("1990-01-01"), "death_time": Earliest("", "1984-04-06")},
    oldest_age_years=122,
)
WRONG_CHECK = id_number()[:-1] + ("1" if id_number()[-1] != "1" else "2")
HEADER = {
    "record_id": "6f1c2b8e-3d52-4f0a-9a55-0c7d51c1a001",
    "recorded_at": "2026-03-05T09:30:00+08:00",
    "id_number": LI_XIULAN,
    "name": "李秀兰",
}
OWN = {
    "death_certificate": {"death_time": "2026-03-04", "death_cause": "脑梗死"},
    "abnormal_death": {"death_time": "2026-03-04"},
    "death_declaration": {"declared_death_date": "2026-03-01"},
    "cremation": {
        "death_time": "2026-03-01",
        "cremation_time": "2026-03-04",
        "cremation_place": "秦州殡仪馆",
    },
    "hukou_cancellation": {"cancelled_at": "2026-03-04", "death_time": "2026-03-01"},
    "social_insurance": {"scheme": "EMPLOYEE_PENSION", "account_balance_fen": 100},
    "medical_insurance": {"scheme": "EMPLOYEE", "account_balance_fen": 0},
    "provident_fund": {"balance_fen": 5, "status": "SEALED"},
    "notary": {"kind": "WILL", "deed_no": "（2026）天公证字第1号"},
    "driving_licence": {"licence_no": LI_XIULAN, "status": "VALID"},
    "equity": {"holdings": [{"company_name": "天水某某有限公司", "share_percent": 33.3}]},
    "bank_deposit": {"bank_name": "天水秦州农商银行", "account_no_tail": "0017", "balance_fen": 1},
    "application": {"applicant": {"name": "王建国", "id_number": WANG_JIANGUO}, "matters": [3, 7]},
    "acknowledgement": {},
    "decision": {"kind": "MATTER_HELD", "matter": 3, "handler": "窗口七号", "reason": "待核实"},
    "result": {"matter": 9, "outcome": "COMPLETED"},
    "examination": {
        "application": "6f1c2b8e-3d52-4f0a-9a55-0c7d51c1a002",
        "materials": [{"kind": 1, "original_sighted": True}],
    },
    "handover": {"results": ["6f1c2b8e-3d52-4f0a-9a55-0c7d51c1a002"], "delivery": "WINDOW"},
    "appointment": {"scheduled_at": "2027-03-25T09:00:00+08:00", "place": "综合受理3号窗口"},
    "enquiry": {"text": "何时办结？"},
}
APPLICANT = OWN["application"]["applicant"]


def record(record_type, **changes):
    """A plain record of that type with some fields changed; a change to `...` takes the field out."""
    changed = {**copy.deepcopy(HEADER), **copy.deepcopy(OWN[record_type]), **changes}
    return {name: value for name, value in changed.items() if value is not ...}


def submit(record_type, taken_at=TAKEN_AT, **changes):
    raw = record(record_type, **changes)
    return accept(record_type, raw, owner=OWNERS[record_type], rules=RULES, taken_at=taken_at)


def accepted(record_type, **changes):
    answer = submit(record_type, **changes)
    assert isinstance(answer, Accepted), answer
    return answer


def told(reasons):
    return [(reason.code, reason.field) for reason in reasons]


REFUSALS = [
    ("provident_fund", {"account_no": "6.21E+18"}, "value_as_number", "account_no"),
    ("bank_deposit", {"account_no_tail": '="0938"'}, "value_as_formula", "account_no_tail"),
    ("bank_deposit", {"account_no_tail": "6217000123456789012"}, "account_tail_full", "account_no_tail"),
    ("bank_deposit", {"bank_name": "NULL"}, "value_is_error", "bank_name"),
    ("bank_deposit", {"bank_name": "?????"}, "value_damaged", "bank_name"),
    ("provident_fund", {"account_no": "无"}, "value_placeholder", "account_no"),
    ("no_such_type", {}, "unknown_record_type", "type"),
    ("equity", {"holdings": [1]}, "not_a_record", "holdings[0]"),
    ("application", {"applicant": "王建国"}, "not_a_record", "applicant"),
    ("application", {"matters": 3}, "not_a_list", "matters"),
    ("application", {"matters": "37"}, "not_a_list", "matters"),
    ("death_certificate", {"age": 78}, "field_unknown", "age"),
    ("death_certificate", {"death_time": {"$date": "2026-03-04"}}, "event_time_parts_wrong", "death_time"),
    ("medical_insurance", {"account_balance_yuan": 1}, "field_in_other_unit", "account_balance_yuan"),
    ("death_certificate", {"李秀兰": 1}, "field_unknown", "***"),
    ("death_certificate", {"name_620502194711020686": 1}, "field_unknown", "nam***86"),
    ("death_certificate", {"name_6205_0219_4711": 1}, "field_unknown", "nam***11"),
    ("application", {"applicant": {**APPLICANT, "age": 7}}, "field_unknown", "applicant.age"),
    ("death_certificate", {"name": ...}, "field_missing", "name"),
    ("death_certificate", {"death_cause": None}, "field_missing", "death_cause"),
    ("application", {"applicant": None}, "field_missing", "applicant"),
    ("application", {"matters": None}, "field_missing", "matters"),
    ("notary", {"beneficiaries": [{"relation": "子女"}]}, "field_missing", "beneficiaries[0].name"),
    ("death_certificate", {"name": 5}, "not_text", "name"),
    ("death_certificate", {"id_number": int(LI_XIULAN[:17])}, "not_text", "id_number"),
    ("death_certificate", {"name": " \u3000"}, "text_empty", "name"),
    ("notary", {"deed_no": " "}, "text_empty", "deed_no"),
    ("bank_deposit", {"account_no_tail": ""}, "text_empty", "account_no_tail"),
    ("death_certificate", {"name": "长" * 201}, "too_long", "name"),
    ("death_certificate", {"death_cause": "长" * 2001}, "too_long", "death_cause"),
    ("application", {"matters": [1] * 1001}, "too_many", "matters"),
    ("death_certificate", {"name": "李\x00秀兰"}, "characters_wrong", "name"),
    ("death_certificate", {"name": "李\n秀兰"}, "line_break_within", "name"),
    ("death_certificate", {"death_place": "\ud800"}, "characters_wrong", "death_place"),
    ("death_certificate", {"name": "李\u202e秀兰"}, "characters_wrong", "name"),
    ("application", {"applicant": {**APPLICANT, "\ud800": 1}}, "characters_wrong", "applicant"),
    ("death_certificate", {"backfill": "true"}, "not_a_boolean", "backfill"),
    ("death_certificate", {"backfill": 1}, "not_a_boolean", "backfill"),
    ("bank_deposit", {"balance_fen": 1.7}, "not_an_integer", "balance_fen"),
    ("bank_deposit", {"balance_fen": True}, "not_an_integer", "balance_fen"),
    ("bank_deposit", {"balance_fen": "100"}, "not_an_integer", "balance_fen"),
    ("bank_deposit", {"balance_fen": 2**63}, "integer_out_of_range", "balance_fen"),
    ("bank_deposit", {"balance_fen": 10**5000}, "integer_out_of_range", "balance_fen"),
    ("bank_deposit", {"balance_fen": -1}, "money_negative", "balance_fen"),
    ("death_certificate", {"revision": 0}, "count_wrong", "revision"),
    ("equity", {"holdings": [{"share_percent": 100.5}]}, "percent_wrong", "holdings[0].share_percent"),
    ("equity", {"holdings": [{"share_percent": 0.00001}]}, "percent_wrong", "holdings[0].share_percent"),
    ("equity", {"holdings": [{"share_percent": float("nan")}]}, "percent_wrong", "holdings[0].share_percent"),
    ("equity", {"holdings": [{"share_percent": "-1"}]}, "percent_wrong", "holdings[0].share_percent"),
    ("death_certificate", {"recorded_at": "2026-03-05"}, "instant_wrong", "recorded_at"),
    ("death_certificate", {"recorded_at": "2026-03-05T09:30:00+08"}, "offset_wrong", "recorded_at"),
    ("death_certificate", {"death_time": "9999-12-31T00:00:00+08:00"}, "year_placeholder", "death_time"),
    ("death_certificate", {"death_time": "2026/3/5"}, "date_or_instant_wrong", "death_time"),
    ("death_certificate", {"recorded_at": "2026-03-05T09:30:00"}, "instant_without_offset", "recorded_at"),
    ("death_declaration", {"declared_death_date": "2026-02-30"}, "date_wrong", "declared_death_date"),
    (
        "death_certificate",
        {"death_time": {"date": "2026-03-01", "instant": "2026-03-02T10:00:00+08:00"}},
        "event_time_wrong",
        "death_time",
    ),
    ("provident_fund", {"status": "FROZEN"}, "value_unknown", "status"),
    ("provident_fund", {"status": "UNKNOWN"}, "value_unknown", "status"),
    ("provident_fund", {"status": ["SEALED"]}, "value_unknown", "status"),
    ("death_certificate", {"action": "UNKNOWN"}, "value_unknown", "action"),
    ("death_certificate", {"sex": "M"}, "code_unknown", "sex"),
    ("death_certificate", {"death_time": "2026-03"}, "day_missing", "death_time"),
    ("death_certificate", {"name": "李\ufffd兰"}, "name_damaged", "name"),
    ("death_certificate", {"recorded_at": "1970-01-21T07:55:12Z"}, "time_unit_wrong", "recorded_at"),
    ("death_certificate", {"recorded_at": "1989-12-31T09:30:00Z"}, "time_too_early", "recorded_at"),
    ("death_certificate", {"record_id": "7"}, "uuid_wrong", "record_id"),
    ("death_certificate", {"issuer_uscc": "91110000600037341K"}, "uscc_wrong", "issuer_uscc"),
    (
        "application",
        {"deceased_bank_card": {"bank_routing_no": "102825000183"}},
        "bank_routing_no_wrong",
        "deceased_bank_card.bank_routing_no",
    ),
    ("application", {"materials": [{"kind": 1, "sha256": "ab"}]}, "sha256_wrong", "materials[0].sha256"),
    ("application", {"applicant": {**APPLICANT, "phone": "无"}}, "phone_wrong", "applicant.phone"),
    ("application", {"matters": [3, 13]}, "matter_unknown", "matters[1]"),
    ("application", {"matters": [0]}, "matter_unknown", "matters[0]"),
    ("application", {"materials": [{"kind": 8}]}, "material_kind_unknown", "materials[0].kind"),
    ("death_certificate", {"id_number": "620503-19500101-0118"}, "id_characters_wrong", "id_number"),
    ("death_certificate", {"id_number": "E12345678"}, "id_of_other_document", "id_number"),
    ("death_certificate", {"id_number": "111111111111111"}, "id_filler", "id_number"),
    ("death_certificate", {"id_number": "GJJ000061000001"}, "id_permit_wrong", "id_number"),
    ("bank_deposit", {"account_no_tail": "12-Mar"}, "value_as_date", "account_no_tail"),
    ("bank_deposit", {"account_no_tail": "1234/5678"}, "account_several", "account_no_tail"),
    ("death_certificate", {"id_number": "6.20502E+17"}, "id_as_number", "id_number"),
    ("death_certificate", {"id_number": f"'{LI_XIULAN}"}, "id_as_formula", "id_number"),
    ("death_certificate", {"id_number": "620502194711020000"}, "id_digits_lost", "id_number"),
    ("death_certificate", {"id_number": LI_XIULAN[:-1]}, "id_length_wrong", "id_number"),
    ("death_certificate", {"id_number": WRONG_CHECK}, "id_checksum_wrong", "id_number"),
    (
        "application",
        {"applicant": {**APPLICANT, "id_number": WRONG_CHECK}},
        "id_checksum_wrong",
        "applicant.id_number",
    ),
    (
        "notary",
        {"beneficiaries": [{"name": "王", "id_number": WRONG_CHECK}]},
        "id_checksum_wrong",
        "beneficiaries[0].id_number",
    ),
    (
        "death_certificate",
        {"id_number": id_number(birth=date(1850, 1, 1))},
        "id_birth_date_wrong",
        "id_number",
    ),
    (
        "social_insurance",
        {"id_number": id_number(birth=date(2099, 1, 1))},
        "id_birth_date_wrong",
        "id_number",
    ),
    (
        "application",
        {"applicant": {**APPLICANT, "id_number": id_number(birth=date(2026, 3, 6))}},
        "id_birth_date_wrong",
        "applicant.id_number",
    ),
    ("death_certificate", {"id_number": id_number(sequence=0)}, "id_sequence_wrong", "id_number"),
    ("death_certificate", {"id_type": "HMT_RESIDENCE_PERMIT"}, "id_type_disagrees", "id_number"),
    (
        "death_certificate",
        {"id_type": "FOREIGN_PERMANENT_RESIDENT_ID", "id_number": HMT_RESIDENT},
        "id_type_disagrees",
        "id_number",
    ),
    ("death_certificate", {"id_number": ...}, "id_number_missing", "id_number"),
    ("death_certificate", {"id_type": "NONE"}, "id_number_not_expected", "id_number"),
    (
        "death_certificate",
        {"id_number_original": id_number_15()},
        "id_original_disagrees",
        "id_number_original",
    ),
    ("death_certificate", {"id_number_original": "旧"}, "id_original_disagrees", "id_number_original"),
    ("death_certificate", {"department": "police"}, "department_not_owner", "department"),
    ("death_certificate", {"action": "AMENDED", "revision": 2}, "supersedes_missing", "supersedes"),
    ("death_certificate", {"action": "REVOKED"}, "supersedes_missing", "supersedes"),
    (
        "death_certificate",
        {"supersedes": "6f1c2b8e-3d52-4f0a-9a55-0c7d51c1a000"},
        "supersedes_not_expected",
        "supersedes",
    ),
    (
        "death_certificate",
        {"action": "REVOKED", "supersedes": HEADER["record_id"].upper()},
        "supersedes_itself",
        "supersedes",
    ),
    ("death_certificate", {"recorded_at": "2026-03-10T10:00:01+08:00"}, "in_the_future", "recorded_at"),
    ("death_certificate", {"death_time": "2026-03-06"}, "event_after_recording", "death_time"),
    ("death_certificate", {"death_time": "2026-03-05T09:30:01+08:00"}, "event_after_recording", "death_time"),
    ("driving_licence", {"issued_at": "2026-03-06"}, "event_after_recording", "issued_at"),
    ("death_certificate", {"birth_date": "2026-03-06"}, "event_after_recording", "birth_date"),
    ("death_certificate", {"death_time": "1948-03-11"}, "death_before_birth", "death_time"),
    ("death_declaration", {"declared_death_date": "1948-03-11"}, "death_before_birth", "declared_death_date"),
    ("cremation", {"cremation_time": "2026-02-28"}, "cremation_before_death", "cremation_time"),
    ("hukou_cancellation", {"cancelled_at": "2026-02-28"}, "cancellation_before_death", "cancelled_at"),
    ("result", {"matter": 3}, "matter_not_decided_here", "matter"),
    ("application", {"matters": []}, "matters_empty", "matters"),
    ("handover", {"results": []}, "results_empty", "results"),
    ("handover", {"delivery": "MAIL"}, "postal_no_missing", "postal_no"),
    ("examination", {"application": ...}, "field_missing", "application"),
    ("examination", {"recorded_at": "2099-01-01T00:00:00Z"}, "in_the_future", "recorded_at"),
    ("enquiry", {"closed_at": "2099-01-01"}, "event_after_recording", "closed_at"),
    ("application", {"matters": [3, 3]}, "matter_repeated", "matters"),
    (
        "application",
        {"applicant": {**APPLICANT, "id_number": LI_XIULAN}},
        "applicant_is_the_deceased",
        "applicant.id_number",
    ),
    ("application", {"applicant": {**APPLICANT, "sex": "女"}}, "applicant_sex_differs", "applicant.sex"),
]
HOLDS = [
    ({"id_number": ..., "id_type": "NONE"}, "person_without_number", "id_number"),
    ({"birth_date": "1948-03-13"}, "birth_date_differs", "birth_date"),
    ({"sex": "男"}, "sex_differs", "sex"),
    ({"name": "无"}, "name_placeholder", "name"),
    ({"name": "13800138000"}, "name_is_number", "name"),
    ({"name": "肺炎"}, "name_is_value", "name"),
]
WARNINGS = [
    ("bank_deposit", {"account_no_tail": "1"}, "account_digits_lost", "account_no_tail"),
    ("bank_deposit", {"bank_name": "天水?行"}, "value_with_gaps", "bank_name"),
    ("provident_fund", {"account_no": "6217****0938"}, "value_masked", "account_no"),
    ("provident_fund", {"account_no": "工行6217000012345678901"}, "account_with_more", "account_no"),
    ("bank_deposit", {"bank_name": "天水&#31206;州银行"}, "value_escaped", "bank_name"),
    ("decision", {"kind": "PERSON_UNLINKED"}, "decision_without_effect", "in_favour_of"),
    ("result", {"outcome": "REJECTED", "reason": None}, "rejection_without_reason", "reason"),
    ("enquiry", {"closed_at": "2026-03-04"}, "closed_without_reply", "reply"),
    ("result", {"outcome": "RETURNED", "to_correct": []}, "return_without_corrections", "to_correct"),
    ("result", {"outcome": "RETURNED", "to_correct": None}, "return_without_corrections", "to_correct"),
    ("death_certificate", {"id_number": id_number("590502")}, "id_region_unknown", "id_number"),
    ("death_certificate", {"death_cause_icd10": "脑梗死"}, "icd10_unusual", "death_cause_icd10"),
    ("death_certificate", {"name": "李&#31168;兰"}, "name_escaped", "name"),
    ("death_certificate", {"name": "鐜嬭姵"}, "name_misread", "name"),
    ("death_certificate", {"name": "李秀兰2"}, "name_with_digits", "name"),
    ("death_certificate", {"name": "李?兰"}, "name_with_gaps", "name"),
    ("death_certificate", {"name": "李秀兰（女）"}, "name_with_more", "name"),
    ("death_certificate", {"name": "李秀兰等"}, "name_with_more", "name"),
    ("death_certificate", {"name": "陇南市民政局"}, "name_is_office", "name"),
    ("death_certificate", {"name": "李㊛兰"}, "name_with_lookalikes", "name"),
    ("death_certificate", {"death_time": "1970-01-01"}, "time_is_default", "death_time"),
    ("death_certificate", {"death_time": "1970-01-02"}, "time_doubtful", "death_time"),
    ("death_certificate", {"id_number": id_number(birth=date(1880, 1, 1))}, "age_doubtful", "death_time"),
    ("death_certificate", {"ethnicity": "60"}, "code_unlisted", "ethnicity"),
    (
        "notary",
        {"beneficiaries": [{"name": "王", "relation": "?"}]},
        "code_unlisted",
        "beneficiaries[0].relation",
    ),
    (
        "application",
        {"deceased_bank_card": {"account_no": "6222020000000000001"}},
        "bank_card_check_digit_wrong",
        "deceased_bank_card.account_no",
    ),
    ("application", {"payee": {"account_no": "123456"}}, "bank_card_check_digit_wrong", "payee.account_no"),
    (
        "application",
        {"deceased_bank_card": {"account_name": "王建国"}},
        "card_holder_differs",
        "deceased_bank_card.account_name",
    ),
    (
        "notary",
        {"beneficiaries": [{"name": "王", "id_number": id_number("590502")}]},
        "id_region_unknown",
        "beneficiaries[0].id_number",
    ),
]
OF_OTHER_PARTS = {
    *(
        "not_framed",
        "schema_unknown",
        "schema_of_other_topic",
        "avro_undecodable",
        "trailing_bytes",
        "too_large",
    ),
    *("not_json", "json_comma_behind", "json_objects_in_line"),
    *("key_repeated", "record_not_wrapped", "department_unknown", "not_topic_owner"),
    *("other_bank", "other_county", "other_person", "in_the_past", "nothing_changed"),
    *(
        "encoding_unclear",
        "encodings_mixed",
        "encoding_contradicts_mark",
        "json_not_utf8",
        *("file_utf_16", "file_utf_32", "file_empty", "file_torn"),
        *("file_is_workbook", "file_is_document", "file_is_markup", "file_is_archive"),
        "line_ends_wrong",
    ),
    *("json_array", "json_over_lines", "type_missing", "type_not_expected"),
    *(
        "header_missing",
        "header_quote_unclosed",
        *("rows_above_header", "quote_above_header", "row_in_quotes", "separator_unknown"),
        "columns_unknown",
        *("columns_in_other_unit", "amounts_in_other_unit", "header_unclear", "number_split"),
        "columns_missing",
        "columns_repeated",
        "column_nameless",
        "row_is_no_record",
        "row_shifted",
        "header_differs",
    ),
    *("key_differs", "partition_differs", "record_id_reused", "name_differs", "unlinked", "rule_failed"),
    *("amendments_differ", "corrections_asked_again", "reference_unknown"),
    *("case_too_large", "redelivery_of_no_record"),
}


@each_cell("record_type", sorted(OWN))
def test_a_plain_record_of_every_type_is_accepted(record_type):
    """The required fields are enough."""
    answer = accepted(record_type)
    assert (answer.held, answer.warnings) == ((), ())
    assert answer.record.department == OWNERS[record_type]


@each_cell(("record_type", "changes", "code", "field"), REFUSALS)
def test_a_fault_is_refused_by_its_code_and_field(record_type, changes, code, field):
    """Whoever publishes a faulty record learns what is wrong and where."""
    raw = record(record_type, **changes) if record_type in OWN else {}
    owner = OWNERS.get(record_type, "health")
    answer = accept(record_type, raw, owner=owner, rules=RULES, taken_at=TAKEN_AT)
    assert isinstance(answer, Refused), answer
    assert (code, field) in told(answer.reasons)


@each_cell(("changes", "code", "field"), HOLDS)
def test_what_a_handler_must_look_at_is_held(changes, code, field):
    """A record that disagrees with its own number is put aside, not lost and not believed."""
    assert told(accepted("death_certificate", **changes).held) == [(code, field)]


@each_cell(("record_type", "changes", "code", "field"), WARNINGS)
def test_what_is_only_unusual_is_accepted_with_a_warning(record_type, changes, code, field):
    """Old region codes, passbooks and free-hand diagnoses hinder nobody."""
    answer = accepted(record_type, **changes)
    assert told(answer.warnings) == [(code, field)]
    assert not answer.held


def test_every_reason_of_this_package_has_an_input_that_provokes_it():
    """No code is in the catalogue that nobody can get."""
    provoked = {
        REFUSED: {code for _, _, code, _ in REFUSALS},
        HELD: {code for _, code, _ in HOLDS},
        WARNING: {code for _, _, code, _ in WARNINGS},
    }
    for kind, codes in provoked.items():
        listed = {entry.code for entry in catalogue().values() if entry.kind == kind}
        assert codes == listed - OF_OTHER_PARTS


def test_all_reasons_come_at_once_in_the_order_of_the_schema():
    """A clerk corrects a record once, not field by field."""
    answer = submit("death_certificate", zebra=1, death_cause=None, name="", record_id="7")
    assert told(answer.reasons) == [
        ("uuid_wrong", "record_id"),
        ("text_empty", "name"),
        ("field_missing", "death_cause"),
        ("field_unknown", "zebra"),
    ]


def test_reasons_that_span_fields_follow_the_schema_too():
    """One order for all, so that the same record always gets the same answer."""
    answer = submit(
        "death_certificate",
        department="police",
        revision=2,
        supersedes=HEADER["record_id"],
        death_time="1940-01-01",
    )
    assert told(answer.reasons) == [
        ("supersedes_not_expected", "supersedes"),
        ("supersedes_itself", "supersedes"),
        ("department_not_owner", "department"),
        ("death_before_birth", "death_time"),
    ]


def test_a_refusal_still_names_the_record_and_the_person_where_it_can():
    """The receipt finds its way back."""
    answer = submit("death_certificate", death_cause=None)
    assert (answer.record_id, answer.id_number) == (HEADER["record_id"], LI_XIULAN)
    answer = submit("death_certificate", record_id="7", id_number=WRONG_CHECK)
    assert (answer.record_id, answer.id_number) == (None, None)


@each_cell("raw", [None, 3, "text", [], ["a"], {1: 2}, {"\ud800": 1}])
def test_what_is_no_record_at_all_is_refused(raw):
    """Whatever comes, the answer is reasons."""
    answer = accept("death_certificate", raw, owner="health", rules=RULES, taken_at=None)
    assert isinstance(answer, Refused)
    assert answer.reasons


@each_cell(
    ("number", "kind"),
    [
        (HMT_RESIDENT, "HMT_RESIDENCE_PERMIT"),
        (FOREIGNER_2023, "FOREIGN_PERMANENT_RESIDENT_ID"),
        (FOREIGNER_2017, "FOREIGN_PERMANENT_RESIDENT_ID"),
    ],
)
@each_cell("stated", ["default", "kind"])
def test_the_form_of_the_number_decides_the_kind_of_document(number, kind, stated):
    """RESIDENT_ID is the default, and in Avro a default cannot be told from a statement."""
    changes = {"id_type": kind} if stated == "kind" else {}
    assert accepted("death_certificate", id_number=number, **changes).record.id_type == kind


def test_a_15_digit_number_becomes_a_key_of_18_and_is_kept():
    """Both forms of the number lead to one person."""
    answer = accepted("notary", id_number=id_number_15())
    assert partition_key(answer.record) == id_number()
    assert answer.record.id_number_original == id_number_15()
    assert answer.avro["id_number_original"] == id_number_15()


def test_a_person_without_number_is_keyed_by_the_record():
    """An unknown body, an infant: the record waits under an id of its own."""
    answer = accepted("death_certificate", id_number=..., id_type="NONE")
    assert partition_key(answer.record) == f"provisional:{HEADER['record_id']}"
    assert answer.identity is None


def test_facts_are_plain_values_without_nulls():
    """What the fold sees is the same from JSON and from Avro: text, numbers, true and false."""
    answer = accepted(
        "death_certificate", death_place=None, sex="女", ethnicity="回族", birth_date="1948-03-12"
    )
    assert answer.record.facts == {
        "death_time": "2026-03-04",
        "death_cause": "脑梗死",
        "sex": "2",
        "birth_date": "1948-03-12",
        "ethnicity": "03",
    }


def test_instants_are_written_in_one_width():
    """So that their texts sort by time."""
    answer = accepted("death_certificate", death_time="2026-03-04T23:10:00+08:00")
    assert answer.record.recorded_at == "2026-03-05T01:30:00.000000Z"
    assert answer.record.facts["death_time"] == "2026-03-04T15:10:00.000000Z"


def test_a_date_of_death_on_the_day_of_recording_is_possible():
    """Where only the day is known, days are compared."""
    assert accepted("death_certificate", death_time="2026-03-05")


def test_a_death_on_the_day_of_birth_is_possible():
    """Newborns die."""
    newborn = id_number(birth=date(2026, 3, 4))
    assert accepted("death_certificate", id_number=newborn, death_time="2026-03-04")


def test_a_record_taken_in_the_millisecond_of_its_recording_is_not_of_the_future():
    """The log's time is cut off to milliseconds; the publisher's is not."""
    moment = TAKEN_AT + timedelta(microseconds=900)
    assert accepted("death_certificate", recorded_at=moment.isoformat())


def test_without_the_moment_of_taking_nothing_is_of_the_future():
    """A producer checks before the log has the record; the log's time is the only now."""
    answer = submit("death_certificate", taken_at=None, recorded_at="2099-01-01T00:00:00Z")
    assert isinstance(answer, Accepted)


@pytest.mark.parametrize("action", ["AMENDED", "REVOKED"])
def test_a_correction_names_the_record_it_is_about(action):
    """An amendment is a complete replacement of a named record."""
    before = "6f1c2b8e-3d52-4f0a-9a55-0c7d51c1a000"
    answer = accepted("death_certificate", action=action, supersedes=before.upper(), revision=2)
    assert answer.record.supersedes == before


def test_a_certificate_number_equal_to_the_id_number_is_no_fault():
    """From 2026-07-01 the death certificate bears the citizen's number: 国卫规划发〔2026〕5号."""
    assert accepted("death_certificate", certificate_no=LI_XIULAN).record.certificate_no == LI_XIULAN


@pytest.mark.parametrize(("heir", "code"), [(LI_XIULAN, "30"), (WANG_JIANGUO, "20")])
def test_a_child_named_only_as_child_is_son_or_daughter_by_the_number(heir, code):
    """GB/T 4761 has a code for sons and one for daughters, none for 子女."""
    applicant = {"name": "某", "id_number": heir, "relation": "子女"}
    parent = id_number()
    assert (
        accepted("application", id_number=parent, applicant=applicant).record.facts["applicant"]["relation"]
        == code
    )


def test_an_unknown_manner_of_death_is_a_legal_answer():
    """UNKNOWN is no stopgap there."""
    assert accepted("death_certificate", manner="UNKNOWN").record.facts["manner"] == "UNKNOWN"


def test_a_share_is_exact():
    """A third of a hundredth is not lost in binary fractions."""
    answer = accepted(
        "equity", holdings=[{"share_percent": 33.3333}, {"share_percent": "50"}, {"share_percent": 7}]
    )
    assert [holding["share_percent"] for holding in answer.record.facts["holdings"]] == ["33.3333", "50", "7"]


def test_a_read_only_record_is_as_good_as_a_dict():
    """Frozen values are the habit of the house."""
    raw = MappingProxyType(record("cremation"))
    assert isinstance(accept("cremation", raw, owner="civil_affairs", rules=RULES, taken_at=None), Accepted)


def test_a_name_is_kept_as_it_was_written():
    """Folding is for comparing; the sheet prints what the department wrote."""
    assert accepted("death_certificate", name="买买提 • 艾力").record.name == "买买提 • 艾力"


def test_null_stands_for_the_default():
    """An exporter that writes every column says nothing by null."""
    answer = accepted(
        "death_certificate", action=None, revision=None, id_type=None, backfill=None, department=None
    )
    assert (answer.record.action, answer.record.revision, answer.record.backfill) == ("ISSUED", 1, False)


def test_same_content_has_one_digest_and_other_content_another():
    """Tells a retry from a record_id used again."""
    one = digest(accepted("death_certificate").record)
    assert one == digest(accepted("death_certificate", recorded_at="2026-03-05T01:30:00Z").record)
    assert one != digest(accepted("death_certificate", death_cause="其他").record)


def test_no_message_and_no_repr_holds_a_whole_value():
    """Personal data stays out of logs."""
    answer = submit("death_certificate", id_number=WRONG_CHECK, name="李\x00秀兰", death_time="1940-01-01")
    assert WRONG_CHECK not in f"{answer}"
    assert "秀兰" not in f"{answer}"
    shown = repr(accepted("death_certificate"))
    assert LI_XIULAN not in shown
    assert "李秀兰" not in shown
