"""What the desk refuses on a page is told on a page, whatever the API answers."""

import re
from collections import Counter
from itertools import product
from unittest.mock import Mock

import psycopg
import pytest

from consumers.labels.access import ROLES
from consumers.printed_form.application_choice import NoSuchApplicationError
from consumers.uploads.reading import NotTheirsError
from exchange.console.pages import queue
from exchange.console.pages.problem import ACTIONS, refused_lines
from exchange.desk.asker import NotAllowedError
from exchange.desk.case_document import NoSuchCaseError
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError
from exchange.desk.people_shown import TooManyPeopleError
from exchange.domain.policy_files.gateway import Rate
from exchange.runtime.errors import ExchangeError, RegistryAwayError
from exchange.runtime.uploads.store import FileGoneError
from exchange.serving.holder_limits import HolderLimits
from tests.cells import each_cell
from tests.console.made_console import MadeConsole
from tests.console.pages.made_frames import frame
from tests.console.pages.read_page import faults, find, read_page
from tests.console.pages.visits import CITY, Visits, visitor
from topics.labels import Language


@each_cell(
    ("refusal", "status"),
    [
        (NoSuchApplicationError("无\n  none"), 404),
        (NoSuchCaseError("无\n  none"), 404),
        (NotTheirsError("无\n  none"), 404),
        (FileGoneError("无\n  none"), 410),
        (NotAllowedError("无\n  none"), 403),
        (TooManyPeopleError("无\n  none"), 429),
        (NothingToDoError("无\n  none"), 409),
        (SubjectUnclearError("reply", ()), 409),
        (psycopg.DataError("of a person"), 400),
        (RegistryAwayError("无\n  none"), 503),
        (ExchangeError("无\n  none"), 503),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_page_says_calmly_what_was_refused(
    monkeypatch: pytest.MonkeyPatch, refusal: Exception, status: int
) -> None:
    """With a next step, as a page; a fault of the database's never says what was sent."""
    monkeypatch.setattr(queue, "claim", Mock(side_effect=refusal))
    told = Visits().send(visitor("department_handler"), "/queue/hands", {"claim": f"{'0' * 32}:3"})
    assert told.status_code == status
    assert told.headers["content-type"].startswith("text/html")
    assert faults(read_page(told.text)) == []
    assert "of a person" not in told.text


def test_an_account_without_pages_is_led_to_the_guide_and_others_to_theirs() -> None:
    """A portal works over the interface: its way must not lead back to where it stands."""
    page = read_page(Visits().open(visitor("portal"), "/").text)
    assert faults(page) == []
    (onward,) = (one for one in find(page, "a") if "btn--go" in one.attributes.get("class", ""))
    assert onward["href"] == "/guide"
    assert Visits().open(visitor("window_clerk"), "/").status_code == 303


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_may_not_reads_in_plain_words_what_and_who_may(language: Language) -> None:
    """Every role × every action: no code of the access table, and never the visitor where they may not."""
    table, told = CITY.access, Counter[str]()
    for role, action in product(table.roles, [one for line in table.actions for one in line]):
        what, who = refused_lines(frame(role, language=language), action, table)
        assert ACTIONS[action].first(language) in what
        assert "_" not in what + who
        allowed = action in table.roles[role].may
        assert (ROLES[role].first(language) in what) is not allowed
        told["elsewhere" if allowed else "not theirs"] += 1
    assert min(told.values()) > 50


def test_the_page_says_who_may_and_what_to_do() -> None:
    """Refused by the role; and by the department, where the role alone would do."""
    leader = read_page(Visits().open(visitor("leader"), "/supplement").text)
    assert faults(leader) == []
    assert "您的身份是“领导”，不能办理“系统补录”。" in leader.text
    assert "可以办理的是：经办人、银行经办人、县区经办人。" in leader.text
    assert "请联系本单位负责人" in leader.text
    assert not {"leader", "supplement", "access.yaml"} & {*re.findall(r"[a-z.]+", leader.text)}
    handler = Visits().open(visitor("department_handler", "health"), "/supplement/cremation")
    assert handler.status_code == 403
    assert "您可以办理“系统补录”，但这一件不在您的单位" in handler.text


def test_whoever_comes_back_to_what_was_sent_finds_the_case() -> None:
    """Going back, or changing the language, asks for an address that only takes what is sent."""
    case = f"/cases/{'0' * 32}"
    for sent in ("unmasked", "acknowledged"):
        found = Visits().open(visitor("window_clerk"), f"{case}/{sent}")
        assert (found.status_code, found.headers["location"]) == (303, case)


def test_whoever_asks_too_often_is_shown_a_page_that_says_when_to_come_again() -> None:
    """The first is shown."""
    made = MadeConsole(limits=HolderLimits(Rate(at_once=1, per_second=1), 8, 6))
    cookie = {"Cookie": f"session={made.known.begin(visitor('operator'))}"}
    first, second = (made.asked("GET", "/", headers=cookie) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 429)
    assert second.headers["retry-after"] == "1"
    assert faults(read_page(second.text)) == []
