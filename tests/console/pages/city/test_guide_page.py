"""The guide: every matter, open to all, in the words of `exchange guide`."""

import pytest

from consumers.guide.text import guide_parts
from exchange.console.pages.city.guide import guide_page, guides_of, overview_page
from tests.console.pages.made_frames import CITY, before_sign_in
from tests.console.pages.read_page import faults, find, read_page
from topics.labels import Language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_matter_is_one_click_away(language: Language) -> None:
    """With whose it is and how long it takes beside it."""
    shown = before_sign_in(language)
    page = read_page(overview_page(shown, guides_of(shown, CITY.guide)))
    assert faults(page) == []
    ways = [one["href"] for one in find(page, "a") if "/guide/" in one["href"]]
    assert ways == ["/console/guide/sheets.pdf", *(f"/console/guide/{one}" for one in CITY.policy.by_number)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_guide_says_all_that_the_command_says(language: Language) -> None:
    """One function has the words; a page that left one out would be another guide."""
    shown = before_sign_in(language)
    for guide in guides_of(shown, CITY.guide):
        page = read_page(guide_page(shown, guide))
        assert faults(page) == []
        said = " ".join(page.text.split())
        for part in guide_parts(guide):
            for line in part.lines if part.part != "online" else ():
                assert " ".join(line.first(language).split()) in said, (guide.matter, part.part)
        assert guide.url in [one["href"] for one in find(page, "a")]
