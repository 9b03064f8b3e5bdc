"""Forms that are sent: of which actions there are any."""

from typing import Final

from exchange.desk.actions.table import FORMS
from tests.cells import each_cell
from tests.console.pages.visits import Visits, visitor

CASE: Final = "0" * 32
NOT_DRAWN: Final = frozenset({"acknowledge"})
"""What is announced is acknowledged by its own id: what a browser makes up of it is none."""


@each_cell("action", [*FORMS, "nothing"])
def test_a_form_that_is_not_drawn_is_not_taken_either(action: str) -> None:
    """By whoever may act so; of all others a page says what hinders it."""
    there_is = action in FORMS.keys() - NOT_DRAWN
    drawn = {"record_id": "x", "recorded_at": "2026-03-02T00:00:00+08:00", "version": ""}
    for role in ("department_handler", "window_clerk"):
        asker = visitor(role)
        made_up = {**drawn, "subject.department": "police", "subject.announcement": "a"}
        statuses = {
            Visits().open(asker, f"/cases/{CASE}/forms/{action}").status_code,
            Visits().send(asker, f"/cases/{CASE}/forms/{action}", made_up).status_code,
        }
        assert {one == 404 for one in statuses} == {not there_is}, (role, statuses)
