"""Keys and types that there are not: shown where they are plainly labels, with what was probably meant."""

import pytest

from avro_schemas.catalogue import SHIPPED
from tests.cells import each_cell
from tests.verification.test_acceptance import APPLICANT, submit
from verification.refusals import ENVELOPE, guessed_type, unknown_field, unknown_type

LABELS = [
    ("姓名", "name"),
    ("民族", "ethnicity"),
    ("公民身份号码", "id_number"),
    ("身份证号码", "id_number"),
    ("死亡地", "death_place"),
    ("Name", "name"),
    ("recordId", "record_id"),
    ("RECORD_ID", "record_id"),
    ("record id", "record_id"),
    ("Death-Time", "death_time"),
    ("deathTime", "death_time"),
    ("remarkOfWindow", ""),
    ("Remark", ""),
]
PERSONAL = [
    ("王桂芳", ""),
    ("name:王桂芳", "name"),
    ("公民身份号码王桂芳", "id_number"),
    ("姓名王", "name"),
    ("620503195001010118", ""),
    ("E12345678", ""),
    ("Wang Guifang", ""),
    ("Name: Li", "name"),
    ("13800138000", ""),
    ("name" + " " * 40, ""),
    ("\x1b[name", "name"),
    ("na\nme", "name"),
    ("", ""),
]


def told(key, **changes):
    (reason,) = submit("death_certificate", **{key: "1"}, **changes).reasons
    return reason


def guess(nearest):
    return f" ({nearest}?)" if nearest else ""


@each_cell(("key", "nearest"), LABELS)
def test_an_unknown_key_that_is_plainly_a_label_is_shown_with_the_field_that_was_meant(key, nearest):
    """A program's author finds it at once."""
    reason = told(key)
    assert (reason.code, reason.field) == ("field_unknown", key)
    for message in (reason.message_zh, reason.message_en):
        assert f"{key}{guess(nearest)}" in message


@each_cell(("key", "nearest"), PERSONAL)
def test_an_unknown_key_that_may_be_a_persons_is_masked_and_the_field_told_all_the_same(key, nearest):
    """A sheet was turned on its side: what were values are keys."""
    reason = told(key)
    assert reason.code == "field_unknown"
    assert "***" in reason.field
    for message in (reason.message_zh, reason.message_en):
        assert not key or key not in message
        assert f"***{guess(nearest)}" in message or f"{reason.field}{guess(nearest)}" in message


@pytest.mark.parametrize(
    ("record_type", "changes", "field", "nearest"),
    [
        ("application", {"applicant": {**APPLICANT, "姓名": "张伟"}}, "applicant.姓名", "name"),
        ("application", {"applicant": {**APPLICANT, "telephone": "1"}}, "applicant.telephone", "phone"),
        ("notary", {"beneficiaries": [{"name": "张伟", "Name": 1}]}, "beneficiaries[0].Name", "name"),
    ],
)
def test_what_was_meant_is_looked_for_where_the_key_stands(record_type, changes, field, nearest):
    """An applicant's name is no name of the deceased."""
    found = [reason for reason in submit(record_type, **changes).reasons if reason.code == "field_unknown"]
    assert [reason.field for reason in found] == [field]
    assert f"({nearest}?)" in found[0].message_zh


@pytest.mark.parametrize(
    ("key", "said"),
    [("Type", "Type (type?)"), ("类型", "类型 (type?)"), ("记录", "记录 (record?)"), ("RECORD", "(record?)")],
)
def test_the_envelopes_own_keys_are_guessed_too(key, said):
    """Many a program writes its keys large."""
    assert said in unknown_field((key,), ENVELOPE).message_en


@each_cell(
    ("written", "said"),
    [
        ("死亡证明", "死亡证明 (death_certificate?)"),
        ("火化证明", "火化证明 (cremation?)"),
        ("deathCertificate", "deathCertificate (death_certificate?)"),
        ("death-certificate", "death-certificate (death_certificate?)"),
        ("Notary", "Notary (notary?)"),
        ("horse", "horse. The"),
        ("王桂芳", "***. The types are"),
        ("620503195001010118", "620***18. The types are"),
    ],
)
def test_an_unknown_type_is_answered_with_the_types_that_there_are(written, said):
    """And with the nearest one in front."""
    reason = unknown_type(written, SHIPPED)
    assert said in reason.message_en
    assert "abnormal_death, " in reason.message_zh
    assert "social_insurance" in reason.message_zh


@pytest.mark.parametrize(
    ("record_type", "change", "wanted"),
    [
        ("medical_insurance", {"scheme": "职工"}, "EMPLOYEE, RESIDENT"),
        ("provident_fund", {"status": "正常"}, "ACTIVE, CLOSED, SEALED"),
        ("death_certificate", {"manner": "自然"}, "ABNORMAL, NATURAL, UNKNOWN"),
        ("death_certificate", {"action": "NEW"}, "AMENDED, ISSUED, REVOKED"),
    ],
)
def test_a_word_that_is_none_of_an_enumeration_is_answered_with_those_that_are(record_type, change, wanted):
    """Nobody has to look them up; UNKNOWN is one only where it may be said."""
    told = submit(record_type, **change)
    (reason,) = [one for one in told.reasons if one.code == "value_unknown"]
    assert reason.message_zh.endswith(f"：{wanted}。")
    assert reason.message_en.endswith(f": {wanted}.")


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("Social_Insurance", " (social_insurance?)"),
        ("社保参保", " (social_insurance?)"),
        ("火化", " (cremation?)"),
        ("horse", ""),
        ("王桂芳", ""),
    ],
)
def test_a_type_that_is_near_to_one_is_answered_with_it(written, nearest):
    """On the command line as in a line of JSON."""
    assert guessed_type(written, SHIPPED) == nearest
