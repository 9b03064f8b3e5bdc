"""`exchange refold`: what it says of the changes before anybody is asked."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from consumers.replay.differences import Difference
from consumers.replay.refold_effect import RefoldEffect
from exchange.command import refold
from exchange.command.refold import tell_effect


@pytest.mark.parametrize(("fields", "at_least"), [(("matters",), False), ((), True)])
def test_of_cases_that_nobody_looked_into_more_matters_may_change(
    fields: tuple[str, ...], at_least: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever decides on the number is told when it is no more than a lower bound."""
    looked_into = Difference("a", "case", "", ("log", "live"), fields=("matters",), matters=2)
    other = Difference("b", "case", "", ("log", "live"), fields=fields)
    tell_effect(RefoldEffect((looked_into, other)), json=False)
    told = capsys.readouterr().err
    assert "Matters that change: 2." in told
    assert ("at least so many" in told) is at_least


@pytest.mark.parametrize(("dry_run", "asked"), [(True, []), (False, [("a",)])])
def test_a_dry_run_says_what_would_change_and_asks_the_join_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    dry_run: bool,
    asked: list[tuple[str, ...]],
) -> None:
    """Who only asks changes nothing."""
    differs = Difference("a", "case", "", ("log", "live"), fields=("matters",), matters=2)
    wanted: list[tuple[str, ...]] = []
    monkeypatch.setattr(refold, "judge", lambda *_: SimpleNamespace(differences=[differs], equal=True))
    monkeypatch.setattr(refold, "_ask", lambda _settings, case_ids: wanted.append(case_ids))
    monkeypatch.setattr(refold, "load_settings", lambda _home: None)
    refold.refold(dry_run=dry_run, yes=True, home=tmp_path)
    assert wanted == asked
    assert "有 1 个办件与现状不同，其中变化的事项 2 个" in capsys.readouterr().err
