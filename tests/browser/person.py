"""Somebody at the console of a running exchange, in Chromium."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pyotp

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_addresses
from tests.waiting import PATIENCE_S, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

_REFUSED: Final = "Failed to load resource: the server responded with a status of 4"


class AtTheConsole:
    """A browser in which somebody has signed in; every page that was opened is asked of axe."""

    def __init__(self, browser: "Browser", settings: Settings, shown: Mapping[str, str], **more: Any) -> None:
        url = read_addresses(Home(settings.home))["console"]
        self.browser: BrowserContext = browser.new_context(base_url=url, **more)
        self.browser.set_default_timeout(PATIENCE_S * 1000)
        self.said: list[str] = []
        self.page = self.tab()
        wait_for("the console to know the account", lambda: self._comes_in(shown), every_s=1.0)

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
        one_time = pyotp.TOTP(shown["totp"]).now() if "totp" in shown else ""
        with_account = {"name": shown.get("name"), "password": shown.get("password"), "code": one_time}
        for field, value in ({"receipt-code": shown["code"]} if "code" in shown else with_account).items():
            self.page.fill(f"#{field}", value or "")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return "/sign-in" not in self.page.url

    def find(self, text: str) -> None:
        """Scan, or type and press Enter: nothing is clicked."""
        if self.page.evaluate("document.activeElement.id") != "find":
            self.page.keyboard.press("/")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile("/cases/"))
