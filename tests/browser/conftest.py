"""The system's Chromium, led as a person would lead it; where there is none, what needs it says so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tools.pictures import visitors

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """Chromium without a window, for one module: while it is led, no other loop can run in this thread."""
    if visitors.find_chromium() is None:
        pytest.skip(visitors.NONE)
    with visitors.chromium() as browser:
        yield browser
