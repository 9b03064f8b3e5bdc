"""What the desk refuses on a page is told on a page, whatever the API answers."""

from unittest.mock import Mock

import psycopg
import pytest

from consumers.printed_form.application_choice import NoSuchApplicationError
from consumers.uploads.reading import NotTheirsError
from exchange.console.pages import queue
from exchange.desk.asker import NotAllowedError
from exchange.desk.case_document import NoSuchCaseError
from exchange.desk.drawing import NothingToDoError, SubjectUnclearError
from exchange.desk.people_shown import TooManyPeopleError
from exchange.domain.policy_files.gateway import Rate
from exchange.runtime.errors import ExchangeError, RegistryAwayError
from exchange.runtime.uploads.store import FileGoneError
from exchange.serving.limits import HolderLimits
from tests.cells import each_cell
from tests.console.made_console import MadeConsole
from tests.console.pages.read_page import faults, read_page
from tests.console.pages.visits import Visits, visitor


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


def test_whoever_asks_too_often_is_shown_a_page_that_says_when_to_come_again() -> None:
    """The first is shown."""
    made = MadeConsole(limits=HolderLimits(Rate(at_once=1, per_second=1), 8, 6))
    cookie = {"Cookie": f"session={made.known.begin(visitor('operator'))}"}
    first, second = (made.asked("GET", "/", headers=cookie) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 429)
    assert second.headers["retry-after"] == "1"
    assert faults(read_page(second.text)) == []
