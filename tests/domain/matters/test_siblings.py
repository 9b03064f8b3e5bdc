"""Families in which several people apply: how each application stands, and what each of them hears."""

from datetime import date
from itertools import chain
from typing import Any

import pytest

from consumers.family.progress import progress_of
from consumers.printed_form.filled import fill
from exchange.domain.policy import load_policy
from exchange.runtime.city import City
from tests.cases import HEIR, Given, applied, document, given, matter, next_of, record_id, resulted, tell
from tests.people import id_number

CERTIFICATE, PENSION = given("death_certificate"), given("social_insurance")
BROTHER = {"name": "王小刚", "id_number": id_number(sequence=91)}
MATERIALS = [{"kind": kind, "original_sighted": False} for kind in (3, 5, 6)]
HER_SECRET, HIS_SECRET = "其女领取丧葬补助金", "其子不是第一顺序继承人"
HERS = applied(4, 9, materials=MATERIALS)
PAID = resulted(4, amount_fen=1234500, reason=HER_SECRET, document_no="天人社〔2026〕1号")
HIS = applied(
    4, 9, label="his", applicant=BROTHER, materials=MATERIALS, recorded_at="2026-04-10T09:00:00+08:00"
)
HIS_ID = record_id("application", "his")
ANSWER = "2026-04-20T09:00:00+08:00"
REFUSED = resulted(4, "REJECTED", "his", application=HIS_ID, reason=HIS_SECRET, recorded_at=ANSWER)


def case(*records: Given) -> Any:
    """Her mother's case."""
    return document(CERTIFICATE, PENSION, HERS, *records)


def stands(found: Any, number: int = 4) -> list[tuple[str, str | None]]:
    """State of each application, with the reason that is told of its result."""
    applications = matter(found, number)["applications"]
    return [(one["state"], one["result"] and one["result"]["reason"]) for one in applications]


def page(found: Any, number: int, application: str) -> dict[str, Any]:
    """What an applicant hears of a matter."""
    own = next(one for one in found["applications"] if one["record_id"] == application)
    family = City().family
    reader = family.audience("applicant")
    assert reader is not None
    shown = progress_of(found, own, reader, family, load_policy(), date(2026, 4, 25))
    return dict(next(one for one in shown["matters"] if one["matter"] == number))


def test_one_application_stands_as_its_matter_does() -> None:
    """Nothing is new where only one person applies."""
    assert stands(case()) == [("APPLIED", None)]
    assert matter(case(), 4)["applications"][0]["due"] == matter(case(), 4)["due"] is not None
    assert stands(case(PAID)) == [("COMPLETED", HER_SECRET)]


def test_two_siblings_wait_for_a_handler_where_money_is_paid_and_nowhere_else() -> None:
    """Each is told where the wills are."""
    found = case(HIS)
    assert stands(found) == [("SUSPENDED", None), ("SUSPENDED", None)]
    assert stands(found, 9) == [("APPLIED", None), ("APPLIED", None)]
    dues = [one["due"] for one in matter(found, 9)["applications"]]
    assert None not in dues


def test_whom_a_handler_decided_against_sees_that_it_is_not_theirs() -> None:
    """And hears nothing of what the other gets."""
    about = {"in_favour_of": HERS[1]["record_id"], "recorded_at": "2026-04-15T09:00:00+08:00"}
    found = case(
        HIS,
        given("decision", kind="CONFLICT_RESOLVED", **about),
        resulted(4, recorded_at=ANSWER, reason=HER_SECRET),
    )
    assert stands(found) == [("COMPLETED", HER_SECRET), ("NOT_APPLICABLE", None)]


def test_who_applies_after_it_was_paid_leaves_it_completed_and_gets_an_answer_of_the_own() -> None:
    """The late brother waits with a limit of his own, until a result names his application."""
    late = case(PAID, HIS)
    assert matter(late, 4)["state"] == "COMPLETED"
    assert stands(late) == [("COMPLETED", HER_SECRET), ("APPLIED", None)]
    assert [one["due"] is not None for one in matter(late, 4)["applications"]] == [False, True]
    done = case(PAID, HIS, REFUSED)
    assert matter(done, 4)["state"] == "COMPLETED"
    assert stands(done) == [("COMPLETED", HER_SECRET), ("REJECTED", HIS_SECRET)]


@pytest.mark.parametrize(
    "again",
    [resulted(4, label="again", recorded_at=ANSWER), next_of(PAID, "AMENDED", "again", recorded_at=ANSWER)],
)
def test_what_is_said_of_her_pension_afterwards_is_no_answer_to_him(again: Given) -> None:
    """A second payment, or an amount put right, names nobody; it is hers all the same."""
    assert stands(case(PAID, HIS, again))[1] == ("APPLIED", None)


def test_the_department_hears_of_the_late_application_with_his_form_alone() -> None:
    """It is told once more that the matter is completed, with what it has to answer."""
    told = [one for one in tell([CERTIFICATE, PENSION, HERS, PAID, HIS, REFUSED])[1] if one.matter == 4]
    assert [one.transition for one in told][-3:] == ["COMPLETED", "COMPLETED", "COMPLETED"]
    assert [HIS_ID in one.proofs for one in told][-3:] == [False, True, True]
    assert [one.draft["applicant.name"].value for one in told][-2:] == [BROTHER["name"], BROTHER["name"]]


def test_results_are_told_to_the_applicant_they_are_of() -> None:
    """He does not see what his sister got, nor she why he was refused."""
    found = case(PAID, HIS)
    his = page(found, 4, HIS_ID)
    assert (his["state"], his["amount_fen"], his["reason"], his["document_no"]) == (
        "APPLIED",
        None,
        None,
        None,
    )
    found = case(PAID, HIS, REFUSED)
    assert page(found, 4, HIS_ID)["reason"] == HIS_SECRET
    hers = page(found, 4, HERS[1]["record_id"])
    assert (hers["amount_fen"], hers["reason"]) == (1234500, HER_SECRET)


def test_he_sees_nothing_of_it_either_when_she_has_withdrawn() -> None:
    """His is then the only application, and her result still no answer to it."""
    withdrawn = next_of(HERS, "REVOKED", "withdrawn", recorded_at="2026-04-12T09:00:00+08:00")
    found = case(PAID, HIS, withdrawn)
    assert page(found, 4, HIS_ID)["amount_fen"] is None


def printed(found: Any, application: str) -> list[str]:
    """Every text on the form of one application."""
    own = next(one for one in found["applications"] if one["record_id"] == application)
    form = fill(found, own, City().layout, load_policy())
    return [*(box.text for box in form.boxes), *form.about, *chain(*form.sources, *form.conflicts)]


def test_no_form_names_another_applicant() -> None:
    """Two apply, both stand in the case; on each form there is one, and not how many there are."""
    found = case(HIS)
    for own, other, applicant in ((HEIR, BROTHER, HERS[1]["record_id"]), (BROTHER, HEIR, HIS_ID)):
        words = printed(found, applicant)
        assert (own["name"] in words, other["name"] in words) == (True, False)
    alone = [one for one in printed(case(), HERS[1]["record_id"]) if "申请记录" in one]
    assert alone == [one for one in printed(case(HIS), HERS[1]["record_id"]) if "申请记录" in one]


def test_what_another_says_in_two_ways_is_on_no_form_of_his() -> None:
    """Her telephone is corrected twice, each time otherwise: whichever is right, it is hers."""
    phones = ("13900000001", "13900000002")
    rivals = [
        next_of(
            HERS,
            "AMENDED",
            phone,
            applicant={**HEIR, "phone": phone},
            recorded_at="2026-04-12T09:00:00+08:00",
        )
        for phone in phones
    ]
    found = case(HIS, *rivals)
    assert any(one["value"] in phones for conflict in found["conflicts"] for one in conflict["values"])
    words = printed(found, HIS_ID)
    assert not [one for one in words if any(phone in one for phone in phones)]
    assert "数据冲突" not in "".join(words)


def test_the_limit_of_a_late_application_is_on_the_page_and_so_is_that_it_is_over() -> None:
    """What the department owes the late brother is as much a promise as what it owed his sister."""
    found = case(PAID, HIS)
    told = page(found, 4, HIS_ID)
    assert told["due"] == matter(found, 4)["applications"][1]["due"]
    assert told["overdue"] is False
    family = City().family
    for name in ("applicant", "12345"):
        reader = family.audience(name)
        assert reader is not None
        shown = progress_of(
            found, found["applications"][-1], reader, family, load_policy(), date(2027, 2, 25)
        )
        (fourth,) = (one for one in shown["matters"] if one["matter"] == 4)
        assert (fourth["state"], fourth["overdue"]) == ("APPLIED", True)
