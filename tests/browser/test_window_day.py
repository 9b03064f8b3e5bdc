"""A window's day in the browser: from a card on its reader to a signature for the result, counted."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from exchange.desk.desk import Desk, open_desk
from exchange.runtime.settings import Settings, load_settings
from tests.browser.person import AtTheConsole
from tests.cases import given
from tests.journeys.desk_door import account
from tests.journeys.live import Live
from tests.journeys.test_death_at_home import text_of
from tests.journeys.test_desk_actions import case_of
from tests.paper_files import pdf
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.process
NUMBER: Final = id_number(QINZHOU, date(1936, 4, 9), 741)
NAME: Final = "欧阳兰英"
APPLICANT: Final = "欧阳小川"
CARD: Final = id_number(QINZHOU, date(1966, 7, 3), 517)
LACKING, DOCUMENT_NO = "户口簿缺第二页", "天司〔2026〕741号"
NOTARY, EQUITY = 9, 12
Comes = Callable[[dict[str, str]], AtTheConsole]


@pytest.fixture(scope="module")
def desk(stack: Settings) -> Iterator[Desk]:
    """What the exchange knows, as a desk reads it."""
    with open_desk(load_settings(stack.home)) as opened:
        yield opened


@pytest.fixture(scope="module")
def comes(chromium: "Browser", stack: Settings) -> Iterator[Comes]:
    """Lets somebody sign in; at the end no page had anything to complain of, and no address a number."""
    with ExitStack() as ends:
        came: list[AtTheConsole] = []

        def let_in(shown: dict[str, str]) -> AtTheConsole:
            came.append(AtTheConsole(chromium, stack, shown))
            ends.callback(came[-1].browser.close)
            return came[-1]

        yield let_in
        assert [line for one in came for line in one.said] == []
        assert not [url for one in came for url in one.asked if NUMBER in url or CARD in url]


@pytest.fixture(scope="module")
def clerk(comes: Comes, stack: Settings) -> AtTheConsole:
    """Somebody at the window of the county."""
    return comes(account(stack, "window_clerk", county=QINZHOU))


def ticked(page: "Page", name: str) -> list[str]:
    """The values of the boxes of this name that are ticked."""
    found: list[str] = page.eval_on_selector_all(
        f"[name='{name}']:checked", "all => all.map(one => one.value)"
    )
    return found


def is_so(desk: Desk, state: str) -> None:
    """Return when the notary's matter is in this state."""
    wait_for(f"that it is {state}", lambda: stands(desk) == state, seen=lambda: stands(desk))


def stands(desk: Desk) -> str:
    """How the notary's matter stands."""
    return next(one["state"] for one in case_of(desk, NUMBER)["matters"] if one["matter"] == NOTARY)


def takes_an_application(clerk: AtTheConsole) -> str:
    """Found by a scan; what data told is there; the code on the receipt."""
    page = clerk.page
    clerk.find(NUMBER)
    clerk.looks()
    assert clerk.counts == {}, "a case is found by a scan alone"
    page.click("a[href*='/forms/apply']")
    page.wait_for_selector("#card-applicant:focus")
    clerk.looks()
    assert NAME in page.inner_text(".head")
    assert not page.query_selector("[name='text.name'], [name='text.id_number']")
    assert ticked(page, "several.matters") == [str(NOTARY), str(EQUITY)]

    page.keyboard.type(f"姓名 {APPLICANT} 公民身份号码 {CARD}")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-applicant-relation:focus")
    assert page.input_value("#f-applicant-name") == APPLICANT
    assert page.input_value("#f-applicant-id_number") == CARD
    page.keyboard.type("子女")
    with page.expect_file_chooser() as chosen:
        page.click("[name='file.3']")
    chosen.value.set_files({"name": "register.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    page.click("[data-send]")
    page.wait_for_selector(".big-code")
    clerk.looks()
    assert clerk.counts == {"clicks": 3}
    receipt = page.inner_text("article")
    assert [one for one in ("收件凭证", APPLICANT, NAME, "居民户口簿") if one not in receipt] == []
    assert CARD not in receipt
    return page.inner_text(".big-code")


def examines(clerk: AtTheConsole, to_correct: str) -> None:
    """The 初审, after which the papers for the family are there."""
    page = clerk.page
    page.click("a:text-is('回到办件')")
    page.click("a[href*='/forms/examine']")
    page.wait_for_selector("#f-to_correct")
    clerk.looks()
    page.fill("#f-to_correct", to_correct)
    if not to_correct:
        for box in page.query_selector_all("[name='several.materials'], [name='several.originals_sighted']"):
            box.check()
    clerk.send()
    page.wait_for_url(re.compile("/receipt$"))
    clerk.looks()


def hands_out(clerk: AtTheConsole, case_id: str) -> None:
    """How it goes out and to whom is there already; who receives it signs."""
    page = clerk.page
    page.goto("/handovers")
    clerk.looks()
    page.click(f"a[href*='/cases/{case_id}/']")
    page.wait_for_selector("form[data-main]")
    clerk.looks()
    assert page.input_value("#f-recipient_name") == APPLICANT
    assert page.input_value("#f-delivery") == "WINDOW"
    assert len(ticked(page, "several.results")) == 1
    clerk.send()
    page.wait_for_url(re.compile("/handovers/"))
    clerk.looks()
    sheet = page.inner_text("article")
    assert [one for one in ("结果领取签收单", DOCUMENT_NO, APPLICANT, "领取人签字") if one not in sheet] == []
    assert "window_clerk" not in sheet, "an account names nobody to the family"


def test_a_family_is_served_from_the_card_to_the_signature(
    stack: Settings, desk: Desk, clerk: AtTheConsole, comes: Comes
) -> None:
    """Nothing is typed that the exchange knows; the family reads at the end that it is done."""
    own = {"label": NUMBER, "id_number": NUMBER, "name": NAME, "county": "秦州区"}
    live = Live(stack)
    known = ("death_certificate", "cremation", "hukou_cancellation")
    much = given("bank_deposit", **own, balance_fen=6_000_000)  # too much to be paid out without a notary
    assert {*live.publish(much, *(given(one, **own) for one in known))} == {"ACCEPTED"}
    live.until_visible()
    code = takes_an_application(clerk)

    examines(clerk, LACKING)
    assert LACKING in clerk.page.inner_text("#h-notice >> xpath=..")
    address = clerk.page.get_attribute("a[href$='/notice.pdf']", "href")
    assert address
    paper = text_of(clerk.browser.request.get(address).body())
    assert [one for one in ("一次性告知书", LACKING, APPLICANT) if one not in paper] == []
    examines(clerk, "")
    assert not clerk.page.query_selector("#h-notice")
    is_so(desk, "APPLIED")

    handler = comes(account(stack, "department_handler", department="justice"))
    handler.find(NUMBER)
    handler.looks()
    handler.accept_and_complete(NOTARY, partial(is_so, desk), document_no=DOCUMENT_NO)
    assert handler.counts == {"keys": 5}

    hands_out(clerk, desk.case_ids.of_key(NUMBER))
    family = comes({"receipt-code": code})
    family.page.wait_for_url(re.compile("/family$"))
    family.page.wait_for_selector(f"text={DOCUMENT_NO}")
    family.looks()
    assert NUMBER not in family.page.content()
