"""The case's page: who acts next, with the proof beside it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from avro_schemas.typed_documents import AnnouncementDocument, CaseDocument, TaskDocument
from consumers.privacy.masking import masked_case
from exchange.console.pages.case import CaseSight, case_page, lane_of
from exchange.desk.actions.drawn import FormSubject
from exchange.desk.actions.table import FORMS
from exchange.desk.desk import Desk
from exchange.desk.drawing import menu_of
from exchange.desk.look import LookResult
from exchange.domain.access.may import WorkPlace
from tests.case_documents import (
    ESTABLISHED_AT,
    application,
    case_document,
    conflict,
    decision,
    matter,
    record,
    task_document,
)
from tests.cases import Given, applied, given, next_of, resulted
from tests.cases import document as document_of
from tests.console.pages.made_frames import CITY, TODAY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from tests.people import LI_XIULAN, WANG_JIANGUO
from topics.labels import Language

POLICE: WorkPlace = {"department": "police"}
DESK = cast(
    "Desk",
    SimpleNamespace(
        policy=CITY.policy, require=lambda asker, action, about: asker.require(action, about, CITY.access)
    ),
)
"""As much of a desk as says what somebody may do."""


def made_case(**more: Any) -> CaseDocument:
    """A case with a matter in every lane."""
    waits = [{"prerequisite": "provident_fund", "owed_by": ["provident_fund"], "since": ESTABLISHED_AT}]
    result = {
        "record_id": "result-1",
        "department": "human_resources",
        "recorded_at": ESTABLISHED_AT,
        "outcome": "COMPLETED",
        "reason": None,
        "amount_fen": 123450,
        "document_no": "社保〔2026〕1号",
        "to_correct": [],
        "answer": [],
        "application": None,
        "handler": "马晓燕",
    }
    matters = [
        matter(3, "police", "READY"),
        matter(4, "human_resources", "COMPLETED", results=[result]),
        matter(7, "medical_insurance", "APPLIED", materials=[]),
        matter(8, "provident_fund", "WAITING", waiting_for=waits),
        matter(10, "financial_regulation", "READY", instance="中国银行"),
        matter(10, "financial_regulation", "READY", instance="甘肃银行"),
    ]
    entries = [
        record("certificate-1", "death_certificate", "health"),
        record("result-1", "result", "human_resources"),
        record("cremation-1", "cremation", "civil_affairs", in_force=False, held=True),
        record("decision-1", "decision", "service_centre"),
    ]
    conflicts = [conflict("deceased.id_number", LI_XIULAN, WANG_JIANGUO, decisive=True)]
    known = {
        "matters": matters,
        "records": entries,
        "conflicts": conflicts,
        "decisions": [decision("MATTER_HELD", matter=2)],
    }
    return cast("CaseDocument", case_document(**(known | more)))


def sight(
    document: CaseDocument, *ways: tuple[str, FormSubject], tasks: tuple[Any, ...] = (), **more: Any
) -> CaseSight:
    """What somebody sees of it."""
    found = LookResult(
        masked_case(document, CITY.policy),
        cast("tuple[TaskDocument, ...]", tasks),
        cast("tuple[AnnouncementDocument, ...]", ()),
    )
    return CaseSight(found, ways, TODAY, **more)


def page(language: Language = "zh", role: str = "window_clerk", kept: WorkPlace | None = None) -> Element:
    document = made_case()
    shown = frame(role, kept, language)
    assert shown.visitor
    ways = [(kind.action, subject) for kind, subject in menu_of(DESK, shown.visitor.asker, document)]
    return read_page(case_page(shown, sight(document, *ways, tasks=(task_document(),))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_matter_says_who_is_waited_for_and_what_proves_it(language: Language) -> None:
    """Without opening anything."""
    shown = page(language)
    assert faults(shown) == []
    rows = {one["id"]: one for one in find(shown, "li", **{"class": "matter"})}
    assert set(rows) == {"m3", "m4", "m7", "m8", "m10", "m10-2"}
    assert find(rows["m3"], "a")[0]["href"] == "#r-certificate-1"
    assert CITY.policy.departments["provident_fund"].name_zh in rows["m8"].text or language == "en"
    assert "1,234.50" in rows["m4"].text


def test_numbers_are_masked_in_page_title_and_address() -> None:
    """Nobody reads a number over a shoulder, and none is in the history."""
    shown = page()
    html = case_page(frame(), sight(made_case()))
    assert LI_XIULAN not in html
    assert WANG_JIANGUO not in html
    assert "李秀兰" not in find(shown, "title")[0].text


def test_a_matter_lies_in_the_lane_of_who_acts_next() -> None:
    """Whoever opens the case sees first what is theirs."""
    document = made_case()
    ready, done, _, waiting, *_ = document["matters"]
    family: Any = {"acts": ["family"], "what": "apply"}
    sends: Any = {"acts": ["provident_fund"], "what": "send"}
    decides: Any = {"acts": ["police"], "what": "decide"}
    assert lane_of(ready, [family], "service_centre") == "family"
    assert lane_of(ready, [family, decides], "police") == "mine"
    assert lane_of(ready, [decides], "") == "departments"
    assert lane_of(waiting, [sends], "service_centre") == "data"
    assert lane_of(done, [], "human_resources") == "settled"
    assert lane_of({**done, "recovery": True}, [], "human_resources") == "departments"


def test_what_can_be_done_has_its_button_and_nothing_else_has() -> None:
    """The window takes applications and decides; a department accepts what was applied for."""
    window = {
        one["href"].rpartition("/")[2].partition("?")[0]
        for one in find(page(), "a")
        if "/forms/" in one["href"]
    }
    assert {"apply", "appoint", "enquire", "decide"} <= window
    assert not any(one.startswith(("accept", "result")) for one in window)
    medical = page(role="department_handler", kept={"department": "medical_insurance"})
    ways = [one["href"] for one in find(medical, "a") if "/forms/" in one["href"]]
    assert [one.rpartition("/")[2] for one in ways] == [
        "accept?matter=7",
        "result?matter=7",
        "return?matter=7",
    ], "what is usual comes first: Enter opens it"
    auditor = page(role="auditor")
    assert not [one for one in find(auditor, "a") if "/forms/" in one["href"]]


def test_the_window_finds_the_papers_of_an_application_again() -> None:
    """Nobody else prints them."""
    papers = [one for one in find(page(), "a") if one["href"].endswith("/receipt")]
    (known,) = made_case()["applications"]
    assert [one["href"].split("/")[-2] for one in papers] == [known["record_id"]]
    assert not [one for one in find(page(role="auditor"), "a") if one["href"].endswith("/receipt")]


def test_what_was_known_then_can_not_be_acted_on() -> None:
    """A past day has no buttons, and says that it is one."""
    way = "apply", FormSubject()
    shown = read_page(case_page(frame(), sight(made_case(), way, moment=ESTABLISHED_AT)))
    assert faults(shown) == []
    assert not [one for one in find(shown, "a") if "/forms/" in one["href"]]
    assert "截至" in shown.text


def test_a_case_in_full_is_a_whole_page_and_asks_for_no_reason_again() -> None:
    """The form to print asks for one still, and has the usual ones at hand."""
    shown = read_page(case_page(frame(), sight(made_case(), unmasked=True)))
    assert faults(shown) == []
    assert not find(shown, "input", id="reason")
    assert find(shown, "input", id="form-reason", list="reasons")


def test_the_number_that_was_asked_for_has_the_focus() -> None:
    """Masked it has none."""
    for unmasked in (True, False):
        shown = read_page(case_page(frame(), sight(made_case(), unmasked=unmasked)))
        focused = [one.text for one in find(shown, "p") if "data-focus" in one.attributes]
        assert len(focused) == unmasked


def test_the_window_prints_a_lost_receipt_anew_and_nobody_else_does() -> None:
    """One for each application; of a past day none."""
    document = made_case(applications=[application(), application() | {"record_id": "a2"}])
    now, then = sight(document), sight(document, moment=ESTABLISHED_AT)
    for shown, seen, expected in ((frame(), now, 2), (frame(), then, 0), (frame("auditor"), now, 0)):
        found = read_page(case_page(shown, seen))
        assert faults(found) == []
        ways = {one.attributes.get("action", "") for one in find(found, "form")}
        assert sum(one.endswith("/receipt") for one in ways) == expected


def test_a_department_acknowledges_what_it_was_told_and_no_other_does() -> None:
    """By name, for whoever signed for it."""
    task = task_document()
    police = frame("department_handler", POLICE)
    for shown, expected in (
        (police, 1),
        (frame(), 0),
        (frame("department_handler", {"department": "health"}), 0),
    ):
        found = read_page(case_page(shown, sight(made_case(), tasks=(task,))))
        assert len(find(found, "input", name="announcement", value="announcement-1")) == expected
    done = read_page(case_page(police, sight(made_case(), tasks=(task | {"state": "DONE"},))))
    assert not find(done, "input", name="announcement")


def test_a_case_of_which_little_is_known_is_a_whole_page() -> None:
    """No name, no death, no matter: nothing fails, and nothing is made up."""
    form = {"deceased": {}, "applicant": {}, "accounts": {}}
    bare = made_case(
        form=form,
        records=[],
        matters=[],
        conflicts=[],
        decisions=[],
        applications=[],
        corroborated_by=[],
        death_established=False,
        established_at=None,
        forwards_to="f" * 32,
    )
    shown = read_page(case_page(frame(), sight(bare)))
    assert faults(shown) == []
    assert "姓名不详" in shown.text
    assert "死亡事实未成立" in shown.text


def test_whatever_can_be_done_in_a_case_has_a_name() -> None:
    """An action that a desk learns is a button here, in both languages."""
    menu = tuple((action, FormSubject(3)) for action in FORMS)
    page = read_page(case_page(frame(), sight(made_case(), *menu)))
    links = [one["href"] for one in find(page, "a") if "/forms/" in one["href"]]
    assert {one.split("/forms/")[1].partition("?")[0] for one in links} == set(FORMS)


def test_what_was_handed_in_is_not_wanting_where_nobody_has_applied() -> None:
    """And a proof that another paper gives is said to be given by it."""
    applied = {"record_id": "application-1", "state": "APPLIED", "due": None, "result": None}
    one = {"proof": None, "sha256": None, "original_sighted": False, "required": True}
    given = [{"kind": kind, "state": "supplied", **one} for kind in (1, 3, 8)]
    wanted = [{"kind": kind, "state": "missing", **one} for kind in (1, 7)]
    own = matter(9, "justice", "APPLIED", materials=given, applications=[applied])
    others = [matter(8, "provident_fund", "WAITING", materials=wanted)]
    page = read_page(case_page(frame(), sight(made_case(matters=[own, *others]))))
    (papers,) = find(page, "ul", **{"class": "mats"})
    lines = {"".join(line.text.split()) for line in find(papers, "li")}
    assert {"1申请人居民身份证已提供", "8亲属关系证明已提供由居民户口簿证明"} <= lines
    assert "7具有法律效力的继承受遗赠文件尚缺用于事项8" in lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_window_sees_what_was_agreed_with_the_family(language: Language) -> None:
    """The latest first, and which are over; where there is none, no empty part of the page."""
    at = datetime(2026, 4, 1, 1, 30, tzinfo=UTC)
    one = {
        "record_id": "appointment-1",
        "recorded_at": ESTABLISHED_AT,
        "scheduled_at": at,
        "place": "综合受理3号窗口",
        "channel": "HOME_VISIT",
        "application": None,
        "applicant_name": "王建国",
        "handler": "张敏",
    }
    earlier = {**one, "record_id": "appointment-0", "scheduled_at": at - timedelta(days=9)}
    shown = frame(language=language)
    document = made_case(appointments=[earlier, one])
    told = read_page(case_page(shown, sight(document)))
    assert faults(told) == []
    (part,) = find(told, "section", **{"aria-labelledby": "appointments"})
    next_one, over = find(part, "li")
    assert all(text in next_one.text for text in ("综合受理3号窗口", "王建国", "09:30"))
    word = {"zh": "已过", "en": "over"}[language]
    assert (word in next_one.text, word in over.text) == (False, True)
    assert not find(page(language), "section", **{"aria-labelledby": "appointments"})


def events(*records: Given) -> dict[str, Element]:
    """Id of a record → what the page says of it among what came about."""
    found = read_page(case_page(frame(), sight(cast("CaseDocument", document_of(*records)))))
    return {one["id"]: one for one in find(found, "li") if one.attributes.get("id", "").startswith("r-")}


def test_an_acceptance_is_settled_once_a_result_has_come() -> None:
    """It looks as open as a mistake no longer; one that was withdrawn does."""
    before = (given("death_certificate"), applied(7))
    accepted = resulted(7, "ACCEPTED", recorded_at="2026-03-21T09:00:00+08:00")
    ended = resulted(7, "COMPLETED", recorded_at="2026-03-22T09:00:00+08:00")
    id = f"r-{accepted[1]['record_id']}"
    open_still = events(*before, accepted)[id]
    assert "后续结果" not in open_still.text
    settled = events(*before, accepted, ended)[id]
    assert "已受理 后续结果：已办结" in settled.text.replace("；", " ")
    assert "不再有效" not in settled.text
    assert "stop" not in settled.attributes["class"]
    withdrawn = events(*before, accepted, next_of(accepted, "REVOKED", "back"))[id]
    assert "stop" in withdrawn.attributes["class"]
