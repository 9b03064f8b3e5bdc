"""What a program can see of a page: whether it shuts people out, is filled, and fits."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, ViewportSize

SIZES: "Final[dict[str, ViewportSize]]" = {
    "wide": {"width": 1920, "height": 1080},
    "desktop": {"width": 1366, "height": 900},
    "zoomed": {"width": 683, "height": 450},
    "phone": {"width": 390, "height": 844},
}
"""`zoomed` is the desktop at 200 %: half as many pixels of CSS."""
_ROWS: Final = "main :is(tbody tr, li, dt, .field):not(nav *)"
_OUT_OF_BOX: Final = Path(__file__).with_name("out_of_box.js").read_text("utf-8")


class ViewedAs(NamedTuple):
    """How somebody looks at a page."""

    language: str
    theme: str
    size: str
    text: str = "normal"

    def ask_for(self, context: "BrowserContext", url: str) -> None:
        """Have a console at an address show its pages so, from the next one on."""
        told = f"{self.language}.{self.theme}.{self.text}.keys"
        context.add_cookies([{"name": "display", "value": told, "url": url}])


def violations(page: "Page") -> list[str]:
    """What axe finds: rule, and where."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where there is a browser

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


def sideways(page: "Page") -> int:
    """How far a page scrolls to the side, in pixels."""
    document = "document.documentElement"
    return int(page.evaluate(f"{document}.scrollWidth - {document}.clientWidth"))


def out_of_box(page: "Page") -> list[str]:
    """What text stands out of the box that it is in, or is cut by it."""
    return [str(one) for one in page.evaluate(_OUT_OF_BOX)]


def rows(page: "Page") -> int:
    """How many rows of tables and lists, values and fields a page has, besides ways to others."""
    return page.locator(_ROWS).count()


def look(page: "Page", how: ViewedAs) -> None:
    """Have a page that stands there shown another way: it is asked for, or sent, once more."""
    # Of the root: a cookie of /cases/… would stand beside that of /, which would win.
    how.ask_for(page.context, urljoin(page.url, "/"))
    page.set_viewport_size(SIZES[how.size])
    page.reload()


def unfold(page: "Page") -> None:
    """Open what is folded, but for menus, which would cover the rest."""
    page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach(one => { one.open = true })")
