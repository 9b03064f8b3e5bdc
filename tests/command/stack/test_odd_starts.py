"""What `exchange up` refuses of its surroundings: in a sentence, and before anything is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.runtime.sentences import said
from tests.running import NOBODY_TOLD, run_exchange
from tests.runtime.environments import PROXIES

pytestmark = pytest.mark.process

UP = [sys.executable, "-m", "exchange", "up", "--detach", "--home"]


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        (b"a\nb", 1, b"Name another folder by --home DIR."),
        ("家".encode("gb18030"), 2, b"this is not text"),
        (b"x" * 200 + b"/" + b"x" * 250 + b"/" + b"y" * 250, 1, b"Name another folder by --home DIR."),
    ],
)
def test_a_home_that_can_not_be_leaves_no_trace(name: bytes, code: int, said: bytes, tmp_path: Path) -> None:
    """Whatever the locale of the shell is."""
    done = subprocess.run(
        [*UP, os.fsencode(tmp_path) + b"/" + b"d" * 240 + b"/" + name],
        env={**os.environ, **NOBODY_TOLD, "LC_ALL": "C", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
    assert said in done.stderr
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_too_few_open_files_leave_no_trace(tmp_path: Path) -> None:
    """A hard limit of 256 can only be raised from outside; how is said."""
    done = subprocess.run(
        ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh", *UP, str(tmp_path / "home")],
        env={**os.environ, **NOBODY_TOLD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Only 256 files may be open" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("named", ["home", "was-there", ""])
def test_a_demo_with_too_few_open_files_leaves_no_trace(named: str, tmp_path: Path) -> None:
    """And names no logs, since there are none; a folder that was there before stays, empty as it was."""
    (tmp_path / "was-there").mkdir()
    words = [sys.executable, "-m", "exchange", "demo", *(["--home", str(tmp_path / named)] if named else [])]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh", *words],
        env={**os.environ, **NOBODY_TOLD, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Only 256 files may be open" in done.stderr
    assert "logs" not in done.stderr
    assert list(tmp_path.rglob("*")) == [tmp_path / "was-there"]


def test_a_home_of_nothing_is_wrong_usage(tmp_path: Path) -> None:
    """As an unset variable leaves it; the current folder is named by a full stop."""
    done = run_exchange("up", "--detach", "--home", "")
    assert done.returncode == 2
    assert "empty" in done.stderr


def test_a_portal_behind_a_proxy_that_can_not_be_used_stops_the_start(tmp_path: Path) -> None:
    """Not a part that keeps dying behind; no part was started."""
    portal = {"EXCHANGE_WEBHOOK_URL": "https://portal.example.cn/hooks", "NO_PROXY": "", "no_proxy": ""}
    named = {**portal, "HTTPS_PROXY": "", "https_proxy": "", "ALL_PROXY": "socks4://127.0.0.1:9"}
    done = run_exchange("up", "--detach", "--home", str(tmp_path / "home"), environment=named)
    assert done.returncode == 1
    assert "ALL_PROXY names a proxy by socks4" in done.stderr
    assert "Traceback" not in done.stderr
    assert not any((tmp_path / "home" / "run").iterdir())


@pytest.mark.parametrize("utf8", ["0", "1", ""])
def test_a_chinese_home_is_named_as_it_is_whatever_python_is_told_of_the_locale(
    utf8: str, tmp_path: Path
) -> None:
    """PYTHONUTF8=0 in the locale C leaves no letter of a path to Python: the command begins anew."""
    home = tmp_path / "家目录, a\\b"
    done = subprocess.run(
        [sys.executable, "-m", "exchange", "down", "--home", str(home)],
        env={**os.environ, **PROXIES, "LC_ALL": "C", "PYTHONUTF8": utf8},
        capture_output=True,
        check=False,
    )
    assert done.stderr.decode() == f"{said('nothing_to_stop', home=home)}\n"
    assert done.returncode == 0
