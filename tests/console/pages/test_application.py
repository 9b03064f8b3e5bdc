"""The application as one page: what is ready is ticked, what is known is not asked, a card is not retyped."""

from dataclasses import replace
from typing import Any, cast

import pytest

from exchange.console.pages.application.card import read_card, with_cards
from exchange.console.pages.application.receipt import receipt_page
from exchange.console.pages.application.sheet import ApplicationSheetView, application_page
from exchange.console.pages.application.taking import with_files
from exchange.console.pages.forms import FormSheetView, WrongField, answers_in
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import FORMS
from exchange.desk.application_receipts import ApplicationReceipt
from exchange.desk.case_document import empty_case
from exchange.desk.drawing import form_of
from tests.case_documents import ESTABLISHED_AT, NO_PAPER, application, case_document, matter
from tests.cells import each_cell
from tests.console.pages.made_frames import CITY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from tests.people import LI_XIULAN, WANG_JIANGUO
from topics.labels import Language, Words

SITE = "http://127.0.0.1:8113"
CASE = "5d41402abc4b2a76b9719d911017c592"
APPLIED = {"record_id": "application-1", "state": "APPLIED", "due": None, "result": None}


def paper(kind: int, state: str, *, sighted: bool = False) -> dict[str, Any]:
    """How a material of a matter stands."""
    return {"kind": kind, "state": state, "proof": None, **NO_PAPER, "original_sighted": sighted}


def made_case(**more: Any) -> Any:
    """A case in which some matters are ready, one is decided and one waits."""
    papers = [paper(1, "missing"), paper(2, "original_to_sight"), paper(4, "verified_by_data")]
    return case_document(
        case_id=CASE,
        conflicts=[],
        matters=[
            matter(3, "police", "READY", materials=[*papers, paper(3, "missing")]),
            matter(6, "human_resources", "READY", materials=[*papers, paper(6, "missing")]),
            matter(8, "provident_fund", "WAITING", materials=papers),
            matter(11, "police", "COMPLETED", materials=papers),
            matter(10, "financial_regulation", "READY", instance="甘肃银行", materials=papers),
            matter(10, "financial_regulation", "WAITING", instance="兰州银行", materials=papers),
        ],
        **more,
    )


def sheet(document: Any, posted: Any = None, **more: Any) -> ApplicationSheetView:
    """An application that is being taken."""
    form = form_of(FORMS["apply"], document, FormSubject(), CITY.policy, "record-1", ESTABLISHED_AT)
    wrong = more.pop("wrong", ())
    return ApplicationSheetView(FormSheetView(form, posted or {}, wrong), document, **more)


def ticked(page: Element, name: str) -> list[str]:
    """The values of the boxes that are ticked."""
    return [one["value"] for one in find(page, "input", name=name) if "checked" in one.attributes]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_ready_is_ticked_and_what_is_known_is_not_asked(language: Language) -> None:
    """The clerk unticks what the family leaves; a bank's matter is ready if it is at any bank."""
    page = read_page(application_page(frame(language=language), sheet(made_case())))
    assert faults(page) == []
    assert ticked(page, "several.matters") == ["3", "6", "10"]
    offered = [one["value"] for one in find(page, "input", name="several.matters")]
    assert "11" not in offered, "what is decided is not asked for again"
    assert len(offered) == len(set(offered)) == 11
    assert not find(page, "input", name="text.id_number")
    assert not find(page, "input", id="card-deceased")
    assert "李秀兰" in page.text


def test_each_material_stands_there_once_with_the_matters_that_want_it() -> None:
    """It is taken once; of what data proves only the original may be wanted."""
    page = read_page(application_page(frame(), sheet(made_case())))
    rows = [one for one in find(page, "tr") if find(one, "th", scope="row")]
    names = [find(one, "th")[0].text for one in rows]
    assert len(names) == len(set(names)) == 9
    boxes = [(len(find(one, "input", name="several.materials")), one) for one in rows]
    assert [number for number, _ in boxes][:4] == [1, 0, 1, 0], "① missing, ② to sight, ③ missing, ④ proven"
    assert find(boxes[1][1], "input", name="several.originals_sighted")
    assert "2、3" in find(boxes[1][1], "label")[0].text


def test_what_somebody_unticked_stays_so() -> None:
    """A page that comes back ticks nothing by itself."""
    posted = {"record_id": ["record-0"], "text.applicant.name": ["王建国"]}
    wrong = (
        WrongField("applicant.id_number", Words("请填写", "missing")),
        WrongField("matters", Words("无", "")),
    )
    page = read_page(application_page(frame(), sheet(made_case(), posted, wrong=wrong)))
    assert faults(page) == []
    assert ticked(page, "several.matters") == []
    assert find(page, "input", name="text.applicant.name")[0]["value"] == "王建国"
    targets = [one["href"] for one in find(find(page, "div", **{"class": "errors"})[0], "a")]
    assert targets == ["#f-applicant-id_number", "#f-matters"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_somebody_unknown_the_card_is_asked_for(language: Language) -> None:
    """The first word about a death may be an application: one at home."""
    posted = {"text.id_number": [LI_XIULAN]}
    page = read_page(application_page(frame(language=language), sheet(empty_case(CASE), posted)))
    assert faults(page) == []
    assert find(page, "input", id="card-deceased")[0]["name"] == "card.deceased"
    assert "autofocus" in find(page, "input", id="card-deceased")[0].attributes
    assert find(page, "input", name="text.id_number")[0]["value"] == LI_XIULAN
    assert ticked(page, "several.matters") == []
    assert not find(page, "a", href=f"/console/cases/{CASE}"), "there is no case to go back to"


def test_enter_reads_a_card_and_never_sends() -> None:
    """A reader ends with Enter, which presses the first button of a form."""
    page = read_page(application_page(frame(), sheet(made_case())))
    (form,) = [one for one in find(page, "form") if "data-main" in one.attributes]
    buttons = find(form, "button")
    assert buttons[0]["value"] == "card"
    assert [one for one in buttons if "data-send" in one.attributes] == [buttons[-1]]
    assert "name" not in buttons[-1].attributes


@each_cell(
    ("text", "name"),
    [
        (f"王建国{WANG_JIANGUO}", "王建国"),
        (f"王建国 {WANG_JIANGUO}", "王建国"),
        (f"姓名：王建国 公民身份号码：{WANG_JIANGUO}", "王建国"),
        (f"{WANG_JIANGUO},王建国", "王建国"),
        (f"ANNA MARIA ROSSI|{WANG_JIANGUO}", "ANNA MARIA ROSSI"),
        (WANG_JIANGUO, ""),
    ],
    ids=str,
)
def test_a_card_is_read_whatever_stands_around_name_and_number(text: str, name: str) -> None:
    """Readers differ in what they type between them."""
    card = read_card(text)
    assert card is not None
    assert (card.name, card.number, card.sex) == (name, WANG_JIANGUO, "男")


@each_cell("text", ["", "王建国", "6205021951", f"{WANG_JIANGUO}1", f"x{WANG_JIANGUO}"])
def test_what_is_no_card_fills_nothing(text: str) -> None:
    """It is said at the field, and all else stays as it was."""
    assert read_card(text) is None
    posted, unread = with_cards({"card.applicant": [text], "text.applicant.phone": ["1"]})
    assert posted == {"text.applicant.phone": ["1"]}
    assert unread == (("applicant",) if text else ())


def test_a_card_fills_in_the_fields_and_stands_in_none() -> None:
    """What was typed by hand before is the card's now; the other card waits."""
    posted, unread = with_cards(
        {"card.applicant": [f"王建国{WANG_JIANGUO}"], "text.applicant.name": ["王"], "card.deceased": [""]}
    )
    assert unread == ()
    assert posted == {
        "text.applicant.name": ["王建国"],
        "text.applicant.id_number": [WANG_JIANGUO],
        "text.applicant.sex": ["男"],
    }
    again = read_page(application_page(frame(), sheet(made_case(), posted)))
    assert "autofocus" in find(again, "input", id="f-applicant-relation")[0].attributes
    unreadable = sheet(made_case(), unread=("applicant",))
    told = read_page(application_page(frame(), unreadable))
    assert faults(told) == []
    assert "没有读到" in told.text


def test_a_file_stands_beside_the_kind_of_material_that_it_is() -> None:
    """What is ticked without a file is handed in on paper; a file ticks its kind."""
    answers, _ = answers_in({"several.materials": ["1", "3"]})
    papers = with_files(answers, {3: "ab", 7: "cd"})["materials"]
    assert papers == ["1", {"kind": 3, "sha256": "ab"}, {"kind": 7, "sha256": "cd"}]
    assert with_files(answers, {}) == {"materials": ["1", "3"]}
    page = read_page(application_page(frame(), sheet(made_case(), taken={3: "ab"})))
    assert find(page, "input", name="taken.3")[0]["value"] == "ab"
    assert "已上传" in page.text


def receipt(*, told: bool, examinations: Any = ()) -> ApplicationReceipt:
    """A receipt; ``told``: with a notice."""
    applied = {
        "applications": [APPLIED],
        "materials": [paper(1, "supplied", sighted=True), paper(3, "missing")],
    }
    case = made_case(examinations=list(examinations))
    case["matters"] = [
        matter(3, "police", "APPLIED", **applied),
        matter(8, "provident_fund", "WAITING"),
        matter(10, "financial_regulation", "APPLIED", instance="甘肃银行", **applied),
    ]
    owed = {"kind": 3, "name": {"zh": "居民户口簿", "en": "household register"}, "original": True}
    lacking = {
        "instance": None,
        "name": {"zh": "", "en": ""},
        "department": {"zh": "市公安局", "en": "Police"},
    }
    notice = {
        "case_id": CASE,
        "application": "application-1",
        "applied_at": ESTABLISHED_AT,
        "applicant": "王建国",
        "deceased": "李秀兰",
        "asked_at": ESTABLISHED_AT,
        "to_correct": ["补签承诺书"],
        "matters": [
            {**lacking, "matter": 3, "to_correct": ["补户口簿首页"], "materials": [owed]},
            {**lacking, "matter": 9, "to_correct": [], "materials": [owed]},
        ],
        "by": None,
        "where": {"zh": "综合受理窗口", "en": "the service counter"},
        "telephone": "0938-8212345",
        "issued_by": {"zh": "市政务服务中心", "en": "Service centre"},
        "handler": "张敏",
    }
    return ApplicationReceipt(
        case, cast(Any, application()), "ABCD-EFGH", cast(Any, notice) if told else None
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("told", [True, False])
def test_the_papers_say_what_was_taken_and_what_is_to_be_put_right(told: bool, language: Language) -> None:
    """A material that two matters want is asked for once; who is named by neither title nor address."""
    page = read_page(receipt_page(frame(language=language), receipt(told=told), SITE))
    assert faults(page) == []
    papers = find(page, "article")
    assert len(papers) == 1 + told
    assert "ABCD-EFGH" in papers[0].text
    assert f"{SITE}/console/sign-in" in papers[0].text
    assert "综合受理3号窗口" in papers[0].text
    assert "综窗03" not in papers[0].text, "an account names nobody to the family"
    assert len(find(find(papers[0], "tbody")[0], "tr")) == 2, "the matters applied for"
    assert "王建国" not in find(page, "title")[0].text
    if told:
        assert papers[1].text.count({"zh": "居民户口簿", "en": "household register"}[language]) == 1
        assert "补签承诺书" in papers[1].text
        assert "补户口簿首页" in papers[1].text
        assert "ABCD-EFGH" not in papers[1].text


@pytest.mark.parametrize("named", [True, False])
def test_the_receipt_says_which_matter_waits_for_its_bank(named: bool) -> None:
    """It was applied for, and goes to nobody until somebody names a bank."""
    given = receipt(told=False)
    if not named:
        given.case["matters"][2]["applications"] = []
    (paper,) = find(read_page(receipt_page(frame(), given, SITE)), "article")
    assert ("尚未写明哪家银行" in paper.text) is not named
    assert len(find(find(paper, "tbody")[0], "tr")) == 1 + named


def test_the_receipt_says_what_was_not_taken() -> None:
    """Of a proof that another paper gives, the family signs for that paper alone."""
    given = receipt(told=False)
    own = given.case["matters"][0]
    own["materials"] = cast(Any, [paper(3, "supplied"), paper(8, "supplied")])
    lines = [one.text for one in find(read_page(receipt_page(frame(), given, SITE)), "li")]
    assert "居民户口簿" in lines
    assert "亲属关系证明（未另收，由居民户口簿证明）" in lines
    own["materials"] = cast(Any, [paper(8, "supplied")])
    lines = [one.text for one in find(read_page(receipt_page(frame(), given, SITE)), "li")]
    assert "亲属关系证明" in lines


@pytest.mark.parametrize("told", [True, False])
def test_an_application_looked_at_again_has_no_second_code(told: bool) -> None:
    """Its receipt says where the code stands, and gives out another where that is lost."""
    page = read_page(receipt_page(frame(), replace(receipt(told=told), code=None), SITE))
    assert faults(page) == []
    assert "查询码已印在先前的收件凭证上" in page.text
    assert not find(page, "b", **{"class": "big-code"})
    at = f"/console/cases/{CASE}/applications/application-1"
    assert find(page, "form", action=f"{at}/receipt")
    assert len(find(page, "a", href=f"{at}/notice.pdf")) == told
    first = read_page(receipt_page(frame(), receipt(told=told), SITE))
    assert not find(first, "form", action=f"{at}/receipt")


def test_where_the_city_examines_first_it_is_asked_in_the_same_page() -> None:
    """And said, if that was not recorded: else no department hears of the application."""
    rule = CITY.policy.window_rule.model_copy(update={"examine_first": ("WINDOW",)})
    shown = frame(policy=replace(CITY.policy, window_rule=rule))
    assert find(read_page(application_page(shown, sheet(made_case()))), "textarea", name="texts.to_correct")
    assert not find(read_page(application_page(frame(), sheet(made_case()))), "textarea", id="to-correct")
    lacking = read_page(receipt_page(shown, receipt(told=False), SITE))
    address = f"/console/cases/{CASE}/forms/examine?application=application-1"
    assert find(lacking, "a", href=address)
    seen = [{"application": "application-1"}]
    assert not find(
        read_page(receipt_page(shown, receipt(told=False, examinations=seen), SITE)), "a", href=address
    )
