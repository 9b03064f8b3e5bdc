"""What somebody does to come to the screens behind a form; each leaves a page standing there."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tools.pictures.visitors import Visitors

if TYPE_CHECKING:
    from playwright.sync_api import Page

Deed = Callable[[Visitors], "Page"]
REASON: Final = "核对申请材料"
_NOBODY: Final = "查无此人"
_POSTAL_NO: Final = "1000000000000"
_APPLICANT: Final = {
    "name": "李国强",
    "id_number": "620503194704090535",
    "relation": "儿子",
    "phone": "13900000000",
}
"""Made up; the number is well-formed and belongs to nobody."""


def sent(page: "Page", button: str) -> "Page":
    """Press a button of a page that answers with another."""
    with page.expect_navigation():
        page.click(button)
    return page


def found_nobody(visitors: Visitors) -> "Page":
    """Look for a name that nobody has."""
    page = _at(visitors, "window_clerk", "/find")
    page.fill("#find", _NOBODY)
    with page.expect_navigation():
        page.press("#find", "Enter")
    return page


def workbench(visitors: Visitors) -> "Page":
    """Begin the day at the window."""
    return _at(visitors, "window_clerk", "/workbench")


def queue(visitors: Visitors) -> "Page":
    """See what a department has to do."""
    return _at(visitors, "department_handler", "/queue")


def parts(visitors: Visitors) -> "Page":
    """See how the exchange is."""
    return _at(visitors, "operator", "/parts")


def case(visitors: Visitors) -> "Page":
    """Open a case that has matters in several states, as the window sees it."""
    page = visitors.page_of("window_clerk")
    page.goto("/queue?state=READY")
    page.goto(_targets(page, "tbody [data-row] a")[0].partition("#")[0])
    return page


def in_full(visitors: Visitors) -> "Page":
    """Have numbers shown in full, for a reason."""
    page = case(visitors)
    page.click(".unmask > summary")
    page.fill("#reason", REASON)
    return sent(page, ".unmask [type=submit]")


def application(visitors: Visitors) -> "Page":
    """Begin an application for all that is ready."""
    page = case(visitors)
    sent(page, "a[href*='/forms/apply']")
    for name, value in _APPLICANT.items():
        page.fill(f"[name='text.applicant.{name}']", value)
    return page


def receipt(visitors: Visitors) -> "Page":
    """Take an application that lacks something: its receipt, and the notice of what is missing."""
    return sent(application(visitors), "[data-send]")


def ruling(visitors: Visitors) -> "Page":
    """Put values that disagree side by side."""
    page = visitors.page_of("window_clerk")
    page.goto("/workbench")
    for address in _targets(page, ".rows--owed a"):
        page.goto(address)
        if page.query_selector("a[href*='/ruling']"):
            return sent(page, "a[href*='/ruling']")
    raise LookupError("no case of the sample has values that disagree")


def handed_out(visitors: Visitors) -> "Page":
    """Hand out results: the sheet to sign."""
    page = visitors.page_of("window_clerk")
    page.goto("/handovers")
    sent(page, "main a[href*='/forms/hand_out']")
    page.fill("[name='text.postal_no']", _POSTAL_NO)
    return sent(page, "form[data-main] [type=submit]")


def family(visitors: Visitors) -> "Page":
    """Come as the family does, with the code on its receipt."""
    return visitors.family(receipt(visitors).inner_text(".big-code"))


def hotline(visitors: Visitors) -> "Page":
    """Tell a case id to the hotline."""
    known = re.search("/cases/([^/#?]+)", case(visitors).url)
    page = visitors.page_of("hotline")
    page.goto("/hotline")
    page.fill("#caller", known[1] if known else "")
    return sent(page, "form[data-main] [type=submit]")


def sign_in(visitors: Visitors) -> "Page":
    """Come to the console without having signed in."""
    page = visitors.nobody()
    page.goto("/sign-in")
    return page


DEEDS: Final[dict[tuple[str, str], Deed]] = {
    ("window_clerk", "nobody found"): found_nobody,
    ("window_clerk", "numbers in full"): in_full,
    ("window_clerk", "receipt and notice"): receipt,
    ("window_clerk", "signature sheet"): handed_out,
    ("hotline", "answer"): hotline,
    ("applicant", "own page"): family,
    ("nobody", "sign-in"): sign_in,
}
"""Role and screen → how to come there."""


def _at(visitors: Visitors, role: str, path: str) -> "Page":
    page = visitors.page_of(role)
    page.goto(path)
    return page


def _targets(page: "Page", links: str) -> list[str]:
    return [str(one) for one in page.eval_on_selector_all(links, "all => all.map(one => one.href)")]
