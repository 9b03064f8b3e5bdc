"""Every screen by every role, found by the pages' own links, and what of each is not as it should be."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tools.pictures.deeds import DEEDS
from tools.pictures.seen import ViewedAs, look, out_of_box, rows, sideways, unfold, violations
from tools.pictures.visitors import Visitors

if TYPE_CHECKING:
    from playwright.sync_api import Page

LANGUAGES: Final = ("zh", "en")
LOOKS: Final = (
    *(ViewedAs(*one) for one in product(LANGUAGES, ("light", "dark"), ("desktop", "wide", "phone"))),
    *(ViewedAs(one, "light", "zoomed") for one in LANGUAGES),
    *(ViewedAs(one, "dark", "phone", "large") for one in LANGUAGES),
)
AGAIN: Final = (LOOKS[0], LOOKS[-1])
"""How a screen is looked at that another role had."""
SHOTS: Final = tuple(ViewedAs("zh", "light", size) for size in ("wide", "desktop", "phone"))
_CASE: Final = "/cases/*"
_CASES_READ: Final = 8
"""So many are read for their links: they offer what fits how they stand; of any other kind, one page."""
_NAMED: Final = re.compile(r"^(\d+|(?=.*\d)[\w-]{12,})$")


@dataclass
class Screen:
    """A screen, and what was found; each fault with the look in which it was seen."""

    role: str
    kind: str
    rows: int = 0
    faults: list[str] = field(default_factory=list)


def kind_of(address: str) -> str:
    """Return which screen an address leads to: its path, with a star for what names one case or matter."""
    return "/".join("*" if _NAMED.match(part) else part for part in urlsplit(address).path.split("/"))


def walk(visitors: Visitors, shots: Path | None, say: Callable[[str], None]) -> list[Screen]:
    """Return all screens, those behind a form included, as each role has them.

    Args:
        visitors: one of each role.
        shots: where to put a picture of each screen in three widths, to be looked at; None: nowhere.
        say: told each screen when it is done.
    """
    found: list[Screen] = []
    for role in visitors.roles:
        page = visitors.page_of(role)
        for kind in _screens(page):
            known = kind in {one.kind for one in found}
            found.append(_seen(page, Screen(role, kind), AGAIN if known else LOOKS, None if known else shots))
            say(f"{role} {kind}: {found[-1].rows}")
    for (role, kind), deed in DEEDS.items():
        found.append(_seen(deed(visitors), Screen(role, kind), LOOKS, shots))
        say(f"{role} {kind}: {found[-1].rows}")
    return found


def _screens(page: "Page") -> Iterator[str]:
    """Go to each screen that links lead to, and yield which it is while the page stands there."""
    waiting, read, shown = ["/"], Counter[str](), set[str]()
    while waiting:
        page.goto(waiting.pop(0))
        if (kind := kind_of(page.url)) not in shown:
            shown.add(kind)
            yield kind
            page.goto(page.url)
        waiting += _new_links(page, read)


def _new_links(page: "Page", read: Counter[str]) -> Iterator[str]:
    links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    for address in dict.fromkeys(str(one).partition("#")[0] for one in links):
        kind = kind_of(address)
        most = _CASES_READ if kind == _CASE else 1
        if address.startswith(("http:", "https:")) and not kind.endswith(".pdf") and read[kind] < most:
            read[kind] += 1
            yield address


def _seen(page: "Page", screen: Screen, looks: Iterable[ViewedAs], shots: Path | None) -> Screen:
    for how in looks:
        look(page, how)
        unfold(page)
        screen.rows = rows(page)
        wide = sideways(page)
        told = [*violations(page), *out_of_box(page), *([f"scrolls {wide} px sideways"] if wide else [])]
        screen.faults += [f"{' '.join(how)}: {one}" for one in told]
    if page.query_selector("main .empty"):
        screen.faults.append("empty")
    for how in SHOTS if shots else ():
        look(page, how)
        name = f"{re.sub('[^a-z]+', '-', f'{screen.role} {screen.kind}')}-{how.size}.png"
        page.screenshot(path=shots / name, full_page=True)  # type: ignore[operator]
    return screen
