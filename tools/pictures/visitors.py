"""Those who look at the console of a demo: one of each role, signed in, in the system's Chromium."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyotp

from exchange.command.demo.logins import DemoLogin, open_logins
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.stack.state import read_addresses
from tools.pictures.seen import SIZES, ViewedAs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_PROGRAMS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""As Debian, Ubuntu and Google call it; the shell, which has no window, costs half as much."""
NONE: Final = "NO BROWSER: install Chromium (Debian: apt-get install chromium), or name it by CHROMIUM=PATH"
FIRST: Final = ViewedAs("zh", "light", "desktop")
_PATIENCE_MS: Final = 60_000
_TIMES_ASKED: Final = 60


def find_chromium() -> str | None:
    """Return where the system's Chromium is; None: there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _PROGRAMS)), None)


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Chromium without a window.

    Raises:
        ExchangeError: there is none.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a checkout without a browser has the rest

    if (path := find_chromium()) is None:
        raise ExchangeError(NONE, "")
    with sync_playwright() as playwright:
        # A container's root has no sandbox; it opens nothing but our own pages.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Visitors:
    """One of each role at the console of a home, each in a browser of its own.

    Args:
        browser: Chromium.
        home: of an exchange that runs and holds made-up people alone.
        department: where those work who work for one.
    """

    def __init__(self, browser: "Browser", home: Path, department: str) -> None:
        place = Home(home)
        self.console = read_addresses(place)["console"]
        self._browser = browser
        self._logins = {one.role: one for one in open_logins(place, department)}
        self._pages: dict[str, Page] = {}

    @property
    def roles(self) -> list[str]:
        """Return the roles that have accounts."""
        return list(self._logins)

    def page_of(self, role: str) -> "Page":
        """Return the page of somebody of a role, who signs in at the first time."""
        if role not in self._pages:
            self._pages[role] = self.nobody()
            self._sign_in(self._pages[role], self._logins[role])
        return self._pages[role]

    def family(self, code: str) -> "Page":
        """Return the page of whoever came with the code on a receipt."""
        page = self.nobody()
        page.goto("/sign-in")
        page.fill("#receipt-code", code)
        with page.expect_navigation():
            page.press("#receipt-code", "Enter")
        return page

    def nobody(self) -> "Page":
        """Return a page of a browser in which nobody has signed in."""
        context = self._browser.new_context(base_url=self.console, viewport=SIZES["desktop"], locale="zh-CN")
        FIRST.ask_for(context, self.console)
        context.set_default_timeout(_PATIENCE_MS)
        return context.new_page()

    def _sign_in(self, page: "Page", login: DemoLogin) -> None:
        """Sign in; the console hears of a new account within a moment, and takes a one-time code once."""
        for _ in range(_TIMES_ASKED):
            page.goto("/sign-in")
            page.fill("#name", login.name)
            page.fill("#password", login.password)
            page.fill("#code", pyotp.TOTP(login.totp).at(datetime.now(UTC)) if login.totp else "")
            with page.expect_navigation():
                page.press("#code", "Enter")
            if not page.url.endswith("/sign-in"):
                return
            page.wait_for_timeout(1000)
        raise ExchangeError(f"{login.role} cannot sign in.", "Does `exchange status` say healthy?")
