"""A handler's day in the browser: found, accepted and completed by keys; what comes meanwhile is told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from exchange.desk.desk import Desk, open_desk
from exchange.runtime.settings import Settings, load_settings
from tests.browser.office import violations
from tests.browser.person import AtTheConsole
from tests.journeys.desk_door import account
from tests.journeys.test_desk_actions import case_of, died, new_person
from tests.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.process
TABS = 10


@pytest.fixture(scope="module")
def desk(stack: Settings) -> Iterator[Desk]:
    """What the exchange knows, as a desk reads it."""
    with open_desk(load_settings(stack.home)) as opened:
        yield opened


@pytest.fixture
def handler(chromium: "Browser", stack: Settings) -> Iterator[AtTheConsole]:
    """Somebody of human resources."""
    somebody = AtTheConsole(
        chromium, stack, account(stack, "department_handler", department="human_resources")
    )
    yield somebody
    assert somebody.said == []
    somebody.browser.close()


def state_of(desk: Desk, number: str, matter: int) -> str:
    """How a matter stands."""
    return next(one["state"] for one in case_of(desk, number)["matters"] if one["matter"] == matter)


def test_a_case_is_found_accepted_and_completed_by_keys_alone(desk: Desk, handler: AtTheConsole) -> None:
    """Found without a click; nothing is typed but how it ended."""
    number = new_person()
    died(desk, number)
    wait_for("that it is APPLIED", lambda: state_of(desk, number, 4) == "APPLIED")
    handler.find(number)
    page = handler.page
    assert number not in page.content()
    handler.looks()
    handler.accept_and_complete(
        4, lambda state: wait_for(f"that it is {state}", lambda: state_of(desk, number, 4) == state)
    )
    assert handler.counts == {"keys": 5}
    assert not [one for one in handler.asked if number in one]


def test_what_comes_is_told_in_every_tab_and_shown_when_asked_for(desk: Desk, handler: AtTheConsole) -> None:
    """Ten tabs have one stream; no row moves before N is pressed."""
    tabs = [handler.page, *(handler.tab() for _ in range(TABS - 1))]
    asking: set[Page] = set()
    handler.browser.on("request", lambda one: asking.add(one.frame.page) if "/events" in one.url else None)
    for tab in tabs:
        tab.goto("/queue")
    before = handler.page.inner_text("table.queue") if handler.page.query_selector("table.queue") else ""
    number = new_person()
    died(desk, number)
    for tab in tabs:
        tab.wait_for_selector("[data-news] a:not([hidden])")
    assert len(asking) == 1
    case_id = desk.case_ids.of_key(number)
    wait_for("the matter in the read model", lambda: state_of(desk, number, 4) == "APPLIED")
    now = handler.page.inner_text("table.queue") if handler.page.query_selector("table.queue") else ""
    assert now == before
    handler.page.bring_to_front()
    handler.page.keyboard.press("n")
    handler.page.wait_for_selector(f"a[href*='/cases/{case_id}']")
    assert violations(handler.page) == []
