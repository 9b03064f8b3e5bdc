"""Somebody at the console of a running exchange, in Chromium."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pyotp

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_addresses
from tests.browser.office import violations
from tests.waiting import PATIENCE_S, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

_REFUSED: Final = "Failed to load resource: the server responded with a status of 4"

COUNTED: Final = """
addEventListener("click", one => { if (one.isTrusted && one.detail) { counted("clicks"); } }, true);
addEventListener("keydown", one => {
  const types = /^(INPUT|SELECT|TEXTAREA)$/.test(one.target.tagName) && !one.ctrlKey;
  if (!types && one.key !== "Control") { counted("keys"); }
}, true);
"""
"""Counts as the browser has them: clicks, and keys beside those that type a value into its field."""


class AtTheConsole:
    """A browser in which somebody has signed in, with an account or with the code on a receipt.

    Attributes:
        said: what pages said on the browser's console.
        asked: the addresses that were asked for.
        counts: clicks, and keys beside values.
    """

    def __init__(self, browser: "Browser", settings: Settings, shown: Mapping[str, str], **more: Any) -> None:
        url = read_addresses(Home(settings.home))["console"]
        self.browser: BrowserContext = browser.new_context(base_url=url, **more)
        self.browser.set_default_timeout(PATIENCE_S * 1000)
        self.said, self.asked, self.counts = list[str](), list[str](), Counter[str]()
        self.browser.on("request", lambda request: self.asked.append(request.url))
        self.browser.expose_binding("counted", lambda _, what: self.counts.update([what]))
        self.browser.add_init_script(COUNTED)
        self.page = self.tab()
        wait_for("the console to know the account", lambda: self._comes_in(shown), every_s=1.0)
        self.said.clear()  # Chromium says each time that they were not let in yet

    def tab(self) -> "Page":
        """Open one more tab."""
        page = self.browser.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.said.append(str(fault)))
        return page

    def _hear(self, line: "ConsoleMessage") -> None:
        """Keep what a browser says, but that a page was refused: the page says so itself."""
        if not line.text.startswith(_REFUSED) or "/static/" in line.location["url"]:
            self.said.append(line.text)

    def _comes_in(self, shown: Mapping[str, str]) -> bool:
        self.page.goto("/sign-in")
        code = {"code": pyotp.TOTP(shown["totp"]).now()} if "totp" in shown else {}
        for field in shown.keys() - {"totp"} | code.keys():
            self.page.fill(f"#{field}", {**shown, **code}[field])
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return "/sign-in" not in self.page.url

    def find(self, text: str) -> None:
        """Scan, or type and press Enter: nothing is clicked."""
        self.page.wait_for_load_state()  # a browser gives the focus when it likes
        if not self.page.query_selector("#find[autofocus]"):
            self.page.keyboard.press("/")
        self.page.wait_for_selector("#find:focus")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile("/cases/"))

    def send(self) -> None:
        """Send the form of the page by its key, as soon as the page's script hears keys."""
        self.page.wait_for_selector("form[data-main]")
        self.page.wait_for_load_state()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_selector("form[data-main]", state="detached")

    def looks(self) -> None:
        """See that the page is one that everybody can use."""
        self.page.wait_for_load_state()
        assert violations(self.page) == []

    def accept_and_complete(self, matter: int, so_far: Callable[[str], None], **values: str) -> None:
        """Accept the first matter of the case that is open, and complete it, by keys alone.

        Args:
            matter: its number.
            so_far: returns when the matter is in this state.
            values: what is typed when it is completed.
        """
        page = self.page
        page.wait_for_load_state()
        page.keyboard.press("j")
        for action, state, here in (
            ("accept", "ACCEPTED", f"#m{matter}"),
            ("result", "COMPLETED", "a[href*='/forms/result']"),
        ):
            page.wait_for_selector(f"{here}:focus")
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(f"/forms/{action}"))
            self.looks()
            if action == "result":
                page.wait_for_selector("#f-outcome:focus")
                page.keyboard.press("ArrowDown")  # past the question, to what is usual
                for field, value in values.items():
                    page.fill(f"#f-{field}", value)
            self.send()
            so_far(state)
            self.looks()
