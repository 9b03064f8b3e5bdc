"""What operators and auditors read, in Chromium: both languages and themes, on a desktop and a telephone."""

from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from exchange.console.pages import case_showing
from tests.browser.office import SIZES, sideways, signed_in, violations
from tests.console.pages.made_operations import visits_to
from tests.console.pages.test_looks import CASE, LOOKS
from tests.console.pages.visits import visitor
from tests.desk.made_accounts import OPERATOR, START, Office

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.process
PATHS = ("/parts", "/quarantine?standing=all", "/accounts", "/credentials")


@pytest.mark.parametrize(("size", "display"), [("desktop", "zh.light"), ("telephone", "en.dark")])
def test_axe_has_nothing_to_say(
    chromium: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str, display: str
) -> None:
    """Nor does any page scroll sideways; tables stand in cards on a telephone."""
    office = Office(tmp_path)
    visits = visits_to(office, monkeypatch)
    monkeypatch.setattr(case_showing, "looks", Mock(return_value=LOOKS))
    office.desk.create("wang", "county", {"department": "civil_affairs", "county": "620502"}, OPERATOR, START)
    for role, paths in (("operator", PATHS), ("auditor", (f"/cases/{CASE}/looks",))):
        asked = {"viewport": SIZES[size], "display": f"{display}.normal.keys"}
        with signed_in(chromium, visits, visitor(role), **asked) as page:
            for path in paths:
                page.goto(path)
                assert page.query_selector("table"), path
                assert violations(page) == [], path
                assert sideways(page) == 0, path
