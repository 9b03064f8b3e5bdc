"""What departments say of their matters stands in the case: outcome, reason, amount, document."""

from typing import Any

from tests.cases import Given, applied, document, given, matter, next_of, resulted

CERTIFICATE = given("death_certificate")
WHY = "公证书缺页"
REJECTED = resulted(9, "REJECTED", reason=WHY, recorded_at="2026-04-01T09:00:00+08:00")
DONE = resulted(9, "COMPLETED", recorded_at="2026-04-20T09:00:00+08:00", document_no="天司〔2026〕9号")


def results(*records: Given, number: int = 9, instance: str | None = None) -> list[dict[str, Any]]:
    """A matter's results as readers get them."""
    return list(matter(document(CERTIFICATE, *records), number, instance)["results"])


def test_every_result_that_was_not_revoked_is_told_in_the_order_in_which_they_were_recorded() -> None:
    """Rejected, applied for again, completed: the family can follow the whole way."""
    again = applied(9, recorded_at="2026-04-10T09:00:00+08:00")
    told = [(one["outcome"], one["reason"], one["document_no"]) for one in results(DONE, again, REJECTED)]
    assert told == [("REJECTED", WHY, None), ("COMPLETED", None, "天司〔2026〕9号")]
    revoked = next_of(REJECTED, "REVOKED", "r", recorded_at="2026-04-02T09:00:00+08:00")
    assert results(REJECTED, revoked) == []


def test_an_amount_stays_whole_fen() -> None:
    """Yuan are for people's eyes alone."""
    paid = resulted(7, "COMPLETED", amount_fen=123_405)
    (told,) = results(given("medical_insurance"), paid, number=7)
    assert (told["amount_fen"], told["department"]) == (123_405, "medical_insurance")


def test_a_result_for_a_matter_that_nobody_applied_for_is_told_and_has_no_limit() -> None:
    """A department may act of its own accord; there is no day on which the family asked."""
    for outcome in ("ACCEPTED", "REJECTED", "COMPLETED"):
        found = matter(document(CERTIFICATE, resulted(9, outcome)), 9)
        assert (found["state"], found["limit"], found["due"]) == (outcome, None, None)
        assert [one["outcome"] for one in found["results"]] == [outcome]


def test_a_result_for_a_matter_that_a_record_completes_is_shown_and_moves_nothing() -> None:
    """The police reject a cancellation: the reason is there to be read, the cancellation is still to come."""
    refused = resulted(3, "REJECTED", reason="户口已迁出")
    found = matter(document(CERTIFICATE, refused), 3)
    assert (found["state"], [one["reason"] for one in found["results"]]) == ("READY", ["户口已迁出"])


def test_each_bank_has_the_results_that_are_about_it() -> None:
    """One bank's answer says nothing of another's account."""
    banks = [given("bank_deposit", name, bank_name=name) for name in ("甘肃银行", "兰州银行")]
    done = resulted(10, issuer_name="甘肃银行", amount_fen=100)
    assert [one["amount_fen"] for one in results(*banks, done, number=10, instance="甘肃银行")] == [100]
    assert results(*banks, done, number=10, instance="兰州银行") == []


def test_a_query_says_what_it_has_found() -> None:
    """Entry by entry, as the department wrote it; of other matters there is nothing to say."""
    assert [one["answer"] for one in results(resulted(9, answer=["公证1号", "公证2号"]))] == [
        ["公证1号", "公证2号"]
    ]
    assert [one["answer"] for one in results(REJECTED)] == [[]]
