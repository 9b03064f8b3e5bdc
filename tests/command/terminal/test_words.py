"""Words that options take: what is not seen around them makes no other word of them."""

from pathlib import Path

from exchange.command.terminal.words import read_word
from tests.cells import each_cell
from tests.running import run_exchange

WRONG_USAGE = 2
UNSEEN = [
    "social_insurance\r",
    "social_insurance\r\n",
    "social_insurance\n",
    " social_insurance",
    "social_insurance\t",
    "social_insurance\u3000",
    "social_insurance\u00a0",
    "\ufeffsocial_insurance",
    "social\u200b_insurance",
    "social_insurance\u200e",
]
AS_THEY_ARE = [
    *("social_insurance", "police", "utf-8", "gb18030", "Social_Insurance", "社保", "a b", "-", ""),
    "social-insurance",
]


@each_cell("text", UNSEEN)
def test_what_is_not_seen_is_no_part_of_a_word(text: str) -> None:
    """A list of types was saved on Windows, or a name copied from a page."""
    assert read_word(text) == "social_insurance"


@each_cell("text", AS_THEY_ARE)
def test_what_is_seen_stays(text: str) -> None:
    """Case and characters are the word."""
    assert read_word(text) == text


def test_what_controls_a_terminal_is_shown_as_such() -> None:
    """So a message says why it is no such word."""
    assert read_word("social\x07_insurance") == r"social\x07_insurance"


def test_a_type_from_a_windows_file_is_the_type(tmp_path: Path) -> None:
    """It was answered with itself: no type social_insurance (social_insurance?)."""
    (tmp_path / "list.csv").write_text("名单", encoding="utf-8")
    words = ("publish", str(tmp_path / "list.csv"), "--home", str(tmp_path), "--type")
    assert run_exchange(*words, "social_insurance\r", "--as", "human_resources\r").returncode == 1
    assert run_exchange(*words, "social_insurence\r").returncode == WRONG_USAGE
