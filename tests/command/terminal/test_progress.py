"""Whoever waits for long work sees how far it has come, how fast it goes and how long it still takes."""

from io import StringIO

import pytest
from rich.console import Console

from exchange.command.terminal import progress


class People:
    """Those who look on, and their clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
        self.now = 0.0
        self._out = StringIO()
        console = Console(
            file=self._out, force_terminal=terminal, width=120, no_color=True, get_time=lambda: self.now
        )
        monkeypatch.setattr(progress, "PEOPLE", console)
        monkeypatch.setattr(progress, "say", console.print)

    @property
    def seen(self) -> str:
        """What they have seen so far."""
        return self._out.getvalue()


def shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    """What a person sees of 20 000 lines, of which 5 000 are answered after ten seconds."""
    people = People(monkeypatch, terminal=terminal)
    with progress.counted_progress("answered", 20_000) as tell:
        for second in range(11):
            people.now = float(second)
            tell(500 * second)
    return people.seen


def test_a_terminal_shows_count_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 500 a second, 15 000 more lines take half a minute."""
    seen = shown(monkeypatch, terminal=True)
    assert "5000/20000" in seen
    assert "500/s" in seen
    assert "0:00:30" in seen


def test_a_pipe_is_shown_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log file would be full of bars."""
    assert not shown(monkeypatch, terminal=False).strip()


def shown_in_stages(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    """What a person sees of 4 000 offsets in eight seconds, and 60 more in six."""
    people = People(monkeypatch, terminal=terminal)
    with progress.staged_progress() as tell:
        for second in range(8):
            people.now = float(second)
            tell("folding", 500 * second, 8_000)
        for second in range(7):
            people.now = 8.0 + second
            tell("comparing", 10 * second, None)
    return people.seen


def test_each_stage_has_a_count_and_a_rate_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows how many come in the second one, and it is slow: the first one says nothing of that."""
    seen = shown_in_stages(monkeypatch, terminal=True)
    assert "60/?" in seen
    assert " 10/s" in seen


def test_a_pipe_is_told_of_stages_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line every few seconds: whoever reads the log of a long verification sees that it goes on."""
    seen = shown_in_stages(monkeypatch, terminal=False)
    assert [line for line in seen.splitlines() if line] == [
        "folding: 3,000 of 8,000, 500/s, 10 s left",
        "comparing: 40, 10/s",
    ]
