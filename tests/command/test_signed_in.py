"""Whoever has signed in asks as the account, also by the commands that name whoever sits there."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from exchange.command.app import build_app
from exchange.command.terminal.session_file import keep_token
from exchange.desk.asker import Asker, NotAllowedError, shell
from exchange.runtime.home import Home
from tests.nowhere import nowhere

CLERK = Asker("zhang", "window_clerk", {}, "command")
ACKNOWLEDGE = ("acknowledge", "an-id", "--as", "police", "--handler", "民警 李明")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of which nothing runs; whose session it is, clerk zhang's token says."""
    place = Home(tmp_path / "home")
    place.create()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for command in ("acknowledge", "upload"):
        module = f"exchange.command.{command}"
        monkeypatch.setattr(f"{module}.load_settings", lambda _: nowhere(place.root), raising=False)
    found = SimpleNamespace(find=lambda token, _: SimpleNamespace(asker={"zhang's": CLERK}[token]))
    monkeypatch.setattr("exchange.command.terminal.asker.sign_in_at", lambda _: found)
    return place


def asked_by(home: Home, monkeypatch: pytest.MonkeyPatch, *words: str) -> Asker:
    """Who asks the desk by a command, which then does nothing."""
    askers: list[Asker] = []

    def refuse(*asked: Any) -> None:
        askers.extend(one for one in asked if isinstance(one, Asker))
        raise NotAllowedError("not here")

    monkeypatch.setattr("exchange.command.acknowledge.open_desk", nullcontext)
    monkeypatch.setattr("exchange.desk.acknowledging.acknowledge", refuse)
    monkeypatch.setattr("exchange.command.upload.take_file", refuse)
    done = CliRunner().invoke(
        build_app(["acknowledge", "guide", "upload"]), [*words, "--home", str(home.root)]
    )
    assert done.exit_code == 1
    (asker,) = askers
    return asker


@pytest.mark.parametrize("signed_in", [True, False])
def test_whoever_has_signed_in_asks_as_the_account_and_else_the_shell_does(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, signed_in: bool
) -> None:
    """By the shell, whoever is named has seen it."""
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-")
    if signed_in:
        keep_token(home, "zhang's")
    uploading = ("upload", str(file), "--kind", "3")
    monkeypatch.setattr("getpass.getuser", lambda: "li")
    assert asked_by(home, monkeypatch, *ACKNOWLEDGE) == (CLERK if signed_in else shell("民警 李明"))
    assert asked_by(home, monkeypatch, *uploading) == (CLERK if signed_in else shell("li"))
