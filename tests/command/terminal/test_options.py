"""The home that is meant is the one that is written, however a shell hands it over."""

from pathlib import Path

import pytest
import typer

from exchange.command.terminal.options import read_home
from tests.running import run_exchange


@pytest.mark.parametrize(
    ("text", "below"),
    [
        (".", ""),
        ("./", ""),
        ("home", "home"),
        ("home/", "home"),
        ("./home", "home"),
        ("家目录, a\\b", "家目录, a\\b"),
        (" ", " "),
        ("./~", "~"),
        ("./~user", "~user"),
        ("-rf", "-rf"),
        ("$HOME", "$HOME"),
        ("~/home", "own/home"),
        ("~", "own"),
    ],
)
def test_a_folder_is_found_from_where_one_stands(
    text: str, below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell expands `~` in some places and not in others; what it left is taken as it would have been."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "own"))
    assert read_home(text) == tmp_path / below


def test_a_home_behind_a_link_is_the_home(tmp_path: Path) -> None:
    """Under the name by which it was asked for."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert read_home(str(tmp_path / "link")) == tmp_path / "link"


def test_nothing_and_a_file_are_no_home(tmp_path: Path) -> None:
    """`--home "$DIR"` with DIR unset once made an exchange of whatever folder one stood in."""
    (tmp_path / "file").touch()
    with pytest.raises(typer.BadParameter, match="empty"):
        read_home("")
    with pytest.raises(typer.BadParameter, match="a user who has no home"):
        read_home("~nobody-of-that-name/x")
    with pytest.raises(typer.BadParameter, match="is a file"):
        read_home(str(tmp_path / "file"))


def test_a_home_that_is_a_file_is_shown_without_what_controls_the_terminal(tmp_path: Path) -> None:
    """Whatever its name holds."""
    (tmp_path / "a\x1b[31mb").touch()
    with pytest.raises(typer.BadParameter, match=r"a\\x1b\[31mb is a file"):
        read_home(str(tmp_path / "a\x1b[31mb"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file/x", "file is a file"),
        ("file/x/y", "file is a file"),
        ("/etc/passwd/x", "/etc/passwd is a file"),
        ("/dev/null/x", "/dev/null is a file"),
        ("/dev/null", "/dev/null is a file"),
        ("self", "self leads to itself"),
        ("self/x", "self leads to itself"),
        ("gone", "gone leads to itself or to nothing"),
        ("gone/x", "gone leads to itself or to nothing"),
        ("to-file/x", "to-file is a file"),
        ("/proc/x", "kernel"),
        ("/proc/1/x/y", "kernel"),
        ("/sys", "kernel"),
        ("to-proc/x", "kernel"),
        ("a\x1bb/x", r"a\\x1bb is a file"),
    ],
)
def test_where_no_folder_can_be_there_is_no_home(
    text: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`exchange status` once said only that nothing runs there, and to start it."""
    monkeypatch.chdir(tmp_path)
    for name in ("file", "a\x1bb"):
        (tmp_path / name).touch()
    links = {"self": "self", "gone": "nowhere", "to-file": "file", "to-proc": "/proc"}
    for name, place in links.items():
        (tmp_path / name).symlink_to(place)
    with pytest.raises(typer.BadParameter, match=why) as told:
        read_home(text)
    assert "处不可能有文件夹" in told.value.message or "是文件" in told.value.message


@pytest.mark.parametrize(
    "text",
    [
        "new",
        "new/er",
        "real",
        "real/x",
        "link",
        "link/x",
        "link/../x",
        "/proc/self/cwd/x",
        "proc/x",
        "/processes",
    ],
)
def test_where_a_folder_is_or_can_be_made_there_is_a_home(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind links, too, and through the place where the system shows the folder one stands in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert read_home(text) == tmp_path / text


@pytest.mark.process
def test_a_home_that_can_not_be_is_wrong_usage() -> None:
    """It is as a home that is a file."""
    done = run_exchange("status", "--home", "/etc/passwd/x")
    assert (done.returncode, done.stdout) == (2, "")
    assert "/etc/passwd is a file" in done.stderr


@pytest.mark.process
@pytest.mark.parametrize(
    "words",
    [
        ("case", "620503194907150462", "--as-of"),
        ("replay", "--from"),
        ("replay", "--to"),
        ("statistics", "--from"),
        ("statistics", "--to"),
    ],
)
def test_a_moment_of_nothing_is_wrong_usage(words: tuple[str, ...]) -> None:
    """`--as-of "$DAY"` with DAY unset once showed the present as if it were that day."""
    done = run_exchange(*words, "")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{words[-1]}" in done.stderr
