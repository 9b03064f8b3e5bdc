"""Whoever waits for long work sees how far it has come, how fast it goes and how long it still takes."""

from io import StringIO

import pytest
from rich.console import Console

from exchange.command.terminal import progress


def shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    """What a person sees of 20 000 lines, of which 5 000 are answered after ten seconds."""
    now, out = [0.0], StringIO()
    people = Console(file=out, force_terminal=terminal, width=120, no_color=True, get_time=lambda: now[0])
    monkeypatch.setattr(progress, "PEOPLE", people)
    with progress.counted_progress("answered", 20_000) as tell:
        for second in range(11):
            now[0] = float(second)
            tell(500 * second)
    return out.getvalue()


def test_a_terminal_shows_count_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 500 a second, 15 000 more lines take half a minute."""
    seen = shown(monkeypatch, terminal=True)
    assert "5000/20000" in seen
    assert "500/s" in seen
    assert "0:00:30" in seen


def test_a_pipe_is_shown_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log file would be full of bars."""
    assert not shown(monkeypatch, terminal=False).strip()
