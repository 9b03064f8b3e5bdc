"""A page led by keys alone: where the focus goes, and that it is seen there."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

_STEPS: Final = 150
"""More than any page has places for the focus."""
_AT: Final = "where => document.activeElement.matches(where)"
_SEEN: Final = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
}"""


def tab_to(page: "Page", where: str) -> None:
    """Press Tab until the focus is on something; it has to be seen there."""
    page.wait_for_load_state()
    for _ in range(_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(_AT, where):
            assert page.evaluate(_SEEN), f"the focus is not seen on {where}"
            return
    raise AssertionError(f"no Tab leads to {where}")


def follow(page: "Page", where: str, to: str) -> None:
    """Go to a link or a button by Tab, press Enter, and wait for what comes then."""
    tab_to(page, where)
    page.keyboard.press("Enter")
    page.wait_for_selector(to)


def send(page: "Page", to: str) -> None:
    """Send the form of the page by keys, once its script hears them, and wait for what comes then."""
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(to)
