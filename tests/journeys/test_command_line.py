"""The command line itself: exit codes, help, and errors that can be read."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Exchange = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("words", [("bogus",), ("up", "--bogus"), ("run", "nobody")])
def test_wrong_usage_exits_2_without_a_traceback(exchange: Exchange, words: tuple[str, ...]) -> None:
    """A script can tell a typing mistake from a refusal."""
    told = exchange(*words)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize("words", [("run", "joiner"), ("follow", "police"), ("quarantine", "list")])
def test_an_expected_error_is_readable_and_exits_1(
    exchange: Exchange, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Nobody needs to know Python to learn that nothing runs."""
    told = exchange(*words, "--home", str(tmp_path))
    assert told.returncode == 1
    assert told.stderr.startswith("exchange: ")
    assert "Nothing runs" in told.stderr
    assert "exchange up" in told.stderr
    assert "Traceback" not in told.stderr


def test_status_of_nothing_is_still_json(exchange: Exchange, tmp_path: Path) -> None:
    """A program that asks gets an answer it can parse, and exit code 1."""
    told = exchange("status", "--json", "--home", str(tmp_path))
    assert told.returncode == 1
    assert json.loads(told.stdout)["parts"] == []


def test_stopping_what_does_not_run_does_no_harm(exchange: Exchange, tmp_path: Path) -> None:
    """`down` may be called twice."""
    assert exchange("down", "--home", str(tmp_path)).returncode == 0


def test_the_help_teaches(exchange: Exchange) -> None:
    """A newcomer finds the first command without a manual; what is not for people is not shown."""
    told = exchange("--help")
    assert told.returncode == 0
    assert "exchange up --detach" in told.stdout
    assert "  run " not in told.stdout
