"""Names of files reach a terminal as text: none moves its cursor, changes its colours or fakes a line."""

import pytest

from exchange.command.terminal.console import say
from exchange.runtime.printed import printed
from tests.cells import each_cell


@each_cell(
    ("name", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("a\rb", "a\\rb"),
        ("a\nb", "a\\nb"),
        ("a\tb", "a\\tb"),
        ("a\bb", "a\\x08b"),
        ("a\x7fb", "a\\x7fb"),
        ("a\x85b", "a\\x85b"),
        ("a\u2028b", "a\\u2028b"),
        ("家\x00", "家\\x00"),
    ],
)
def test_what_controls_a_terminal_is_written_out(name: str, shown: str) -> None:
    """Whoever made the file does not write on somebody else's screen."""
    assert printed(name) == shown
    assert printed(shown) == shown


@each_cell(
    "name",
    [
        *(
            "records.jsonl",
            "家目录, a\\b",
            "a b",
            "表\u3000一.csv",
            "[31m",
            "\\x1b[31m",
            "𠮷",
            "é",
            "a\u200db",
        ),
        *("~$report", "%1b", "'\"", "\udcff"),
    ],
)
def test_any_other_name_is_shown_as_it_is(name: str) -> None:
    """Blanks, brackets, backslashes, rare characters, and what is not text."""
    assert printed(name) == name


def test_what_a_person_is_told_keeps_its_lines_and_tabs_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever name stands in it; the last lines of a log are indented by tabs."""
    say("a\x1b[31mb is a folder.\n\tat [bold]Main[/bold].")
    assert capsys.readouterr().err == "a\\x1b[31mb is a folder.\n        at [bold]Main[/bold].\n"
