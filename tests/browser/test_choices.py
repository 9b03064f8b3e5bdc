"""What people decide, sign for and may see, in the browser and without a mouse."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import pytest

from consumers.labels.access import ACTIONS
from exchange.desk.desk import Desk, open_desk
from exchange.domain.policy import load_policy
from exchange.runtime.settings import Settings, load_settings
from producers.publisher import Publisher
from tests.browser.hands import follow, send, tab_to
from tests.browser.office import violations
from tests.browser.person import AtTheConsole
from tests.journeys.desk_door import account
from tests.journeys.log_tools import read_all
from tests.journeys.test_desk_actions import APPLICANT, NAME, case_of, died, new_person
from tests.people import id_number
from tests.waiting import wait_for
from topics.catalogue import load_catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.process
SignIn = Callable[..., AtTheConsole]
SISTER: Final = {"name": "赵小红", "id_number": id_number(sequence=76), "relation": "子女"}
WAY_OUT: Final = load_policy().ways_out["another_applicant"].zh
REASON: Final = "核对养老金领取人"
FROM_HERE: Final = {"Sec-Fetch-Site": "same-origin"}
FORM: Final = "form[data-main]"
SENT: Final = "[aria-describedby='told']:focus"
"""The way on from what became of a form has the focus, and says with it what that is."""
REFUSED: Final = ".sheet--alone h1:focus"


@pytest.fixture(scope="module")
def desk(stack: Settings) -> Iterator[Desk]:
    """What the exchange knows, as a desk reads it."""
    with open_desk(load_settings(stack.home)) as opened:
        yield opened


@pytest.fixture(scope="module")
def signed_in(chromium: "Browser", stack: Settings) -> Iterator[SignIn]:
    """Signs somebody in, once for the module."""
    people: dict[tuple[str, str, int], AtTheConsole] = {}

    def sign_in(role: str, department: str = "", which: int = 1) -> AtTheConsole:
        key = (role, department, which)
        place = {"department": department} if department else {}
        if key not in people:
            people[key] = AtTheConsole(chromium, stack, account(stack, role, **place))
        return people[key]

    yield sign_in
    for one in people.values():
        assert one.said == []
        one.browser.close()


def publish(desk: Desk, number: str, kind: str, **fields: Any) -> str:
    """Publish a record about somebody; its id."""
    record = {"record_id": str(uuid4()), "recorded_at": datetime.now(UTC).isoformat(), "name": NAME}
    with Publisher(desk.settings) as publisher:
        (outcome,) = publisher.publish([{"type": kind, "record": {**record, "id_number": number, **fields}}])
    assert outcome.status == "ACCEPTED", outcome
    return record["record_id"]


def opens(page: "Page", path: str, where: str) -> bool:
    """Open a page, and say whether it has something."""
    page.goto(path)
    return page.query_selector(where) is not None


def ask_in_full(page: "Page") -> None:
    """Open what asks why somebody wants numbers in full."""
    tab_to(page, ".unmask summary")
    page.keyboard.press("Enter")
    tab_to(page, "#reason")


def code_of(clerk: AtTheConsole, case_id: str, application: str) -> str:
    """Print the receipt of an application anew; the code on it."""
    path = f"/cases/{case_id}/applications/{application}/receipt"
    receipt = clerk.browser.request.post(path, headers=FROM_HERE)
    (code,) = re.findall(r"big-code\">([0-9A-Z-]+)<", receipt.text())
    return str(code)


def test_a_conflict_is_decided_by_keys_and_says_who_did(desk: Desk, signed_in: SignIn) -> None:
    """Values side by side, and what each choice frees; nothing is published before one is chosen, and why."""
    clerk, number = signed_in("window_clerk"), new_person()
    died(desk, number)
    day = {"declared_death_date": "2026-03-05", "judgment_no": "民特1号"}
    declared = publish(desk, number, "death_declaration", **day)
    wait_for("the conflict", lambda: case_of(desk, number)["conflicts"])
    clerk.page.goto("/find")
    clerk.find(number)
    page = clerk.page
    follow(page, "a[href*='/ruling']", FORM)
    assert violations(page) == []
    rivals = page.locator(".rival").all_inner_texts()
    assert len(rivals) == 2
    assert all("户口注销" in one for one in rivals), rivals
    send(page, ".errors:focus")
    tab_to(page, "[name='one.in_favour_of']")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(f"[value='{declared}']:checked:focus")
    send(page, ".errors:focus")
    tab_to(page, "[name='text.reason']")
    page.keyboard.type("法院判决确定的日期")
    page.wait_for_selector(f"[value='{declared}']:checked")
    send(page, SENT)
    assert violations(page) == []
    wait_for("the decision", lambda: not case_of(desk, number)["conflicts"])
    page.keyboard.press("Enter")
    page.wait_for_selector("#events")
    assert "2026-03-05" in page.inner_text(".case-grid")
    decided = page.locator(".line li", has_text="法院判决确定的日期").inner_text()
    assert page.inner_text(".who b") in decided
    assert not page.query_selector(".compare")
    assert violations(page) == []


def test_of_two_applicants_one_is_chosen_and_the_other_is_told(
    desk: Desk, chromium: "Browser", stack: Settings, signed_in: SignIn
) -> None:
    """Both stand on the page of the choice; who was not chosen reads it on the own page, and no name."""
    clerk, number = signed_in("window_clerk"), new_person()
    case_id = died(desk, number)
    hers = publish(desk, number, "application", applicant=SISTER, matters=[4])
    wait_for("that both want it", lambda: case_of(desk, number)["conflicts"])
    his = next(one["record_id"] for one in case_of(desk, number)["applications"] if one["record_id"] != hers)
    clerk.page.goto("/find")
    clerk.find(number)
    page = clerk.page
    follow(page, "a[href*='/ruling']", FORM)
    assert violations(page) == []
    names = page.locator(".rival .value").all_inner_texts()
    assert names == [APPLICANT["name"], SISTER["name"]]
    tab_to(page, "[name='one.in_favour_of']")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(f"[value='{hers}']:checked:focus")
    tab_to(page, "[name='text.reason']")
    page.keyboard.type("公证遗嘱")
    send(page, SENT)
    wait_for("the choice", lambda: not case_of(desk, number)["conflicts"])
    page.goto(f"/cases/{case_id}")
    follow(page, f"a[href*='/applications/{his}/receipt']", "h1#told:focus")
    assert violations(page) == []
    follow(page, f"[action*='/applications/{his}/receipt'] button", ".big-code")
    assert violations(page) == []
    code = page.inner_text(".big-code")
    for shown, told in ((code, True), (code_of(clerk, case_id, hers), False)):
        family = AtTheConsole(chromium, stack, {"receipt-code": shown})
        heard = family.page.inner_text("main")
        assert (WAY_OUT in heard) == told
        assert not any(one["name"] in heard for one in (APPLICANT, SISTER))
        assert violations(family.page) == []
        family.browser.close()


def test_a_recall_is_signed_for_by_name(desk: Desk, signed_in: SignIn) -> None:
    """By the department that had been told; of another's it sees nothing, nor does who was told nothing."""
    number = new_person()
    case_id = died(desk, number)
    (certificate,) = (
        one["record_id"] for one in case_of(desk, number)["records"] if one["type"] == "death_certificate"
    )
    death = {"death_time": "2026-03-01T08:00:00+08:00", "death_cause": "脑出血"}
    publish(desk, number, "death_certificate", action="REVOKED", revision=2, supersedes=certificate, **death)
    recall = f"article.recall:has(a[href*='{case_id}'])"
    handler = signed_in("department_handler", "human_resources")
    page = handler.page
    wait_for("the recall", lambda: opens(page, "/recalls", recall), every_s=0.5)
    assert violations(page) == []
    other = signed_in("department_handler", "provident_fund").page
    assert not opens(other, "/recalls", recall)
    assert opens(other, "/recalls", "h1")
    assert violations(other) == []
    follow(page, f"{recall} button", "[role=status]:focus")
    name = page.inner_text(".who b")
    assert name in page.inner_text("[role=status]")
    assert not page.query_selector(recall)
    assert violations(page) == []
    topic = load_catalogue().record_topic("acknowledgement", "human_resources").name
    signed = [one for _, _, one in read_all(desk.settings, [topic]) if one["id_number"] == number]
    assert signed
    assert {one["handler"] for one in signed} == {name}


def test_of_two_with_one_form_the_second_is_told_and_keeps_what_she_typed(
    desk: Desk, signed_in: SignIn
) -> None:
    """By whom and when the case was changed; sent again, hers goes through."""
    number = new_person()
    case_id = died(desk, number)
    first, second = (signed_in("department_handler", "human_resources", which) for which in (1, 2))
    for one, text in ((first, "缺申请表"), (second, "缺银行卡复印件")):
        one.page.goto(f"/cases/{case_id}")
        follow(one.page, "#m4 a[href*='/return']", FORM)
        tab_to(one.page, "[name='texts.to_correct']")
        one.page.keyboard.type(text)
    send(first.page, SENT)
    send(second.page, ".errors:focus")
    assert first.page.inner_text(".who b") in second.page.inner_text(".errors")
    assert second.page.input_value("[name='texts.to_correct']") == "缺银行卡复印件"
    assert violations(second.page) == []
    send(second.page, SENT)
    wait_for("hers", lambda: "缺银行卡复印件" in str(case_of(desk, number)["matters"]))


def test_a_number_is_shown_in_full_for_a_reason_that_an_auditor_reads(desk: Desk, signed_in: SignIn) -> None:
    """Nobody is shown it without one; who may not be shown it has no button, and gains nothing by hand."""
    number = new_person()
    case_id = died(desk, number)
    handler, auditor = signed_in("department_handler", "human_resources"), signed_in("auditor")
    page = handler.page
    page.goto(f"/cases/{case_id}")
    assert number not in page.content()
    ask_in_full(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#reason:invalid:focus")
    page.keyboard.type(" ")
    page.keyboard.press("Enter")
    page.wait_for_selector(REFUSED)
    assert number not in page.content()
    assert violations(page) == []
    follow(page, "main .btn--go", ".unmask")
    ask_in_full(page)
    assert violations(page) == []
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    page.wait_for_selector("p.id:focus")
    assert violations(page) == []
    assert page.inner_text("p.id") == number
    looks = f"/cases/{case_id}/looks"
    wait_for("the access record", lambda: opens(auditor.page, looks, "tr.in-full"), every_s=0.5)
    told = auditor.page.inner_text("tr.in-full")
    assert all(one in told for one in (page.inner_text(".who b"), ACTIONS["unmask"].zh, REASON))
    assert violations(auditor.page) == []
    assert not opens(auditor.page, f"/cases/{case_id}", ".unmask")
    for somebody, status in ((auditor, 403), (handler, 200)):
        address = f"/cases/{case_id}/unmasked"
        sent = somebody.browser.request.post(address, form={"reason": REASON}, headers=FROM_HERE)
        assert (sent.status, number in sent.text()) == (status, status == 200)


def test_what_is_not_ones_own_is_refused_with_why_and_what_to_do(desk: Desk, signed_in: SignIn) -> None:
    """What is one's own opens; the way on from a refusal leads to a page that does, too."""
    case_id = died(desk, new_person())
    case = f"/cases/{case_id}"
    for role, department, own, other, status in (
        ("window_clerk", "", case, f"{case}/looks", 403),
        ("department_handler", "human_resources", case, "/handovers", 403),
        ("department_handler", "provident_fund", "/queue", case, 404),
        ("auditor", "", f"{case}/looks", "/recalls", 403),
    ):
        page = signed_in(role, department).page
        opened, refused = page.goto(own), page.goto(other)
        assert opened
        assert refused
        assert (opened.status, refused.status) == (200, status)
        page.wait_for_selector(REFUSED)
        why, steps = page.inner_text(".lead"), page.locator("ol.steps li").all_inner_texts()
        assert all(re.search("[\u4e00-\u9fff]{6}", one) for one in (why, *steps)), (why, steps)
        assert steps
        assert NAME not in page.content()
        assert violations(page) == []
        tab_to(page, "main .btn--go")
        with page.expect_navigation() as going:
            page.keyboard.press("Enter")
        assert going.value.status == 200
