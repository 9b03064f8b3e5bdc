"""系统补录 in Chromium: by everybody, in both languages, on a desktop and on a telephone."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.office import SIZES, sideways, signed_in, violations
from tests.console.pages.test_supplement_visits import filled
from tests.console.pages.visits import Visits, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


pytestmark = pytest.mark.process


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_axe_has_nothing_to_say(chromium: "Browser", size: str, language: str, theme: str) -> None:
    """The list of types, an empty form with rows and parts, and one with everything wrong."""
    asker = visitor("department_handler", "human_resources")
    display = f"{language}.{theme}.normal.keys"
    with signed_in(chromium, Visits(), asker, viewport=SIZES[size], display=display) as page:
        page.goto("/supplement")
        assert violations(page) == []
        page.goto("/supplement/social_insurance")
        assert violations(page) == []
        page.fill("[name=id_number]", "1")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".errors:focus")
        assert page.input_value("[name=id_number]") == "1"
        assert violations(page) == []
        assert sideways(page) == 0, "it scrolls sideways"


def test_a_record_is_published_without_a_mouse(chromium: "Browser") -> None:
    """Typed, sent with Ctrl and Enter, and its receipt read."""
    visits = Visits()
    with signed_in(chromium, visits, visitor("department_handler", "civil_affairs")) as page:
        page.goto("/supplement/cremation")
        for name, value in filled().items():
            if name in {"name", "id_number", "cremation_place", "death_time", "cremation_time"}:
                page.fill(f"[name={name}]", value)
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("h1#sent")
        assert violations(page) == []
    assert len(visits.records.written) == 1
