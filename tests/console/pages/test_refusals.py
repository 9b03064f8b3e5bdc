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
from exchange.runtime.errors import ExchangeError, RegistryAwayError
from exchange.runtime.uploads.store import FileGoneError
from tests.cells import each_cell
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


def test_whoever_comes_back_to_what_was_sent_finds_the_case() -> None:
    """Going back, or changing the language, asks for an address that only takes what is sent."""
    case, application = f"/cases/{'0' * 32}", "6f2b6f0c-5d0e-4c5e-9a51-6f1d0f4f2c3a"
    for sent in ("unmasked", "acknowledged", f"applications/{application}/receipt"):
        found = Visits().open(visitor("window_clerk"), f"{case}/{sent}")
        assert (found.status_code, found.headers["location"]) == (303, case)
