"""The pictures: each is shown, said in words, and small; none is shown that is not there."""

import re
from unittest.mock import Mock

from tests.docs.pages import ROOT
from tools.pictures.pictures import MOST_BYTES, PICTURES, PLACE
from tools.pictures.seen import ViewedAs, look
from tools.pictures.walk import kind_of

SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


def test_every_picture_is_shown_with_words_and_is_there() -> None:
    """In README and the pages; a picture says nothing to whoever cannot see it."""
    shown = set()
    for page in (*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")):
        for words, target in SHOWN.findall(page.read_text("utf-8")):
            file = (page.parent / target).resolve()
            assert file.is_file(), (page, target)
            assert len(words) > 20, (page, target)
            shown.add(file.name)
    assert shown == {f"{one.name}.png" for one in PICTURES}
    assert shown == {one.name for one in (ROOT / PLACE).iterdir()}


def test_every_picture_is_small() -> None:
    """So that a page with some of them comes over a line that is shared."""
    for file in (ROOT / PLACE).iterdir():
        assert file.stat().st_size <= MOST_BYTES, file


def test_screens_are_told_apart_by_what_they_are() -> None:
    """Not by the case or the matter that they show; a record type is a screen of its own."""
    case = "http://127.0.0.1:8083/cases/0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e"
    addresses = f"{case}/forms/apply?tick=3", case, "/guide/12", "/supplement/social_insurance"
    assert [kind_of(one) for one in addresses] == [
        "/cases/*/forms/apply",
        "/cases/*",
        "/guide/*",
        "/supplement/social_insurance",
    ]


def test_a_page_below_a_folder_is_shown_as_it_is_asked_for() -> None:
    """Browsers send a cookie of its folder beside the root's, and the root's is followed."""
    page = Mock(url="http://console/cases/1/forms/accept")
    look(page, ViewedAs("en", "dark", "phone"))
    (cookies,) = page.context.add_cookies.call_args.args
    assert [(one["url"], one["value"]) for one in cookies] == [("http://console/", "en.dark.normal.keys")]
