"""What a family and the hotline hear of the window's work: examined, to put right, mailed, asked."""

from typing import Any

import pytest

from tests.cases import Given, applied, examined, given, handed_over, resulted
from tests.consumers.family.test_progress import of, page, view
from tests.people import LI_XIULAN, id_number

DEATH = given("death_certificate")
ASKED = applied(9, channel="WINDOW", delivery="MAIL", materials=[{"kind": 3}])
DONE = resulted(9, document_no="天司〔2026〕7号")
SISTER = applied(9, label="sister", applicant={"name": "王小红", "id_number": id_number(sequence=82)})
ENQUIRY = given("enquiry", text=f"{LI_XIULAN} 何时办结？", reply="十日内。", closed_at="2026-03-23")


def test_the_page_says_when_the_application_was_found_in_order() -> None:
    """已初审."""
    shown = view(DEATH, ASKED, examined(ASKED))
    assert shown["examined_at"] is not None
    assert "您的申请已于2026年3月20日通过初审" in page(shown)
    assert "found in order on 2026-03-20" in page(shown, "en")
    assert "初审" not in page(view(DEATH, ASKED))


def test_the_page_says_what_has_to_be_put_right() -> None:
    """请补正, in the window's own words, long numbers masked."""
    shown = view(DEATH, ASKED, examined(ASKED, "户口簿缺第二页", f"核对 {LI_XIULAN}"))
    found = of(shown, 9)
    assert (found["situation"], shown["examined_at"]) == ("bring", None)
    assert "需补正：户口簿缺第二页" in page(shown)
    assert LI_XIULAN not in page(shown)
    assert of(view(DEATH, ASKED, examined(ASKED, "缺页"), audience="12345"), 9)["reason"] is None


def test_one_applicant_does_not_hear_what_another_has_to_put_right() -> None:
    """The brother's papers are no affair of hers."""
    records = (DEATH, ASKED, SISTER, examined(ASKED, "缺页"))
    assert of(view(*records, own=0), 9)["state"] == "APPLIED"
    assert "缺页" not in page(view(*records, own=1))


@pytest.mark.parametrize(
    ("handover", "said"),
    [
        (handed_over(DONE, postal_no="1234567890123"), "办理结果已于2026年4月2日寄出，邮件单号1234567890123"),
        (handed_over(DONE), "办理结果已于2026年4月2日在窗口发放"),
    ],
    ids=["mailed", "handed out"],
)
def test_the_page_says_where_the_result_is(handover: Given, said: str) -> None:
    """已寄出 with its number, or handed out at the counter."""
    shown = page(view(DEATH, ASKED, DONE, handover))
    assert said in shown.replace("；", "，")


def test_the_hotline_hears_that_it_was_mailed_and_not_by_which_number() -> None:
    """The number of a mail is the applicant's."""
    found: dict[str, Any] = of(
        view(DEATH, ASKED, DONE, handed_over(DONE, postal_no="1234567890123"), audience="12345"), 9
    )
    assert (found["handed_over"]["delivery"], found["handed_over"]["postal_no"]) == ("MAIL", None)


def test_only_the_hotline_sees_enquiries() -> None:
    """What somebody asked is for the window and 12345."""
    (asked,) = view(DEATH, ENQUIRY, audience="12345")["enquiries"]
    assert asked["text"].endswith("何时办结？")
    assert LI_XIULAN not in asked["text"]
    assert "答复：十日内。" in page(view(DEATH, ENQUIRY, audience="12345"))
    assert view(DEATH, ENQUIRY)["enquiries"] == []
