"""Somebody at the console of a running exchange, in Chromium."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyotp

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_addresses
from tests.waiting import PATIENCE_S, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


class AtTheConsole:
    """A browser in which somebody has signed in; every page that was opened is asked of axe."""

    def __init__(self, browser: "Browser", settings: Settings, shown: Mapping[str, str], **more: Any) -> None:
        url = read_addresses(Home(settings.home))["console"]
        self.browser: BrowserContext = browser.new_context(base_url=url, **more)
        self.browser.set_default_timeout(PATIENCE_S * 1000)
        self.said: list[str] = []
        self.page = self.tab()
        wait_for("the console to know the account", lambda: self._comes_in(shown), every_s=1.0)
        self.said.clear()  # Chromium says each time that they were not let in yet

    def tab(self) -> "Page":
        """Open one more tab."""
        page = self.browser.new_page()
        page.on("console", lambda line: self.said.append(line.text))
        page.on("pageerror", lambda fault: self.said.append(str(fault)))
        return page

    def _comes_in(self, shown: Mapping[str, str]) -> bool:
        self.page.goto("/sign-in")
        self.page.fill("#name", shown["name"])
        self.page.fill("#password", shown["password"])
        self.page.fill("#code", pyotp.TOTP(shown["totp"]).now() if "totp" in shown else "")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return not self.page.url.endswith("/sign-in")

    def find(self, text: str) -> None:
        """Scan, or type and press Enter: nothing is clicked."""
        self.page.wait_for_load_state()  # a browser gives the focus when it likes: asked once, it may be nowhere
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
