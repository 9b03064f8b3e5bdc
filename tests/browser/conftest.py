"""The system's Chromium, led as a person would lead it; where there is none, what needs it says so."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
"""As Debian, Ubuntu and Google call it."""
NONE: Final = "NO BROWSER: install Chromium (Debian: apt-get install chromium), or name it by CHROMIUM=PATH"


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """Chromium without a window, for one module: while it is led, no other loop can run in this thread."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(NONE)
    with sync_playwright() as playwright:
        # A container's root has no sandbox; it opens nothing but our own pages.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
