"""A home is saved and made again file by file, and nothing half or altered is taken for whole."""

from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.stack.backup import LIST, files_to_save, read_list, restore, save


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of one broker, with what is saved and what is not."""
    home = Home(tmp_path / "home")
    home.create()
    home.make_case_key()
    for name in (
        "kafka/schemas-0/0.log",
        "kafka/records.cremation-3/0.log",
        "postgres/base/1",
        "joiner/MANIFEST",
    ):
        (home.data / name).parent.mkdir(parents=True)
        (home.data / name).write_bytes(name.encode() * 1000)
    return home


def _saved(home: Home, target: Path) -> int:
    told: list[int] = []
    save(home, target, files_to_save(home), told.append)
    return sum(told)


def _restored(source: Path, home: Home) -> None:
    restore(source, read_list(source), home, lambda _: None)


def test_what_can_not_be_made_again_comes_back_as_it_was(home: Home, tmp_path: Path) -> None:
    """Kafka's logs and the case key; the databases are made again from the log. Closed to other users."""
    told = _saved(home, tmp_path / "backup")
    back = Home(tmp_path / "back")
    _restored(tmp_path / "backup", back)
    found = {path.relative_to(back.root) for path in back.root.rglob("*") if path.is_file()}
    assert found == set(files_to_save(home))
    assert all((back.root / path).read_bytes() == (home.root / path).read_bytes() for path in found)
    assert told == sum((home.root / path).stat().st_size for path in found)
    assert {path.stat().st_mode & 0o77 for path in back.root.rglob("*")} == {0}
    assert back.secret("case_key") == home.secret("case_key")


def test_an_altered_backup_makes_no_home(home: Home, tmp_path: Path) -> None:
    """One byte is enough; and nothing is left of the attempt."""
    _saved(home, tmp_path / "backup")
    log = tmp_path / "backup" / "data/kafka/records.cremation-3/0.log"
    log.write_bytes(log.read_bytes()[:-1] + b"!")
    with pytest.raises(ExchangeError, match=r"records\.cremation-3/0\.log is not what was saved"):
        _restored(tmp_path / "backup", Home(tmp_path / "back"))
    log.unlink()
    with pytest.raises(ExchangeError, match="cannot be copied"):
        _restored(tmp_path / "backup", Home(tmp_path / "back"))
    assert {path.name for path in tmp_path.iterdir()} == {"home", "backup"}


def test_a_backup_that_was_broken_off_is_none(home: Home, tmp_path: Path) -> None:
    """The list comes last."""
    _saved(home, tmp_path / "backup")
    whole = (tmp_path / "backup" / LIST).read_text()
    (tmp_path / "backup" / LIST).unlink()
    with pytest.raises(ExchangeError, match="is not a backup"):
        read_list(tmp_path / "backup")
    (tmp_path / "backup" / LIST).write_text(whole.replace('"format": 1', '"format": 2'))
    with pytest.raises(ExchangeError, match="another version"):
        read_list(tmp_path / "backup")


def test_nothing_that_exists_is_written_over(home: Home, tmp_path: Path) -> None:
    """Neither a backup nor a home."""
    _saved(home, tmp_path / "backup")
    with pytest.raises(ExchangeError, match="is not empty"):
        _saved(home, tmp_path / "backup")
    with pytest.raises(ExchangeError, match="is not empty"):
        _restored(tmp_path / "backup", home)


def test_a_home_that_would_not_come_back_whole_is_not_saved(home: Home, tmp_path: Path) -> None:
    """Without the schemas nobody could read the log; without one of three brokers it is not all there."""
    (home.data / "kafka/schemas-0/0.log").write_bytes(b"")
    with pytest.raises(ExchangeError, match="no copy of the schemas"):
        files_to_save(home)
    (home.data / "kafka").rename(home.data / "kafka-1")
    with pytest.raises(ExchangeError, match="kafka-2 is missing"):
        files_to_save(home)
    with pytest.raises(ExchangeError, match="kafka is missing"):
        files_to_save(Home(tmp_path / "nowhere"))
