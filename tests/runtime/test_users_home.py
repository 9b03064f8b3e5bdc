"""`~` is the user's home in every path alike; an empty HOME is none."""

import os
import pwd
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import find_cache, find_home
from exchange.runtime.users_home import expanded

LISTED = Path(pwd.getpwuid(os.getuid()).pw_dir)


@pytest.mark.parametrize(
    ("home", "path", "found"),
    [
        ("/own", "~", "/own"),
        ("/own", "~/a/b", "/own/a/b"),
        ("/own", "a/~", "a/~"),
        ("/own", "/~/a", "/~/a"),
        ("/own", " ~", " ~"),
        ("/own", "a~", "a~"),
        ("/own", ".", "."),
        ("/own", "~root/a", str(Path(pwd.getpwnam("root").pw_dir) / "a")),
        ("", "~", str(LISTED)),
        ("", "~/.local/share", str(LISTED / ".local/share")),
        ("", "~root", pwd.getpwnam("root").pw_dir),
        ("", "/a", "/a"),
        ("", "a", "a"),
        (None, "~/a", str(LISTED / "a")),
    ],
)
def test_a_tilde_is_the_users_own_home(
    home: str | None, path: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is as in a shell; `HOME=` once made /.local/share the place of the exchange."""
    monkeypatch.delenv("HOME", raising=False)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    assert expanded(path) == expanded(Path(path)) == Path(found)


@pytest.mark.parametrize("path", ["~nobody-of-that-name", "~nobody-of-that-name/x", "~$table.csv"])
def test_the_home_of_nobody_is_nowhere(path: str) -> None:
    """Whoever asked says what that means there."""
    assert expanded(path) is None


@pytest.mark.parametrize("home", ["", None])
def test_a_user_who_is_on_no_list_and_has_no_home_is_told(
    home: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is in a container under a number alone; nothing is made at the root of the disk."""
    for name in ("HOME", "EXCHANGE_HOME", "XDG_DATA_HOME", "EXCHANGE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    monkeypatch.setattr(os, "getuid", lambda: 987_654)
    with pytest.raises(ExchangeError, match="a user who has no home directory here"):
        find_home(None)
    with pytest.raises(ExchangeError, match="a user who has no home directory here"):
        find_cache()
