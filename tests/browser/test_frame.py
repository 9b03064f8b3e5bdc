"""What stands around every page, in Chromium."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.office import SIZES, signed_in
from tests.console.pages.visits import Visits, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


pytestmark = pytest.mark.process
ROOM_LEFT: Final = """() => {
  const box = document.getElementById("find"), style = getComputedStyle(box);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  return box.clientWidth - padding - pen.measureText(box.placeholder).width;
}"""


@pytest.mark.parametrize("letters", ["normal", "large"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_hint_of_the_search_box_is_read_whole_on_a_telephone(
    chromium: "Browser", letters: str, language: str
) -> None:
    """In large type, too."""
    display = f"{language}.light.{letters}.keys"
    asker = visitor("department_handler", "civil_affairs")
    with signed_in(chromium, Visits(), asker, viewport=SIZES["telephone"], display=display) as page:
        page.goto("/supplement")
        page.wait_for_selector("#find")
        assert page.evaluate(ROOM_LEFT) >= 0
