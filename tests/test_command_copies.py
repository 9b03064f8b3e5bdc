"""A copied command is told apart from one that was started by its speed alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_copies import AT_FIRST, can_be_copied, run_copy

pytestmark = pytest.mark.process
LIMIT_S = 600.0


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("bogus",),
        ("status", "--json"),
        ("sample", "--people", "1"),
        ("policy", "check", "not there"),
        ("down",),
    ],
)
def test_it_says_and_ends_as_one_that_was_started(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the test's folder and environment, whatever its exit code."""
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "EXCHANGE_HOME": str(tmp_path / "home")}
    started = subprocess.run(
        [sys.executable, "-m", "exchange", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    copied = run_copy(words, environment, "", LIMIT_S)
    assert (copied.returncode, copied.stdout, copied.stderr) == (
        started.returncode,
        started.stdout,
        started.stderr,
    )


def test_one_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    """And the next one is run as before."""
    with pytest.raises(subprocess.TimeoutExpired):
        run_copy(("sample", "--people", "200", "--out", str(tmp_path / "city.jsonl")), os.environ, "", 0.001)
    assert run_copy(("down", "--home", str(tmp_path)), os.environ, "", LIMIT_S).returncode == 0


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("EXCHANGE_HOME", True),
        ("EXCHANGE_GRACE_SECONDS", True),
        ("TMPDIR", True),
        ("EXCHANGE_POLICY", False),
        ("LANG", False),
        ("LD_PRELOAD", False),
        ("COLUMNS", False),
        ("PYTHONUTF8", False),
    ],
)
def test_where_what_is_read_early_differs_a_process_is_started(name: str, copied: bool) -> None:
    """A copy would not see it."""
    assert can_be_copied({**AT_FIRST, name: "another"}) is copied
