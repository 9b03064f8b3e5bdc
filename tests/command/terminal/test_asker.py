"""Who asks by a command, and where the session of whoever signed in is kept."""

from pathlib import Path

import pytest

from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.session_file import forget_token, keep_token, read_token, session_file
from exchange.desk.asker import shell
from exchange.runtime.home import Home
from tests.nowhere import nowhere


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the user's own settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def test_where_nobody_has_signed_in_the_shell_asks(tmp_path: Path) -> None:
    """Without a question to anybody: no part need run."""
    assert asker_of("wang", nowhere(tmp_path)) == shell("wang")


def test_a_session_is_kept_for_one_home_and_read_by_its_owner_alone(tmp_path: Path, config: Path) -> None:
    """Two homes are two exchanges."""
    here, there = Home(tmp_path / "a"), Home(tmp_path / "b")
    keep_token(here, "one")
    keep_token(here, "two")
    assert (read_token(here), read_token(there)) == ("two", None)
    assert session_file(here).is_relative_to(config)
    assert (session_file(here).stat().st_mode & 0o777, session_file(here).parent.stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )
    forget_token(here)
    forget_token(here)
    assert read_token(here) is None
