"""The family's view: one page of progress, in words that do not frighten, and nothing beyond the grant."""

import json
from datetime import date
from typing import Any

from consumers.family.progress import progress_of, seen_fields
from consumers.labels.words import STATES, day_words
from consumers.read_model.rows import plain
from exchange.command.views.family import ProgressPage
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.cases import Given, applied, document, given, next_of, resulted
from tests.people import LI_XIULAN, id_number

FAMILY = City().family
DAY = date(2026, 3, 25)
CERTIFICATE = given("death_certificate")
PAID = resulted(7, "COMPLETED", amount_fen=123_405, document_no="天医〔2026〕7号", label="x")
WHY = f"请核对银行卡 6217003860000123456，{LI_XIULAN}"
REFUSED = resulted(9, "REJECTED", reason=WHY)
PAPERS = [{"kind": kind, "original_sighted": False} for kind in (8, 9)]
ALL = (
    *(given("medical_insurance"), given("social_insurance"), given("bank_deposit"), CERTIFICATE),
    *(applied(4, 7, 9, 10, materials=PAPERS), PAID, REFUSED),
)


def view(*records: Given, audience: str = "applicant", own: int = -1, day: date = DAY) -> dict[str, Any]:
    """The progress of a case of these records, with one of its applications as the own one."""
    case = document(*records)
    application = case["applications"][own] if case["applications"] else None
    reader = FAMILY.audience(audience)
    assert reader is not None
    return progress_of(case, application, reader, FAMILY, load_policy(), day)


def of(shown: dict[str, Any], number: int) -> dict[str, Any]:
    """One matter of a view."""
    (found,) = (one for one in shown["matters"] if one["matter"] == number)
    return dict(found)


def page(shown: dict[str, Any], language: Any = "zh") -> str:
    """What people read."""
    return "\n".join(ProgressPage(load_policy(), language).lines(shown, FAMILY, ()))


def test_the_headline_counts_what_is_done_among_what_arises() -> None:
    """A matter that does not arise is no matter of this family's."""
    shown = view(*ALL)
    arising = [one for one in document(*ALL)["matters"] if one["state"] != "NOT_APPLICABLE"]
    assert (shown["done"], shown["matters_count"]) == (2, len(arising))
    assert page(shown).startswith(f"身后“一件事”：共{len(arising)}项，已办结2项")
    assert "2 of" in page(shown, "en")


def test_what_is_done_is_told_with_the_amount_and_the_document() -> None:
    """结果反馈: the family need not ask the department."""
    done = of(view(*ALL), 7)
    assert (done["situation"], done["amount_fen"], done["document_no"]) == (
        "done",
        123_405,
        "天医〔2026〕7号",
    )
    assert "金额1,234.05元" in page(view(*ALL))


def test_a_rejection_is_told_with_its_reason_and_what_to_do_and_no_long_number() -> None:
    """A department's own words may hold a card's number."""
    refused = of(view(*ALL), 9)
    assert refused["situation"] == "rejected"
    assert "请核对银行卡" in refused["reason"]
    assert "6217003860000123456" not in refused["reason"]
    assert LI_XIULAN not in refused["reason"]
    assert "重新申请" in page(view(*ALL))


def test_what_the_family_must_bring_is_listed_once_with_its_matters_and_only_for_what_it_asked_for() -> None:
    """一套材料: a paper that two matters want is brought once; nothing is asked for what nobody chose."""
    shown = view(CERTIFICATE, given("social_insurance"), applied(4, 5, 3))
    brought = {
        one["kind"]: (one["state"], [need["matter"] for need in one["needs"]]) for one in shown["bring"]
    }
    assert brought[6] == ("missing", [4, 5])
    assert brought[3] == ("missing", [3])
    assert brought[4] == ("original_to_sight", [3])
    assert "附件2第3行" in page(shown)
    assert view(CERTIFICATE, resulted(9, "ACCEPTED"))["bring"] == []


def test_what_waits_says_for_whom_since_when_and_what_runs_says_until_when() -> None:
    """The hotline can answer 'who has it now?' without calling three departments."""
    shown = view(*ALL)
    (wait,) = of(shown, 8)["waits_for"][:1]
    assert (wait["prerequisite"], wait["owed_by"]) == ("provident_fund", ["provident_fund"])
    assert wait["since"] is not None
    running = of(shown, 10)
    assert (running["situation"], running["department"]) == ("in_progress", "financial_regulation")
    assert running["due"] is not None
    assert running["since"] is not None
    assert f"最迟{day_words(running['due'], 'zh')}" in page(shown)


def test_a_suspended_matter_is_told_without_a_word_that_frightens() -> None:
    """The family did nothing wrong and need do nothing; that the certificate was revoked is said once."""
    revoked = next_of(CERTIFICATE, "REVOKED", "revoked", recorded_at="2026-03-25T09:00:00+08:00")
    shown = view(*ALL, revoked)
    assert of(shown, 10)["situation"] == "suspended"
    assert of(shown, 7)["situation"] == "suspended"  # it was paid, and what it rested on no longer stands
    assert shown["bring"] == []
    assert page(shown).count("死亡证明已由出具单位撤销") == 1
    for word in ("中止", "冲突", "SUSPENDED"):
        assert word not in page(shown)


def test_12345_hears_progress_alone() -> None:
    """No amount, document, reason, bank, name or number reaches the hotline."""
    shown = view(*ALL, audience="12345")
    said = json.dumps(plain(shown), ensure_ascii=False) + page(shown)
    for secret in ("123405", "1,234.05", "天医", "请核对", "甘肃银行", "李秀兰", LI_XIULAN, "王小明"):
        assert secret not in said
    assert shown["name"] == "李**"
    assert (shown["done"], of(shown, 9)["situation"]) == (2, "rejected")


def test_an_applicant_hears_no_result_of_a_matter_that_only_another_applied_for() -> None:
    """Neither of two heirs in dispute learns what the other was paid."""
    other = applied(12, label="other", recorded_at="2026-03-21T09:00:00+08:00")
    done = of(view(*ALL, other), 7)
    assert (done["situation"], done["amount_fen"], done["document_no"]) == ("done", None, None)
    assert of(view(*ALL, other, own=0), 7)["amount_fen"] == 123_405


def test_the_access_record_names_the_results_that_were_seen() -> None:
    """Names of fields, never values."""
    assert set(seen_fields(view(*ALL))) == {
        *("deceased.name", "results.amount_fen", "results.document_no", "results.reason")
    }
    assert seen_fields(view(*ALL, audience="12345")) == ("deceased.name",)


def test_what_has_to_be_put_right_is_told_before_what_needs_nothing() -> None:
    """Who has to act is never told that nothing is to be done; afterwards it is with the department again."""
    asked = applied(9, materials=[{"kind": 3, "original_sighted": False}])
    back = resulted(9, "RETURNED", to_correct=["申请表第二页未签名", f"证件号码 {LI_XIULAN} 有误"])
    returned = of(view(CERTIFICATE, asked, back), 9)
    assert returned["situation"] == "bring"
    assert returned["reason"].startswith("申请表第二页未签名；证件号码 ")
    assert LI_XIULAN not in returned["reason"]
    assert of(view(CERTIFICATE, asked, back, audience="12345"), 9)["reason"] is None
    signed = next_of(asked, "AMENDED", "signed", recorded_at="2026-04-03T09:00:00+08:00")
    assert of(view(CERTIFICATE, signed, asked, back), 9)["situation"] == "in_progress"


def test_what_a_query_has_found_is_told_to_who_asked() -> None:
    """Deeds and holdings are the applicant's to know, and no telephone's."""
    asked = (CERTIFICATE, applied(12), resulted(12, answer=["花牛果业 10%", "秦岭药材 2%"]))
    assert of(view(*asked), 12)["answer"] == "花牛果业 10%；秦岭药材 2%"
    assert of(view(*asked, audience="12345"), 12)["answer"] is None
    assert "results.answer" in seen_fields(view(*asked))


def test_every_state_that_arises_has_words_for_the_family() -> None:
    """A state that a matter can be in is never passed over in silence."""
    untold = {"NOT_APPLICABLE", "RECOVERY", "DUE_SOON", "OVERDUE", "RETURNED"}  # does not arise; no states
    for state in STATES.keys() - untold:
        assert FAMILY.situation_of(state, ()) is not None


def test_the_character_of_a_name_that_12345_hears_is_one_that_is_seen() -> None:
    """A mark of direction before the name is no surname, and is not counted."""
    shown = view(given("death_certificate", name="\u200e李\u3000秀兰\u200b"), audience="12345")
    assert shown["name"] == "李**"


def test_each_application_of_the_applicant_stands_by_itself_with_its_limit_and_its_delivery() -> None:
    """Who applied twice sees which of the two was answered; that of another heir is nobody else's."""
    first = applied(7, 9, delivery="MAIL", label="first", recorded_at="2026-03-20T09:00:00+08:00")
    whole = [{"kind": 3, "original_sighted": False}]
    at = "2026-03-21T09:00:00+08:00"
    second = applied(9, 12, delivery="WINDOW", materials=whole, label="second", recorded_at=at)
    heir = {"name": "王小红", "id_number": id_number(sequence=42), "relation": "子女"}
    other = applied(9, applicant=heir, label="heir", recorded_at="2026-03-22T09:00:00+08:00")
    answer = resulted(9, "REJECTED", reason="材料不齐", application=first[1]["record_id"])
    records = (given("medical_insurance"), CERTIFICATE, first, second, other, answer)
    shown = view(*records, own=1)
    told = [
        (one["delivery"], [(matter["matter"], matter["state"]) for matter in one["matters"]])
        for one in shown["applications"]
    ]
    assert told == [
        ("MAIL", [(9, "REJECTED"), (7, "APPLIED")]),
        ("WINDOW", [(9, "APPLIED"), (12, "APPLIED")]),
    ]
    rejected, _ = shown["applications"][0]["matters"]
    waiting, _ = shown["applications"][1]["matters"]
    assert (rejected["reason"], rejected["due"], waiting["reason"]) == ("材料不齐", None, None)
    assert waiting["due"] is not None
    assert "2026年3月20日提出的申请，办理结果邮寄送达" in page(shown)
    assert "Application of 2026-03-21; results are collected at the counter" in page(shown, "en")
    assert [one["application"] for one in view(*records)["applications"]] == [other[1]["record_id"]]
    assert "提出的申请" not in page(view(*records)), "the page itself is of the only one"
    hotline = view(*records, audience="12345", own=1)["applications"]
    assert [one["reason"] for application in hotline for one in application["matters"]] == [None] * 4
