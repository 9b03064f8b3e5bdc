"""A backup is restored into whatever folder a home may be, and leaves nothing beside it."""

from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.stack.backup import Backup, files_to_save, open_backup, restore, save
from exchange.runtime.stack.backup_key import NAME, make_key, read_key


@pytest.fixture
def saved(tmp_path: Path) -> Backup:
    """A backup of a home, in a folder that also has an odd name."""
    home = Home(tmp_path / "家目录, a\\b")
    home.create()
    (home.data / "kafka" / "schemas-0").mkdir(parents=True)
    (home.data / "kafka" / "schemas-0" / "0.log").write_bytes(b"log")
    target = tmp_path / "备份, #1"
    make_key(home)
    save(home, target, read_key(home.secrets / NAME), files_to_save(home), lambda _: None)
    return open_backup(target, home.secrets / NAME)


@pytest.mark.parametrize("name", ["home", "家目录, a\\b\\", " ", "-rf", "#1", "%s", "x" * 255, "家" * 85])
def test_a_home_of_any_name_is_restored(name: str, saved: Backup, tmp_path: Path) -> None:
    """Names as long as they may be also work: what is half made has a short one meanwhile."""
    root = tmp_path / "city" / name
    restore(saved, saved.files(), Home(root), lambda _: None)
    assert list(root.parent.iterdir()) == [root]
    assert (root / "data" / "kafka" / "schemas-0" / "0.log").read_bytes() == b"log"


def test_a_link_to_an_empty_folder_leads_to_the_home(saved: Backup, tmp_path: Path) -> None:
    """A larger disk is often mounted elsewhere, and linked to."""
    (tmp_path / "disk" / "empty").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "empty")
    restore(saved, saved.files(), Home(tmp_path / "link"), lambda _: None)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "disk" / "empty" / "data" / "kafka").is_dir()
    assert list((tmp_path / "disk").iterdir()) == [tmp_path / "disk" / "empty"]


def test_a_home_that_could_not_start_is_not_restored(saved: Backup, tmp_path: Path) -> None:
    """Better now than at the start, when the old one may be gone."""
    with pytest.raises(ExchangeError, match="U\\+000A"):
        restore(saved, saved.files(), Home(tmp_path / "city" / "a\nb"), lambda _: None)
    assert not (tmp_path / "city").exists()
