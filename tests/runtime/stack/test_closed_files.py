"""What an earlier version has left open to others is closed at the next start."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.runtime.home import Home
from exchange.runtime.stack.closed_files import OTHERS, close_to_others


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """As a shell has it: what is made is open to be read by all."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """One that was made with all open, but what its owner alone may run."""
    place = Home(tmp_path / "home")
    (place.data / "kafka").mkdir(parents=True)
    place.run.mkdir()
    (place.data / "kafka" / "00.log").write_text("x", encoding="ascii")
    (place.data / "tool").write_text("x", encoding="ascii")
    (place.data / "tool").chmod(0o755)
    (place.data / "elsewhere").symlink_to(tmp_path / "not ours")
    (tmp_path / "not ours").write_text("x", encoding="ascii")
    return place


def modes(folder: Path) -> set[int]:
    """What group and others may do with a folder and all in it."""
    return {path.stat().st_mode & OTHERS for path in (folder, *folder.rglob("*")) if not path.is_symlink()}


def test_a_home_from_before_is_closed_and_stays_usable(home: Home, tmp_path: Path) -> None:
    """Group and others lose what they had; the owner keeps what he had; what lies elsewhere is left alone."""
    assert modes(home.root) != {0}
    close_to_others(home)
    assert modes(home.root) == {0}
    assert (home.data / "tool").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "not ours").stat().st_mode & 0o777 == 0o644


def test_what_is_made_from_then_on_is_closed(home: Home) -> None:
    """Kafka, RocksDB and PostgreSQL make files as their process is told to."""
    close_to_others(home)
    (home.data / "new").mkdir()
    (home.data / "new" / "file").write_text("x", encoding="ascii")
    assert modes(home.root) == {0}


def test_a_home_is_gone_through_once(home: Home) -> None:
    """It takes a quarter of a second, and nobody opens anything afterwards."""
    close_to_others(home)
    home.data.chmod(0o755)
    close_to_others(home)
    assert modes(home.data) != {0}
