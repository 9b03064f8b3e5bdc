"""The queue's page: what there is to do, by how soon, and whose it is."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from consumers.read_model.queue_reader import EVERY_STATE, IN_HAND, RECALLED, QueueCounts
from exchange.console.pages.queue import QueueFilter, grouped, queue_page, queue_rows
from exchange.desk.queue import QueueLine
from exchange.domain.accounts import Account
from tests.console.pages.made_frames import TODAY, frame
from tests.console.pages.read_page import Element, faults, find, read_page
from topics.labels import Language

CASE = "5d41402abc4b2a76b9719d911017c592"


def line(matter: int = 4, **more: Any) -> QueueLine:
    """A matter in a queue."""
    known: dict[str, Any] = {
        "case_id": CASE,
        "name": "郭占林",
        "matter": matter,
        "instance": None,
        "department": "human_resources",
        "county": "麦积区",
        "state": "ACCEPTED",
        "since": datetime(2026, 3, 20, tzinfo=UTC),
        "due": date(2026, 4, 15),
        "working_days_left": 10,
        "assignee": None,
        "channel": "WINDOW",
        "owed": (),
    }
    return QueueLine(**(known | more))


LINES = [
    line(4, due=date(2026, 3, 30), working_days_left=-1, assignee="zhoumin"),
    line(5, due=TODAY, working_days_left=0, assignee="madong", owed=("ACKNOWLEDGE",)),
    line(6, due=date(2026, 4, 2), working_days_left=2),
    line(7, working_days_left=None, department="medical_insurance"),
    line(8, due=None, working_days_left=5, name=None),
    line(10, due=None, working_days_left=None, instance="中国银行", state="READY"),
]
HANDLER = Account("madong", "department_handler", {}, "", None, datetime.now(UTC), display_name="马东")
ROWS = [*queue_rows(LINES, "zhoumin", {"madong": HANDLER}.get)]
COUNTS = QueueCounts({"ACCEPTED": 5, "READY": 1}, due_today=1, late=1)


def page(language: Language = "zh", **more: Any) -> Element:
    asked = more.pop("asked", QueueFilter())
    shown = frame(language=language, **more)
    return read_page(queue_page(shown, asked, ROWS, COUNTS, COUNTS, "next-page", 7))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_says_what_of_whom_until_when_and_in_whose_hands(language: Language) -> None:
    """So that nobody has to open a case to know whether it is theirs to do."""
    shown = page(language)
    assert faults(shown) == []
    rows = [one for one in find(shown, "tr") if "data-row" in one.attributes]
    assert len(rows) == len(LINES)
    assert find(rows[0], "button")[0]["name"] == "release"
    assert find(rows[1], "button") == []
    assert "马东" in rows[1].text
    assert "madong" not in rows[1].text
    assert find(rows[2], "button")[0]["name"] == "claim"
    assert {"zh": "超期1个工作日", "en": "working days over: 1"}[language] in rows[0].text


def test_rows_stand_in_groups_by_how_soon_they_are_due() -> None:
    """In the order of the queue: nothing is sorted anew."""
    kinds = [group.kind for group in grouped(ROWS)]
    assert kinds == ["over", "today", "soon", "later", "paused", "untimed"]


def test_neither_address_nor_title_names_anybody() -> None:
    """They stay in the browser's history."""
    shown = page()
    told = [find(shown, "title")[0].text, *(one["href"] for one in find(shown, "a"))]
    assert not any("郭占林" in one or re.search(r"\d{17}", one) for one in told)


def test_filters_stand_in_the_address_and_come_back_as_chosen() -> None:
    """A queue can be kept as a bookmark, and the next page has the same filter."""
    asked = QueueFilter(state="APPLIED", due="today", held="mine", county="秦州区")
    shown = page(asked=asked)
    chosen = [one["value"] for one in find(shown, "option") if "selected" in one.attributes]
    assert {"APPLIED", "today", "mine", "秦州区"} <= set(chosen)
    (more,) = [one["href"] for one in find(shown, "a") if "next-page" in one["href"]]
    assert "state=APPLIED" in more
    assert "held=mine" in more


def test_a_filter_is_a_query_of_the_desk() -> None:
    """What is not offered is left open, and never refused: it may be an old bookmark."""
    query = QueueFilter(state="WHAT", due="whenever", held="whoever").query("zhoumin", TODAY)
    assert (query.states, query.due_by, query.assignee, query.unassigned) == (IN_HAND, None, None, False)
    assert QueueFilter(due="late").query("zhoumin", TODAY).due_by == date(2026, 3, 30)
    recalled = QueueFilter(due="recalled").query("zhoumin", TODAY)
    assert (recalled.owing, recalled.states) == (RECALLED, EVERY_STATE), "as the workbench counts them"
    assert QueueFilter(held="mine").query("zhoumin", TODAY).assignee == "zhoumin"
    assert QueueFilter(held="nobody").query("zhoumin", TODAY).unassigned


def test_a_department_is_not_asked_which_department() -> None:
    """It sees its own alone; who sees all of them chooses."""
    assert not find(
        page(role="department_handler", kept_within={"department": "human_resources"}),
        "select",
        name="department",
    )
    assert find(page(), "select", name="department")


def test_where_nothing_is_to_be_done_that_is_said() -> None:
    """An empty table would look like a fault."""
    shown = read_page(queue_page(frame(), QueueFilter(), [], *[QueueCounts({}, 0, 0)] * 2, "", 7))
    assert faults(shown) == []
    assert not find(shown, "table")
    assert "没有待办" in shown.text
