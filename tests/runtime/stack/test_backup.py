"""A home is saved and made again file by file, and nothing half or altered is taken for whole."""

import hashlib
import json
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.stack.backup import (
    LIST,
    PLAIN_LIST,
    check,
    files_to_save,
    open_backup,
    restore,
    save,
)
from exchange.runtime.stack.backup_key import NAME, make_key, read_key


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of one broker, with what is saved and what is not."""
    home = Home(tmp_path / "home")
    home.create()
    home.make_case_key()
    for name in (
        "kafka/schemas-0/0.log",
        "kafka/records.cremation-3/0.log",
        "uploads/0f3a5c7e",
        "postgres/base/1",
        "joiner/MANIFEST",
    ):
        (home.data / name).parent.mkdir(parents=True)
        (home.data / name).write_bytes(name.encode() * 1000)
    return home


def _saved(home: Home, target: Path) -> int:
    told: list[int] = []
    make_key(home)
    save(home, target, read_key(home.secrets / NAME), files_to_save(home), told.append)
    return sum(told)


def _restored(source: Path, home: Home, key: Path | None = None) -> None:
    backup = open_backup(source, key or source.with_name("home") / "secrets" / NAME)
    restore(backup, backup.files(), home, lambda _: None)


def _checked(source: Path, key: Path) -> None:
    backup = open_backup(source, key)
    check(backup, backup.files(), lambda _: None)


def test_what_can_not_be_made_again_comes_back_as_it_was(home: Home, tmp_path: Path) -> None:
    """Kafka's logs, files handed in, and keys; databases are made again from the log. Closed to others."""
    told = _saved(home, tmp_path / "backup")
    back = Home(tmp_path / "back")
    _restored(tmp_path / "backup", back)
    found = {path.relative_to(back.root) for path in back.root.rglob("*") if path.is_file()}
    assert found == set(files_to_save(home))
    assert Path("secrets", NAME) not in found
    assert Path("data/uploads/0f3a5c7e") in found
    assert all((back.root / path).read_bytes() == (home.root / path).read_bytes() for path in found)
    assert told == sum((home.root / path).stat().st_size for path in found)
    assert {path.stat().st_mode & 0o77 for path in back.root.rglob("*")} == {0}
    assert back.secret("case_key") == home.secret("case_key")


def test_without_its_key_nobody_reads_a_backup_or_alters_it_unseen(home: Home, tmp_path: Path) -> None:
    """It lies in another building, with whoever keeps it there."""
    _saved(home, tmp_path / "backup")
    key = home.secrets / NAME
    clear = {path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    held = b"".join(path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file())
    assert not [text for text in clear if text in held]
    assert key.read_bytes() not in held
    with pytest.raises(ExchangeError, match="is encrypted"):
        open_backup(tmp_path / "backup", None)
    with pytest.raises(ExchangeError, match="no backup key"):
        open_backup(tmp_path / "backup", tmp_path / "nowhere")
    other = Home(tmp_path / "other")
    other.create()
    make_key(other)
    with pytest.raises(ExchangeError, match="another key"):
        open_backup(tmp_path / "backup", other.secrets / NAME).files()


@pytest.mark.parametrize("harm", ["cut", "swapped", "flipped", "gone"])
def test_a_backup_is_read_to_its_last_byte_without_making_a_home(
    home: Home, tmp_path: Path, harm: str
) -> None:
    """What would fail on the day it is needed is found before."""
    _saved(home, tmp_path / "backup")
    key = home.secrets / NAME
    _checked(tmp_path / "backup", key)
    log, other = (
        tmp_path / "backup" / f"data/kafka/{name}/0.log" for name in ("records.cremation-3", "schemas-0")
    )
    text = log.read_bytes()
    if harm == "gone":
        log.unlink()
    else:
        ways = {"cut": text[:-1], "swapped": other.read_bytes(), "flipped": text[:-1] + bytes([text[-1] ^ 1])}
        log.write_bytes(ways[harm])
    with pytest.raises(ExchangeError, match=r"cremation-3/0\.log"):
        _checked(tmp_path / "backup", key)


def _saved_plain(home: Home, target: Path) -> None:
    """Save as earlier versions did, and as whoever has no key can: nothing is encrypted."""
    files = files_to_save(home)
    for path in files:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes((home.root / path).read_bytes())
    _list_plain(target, {str(path): (home.root / path).read_bytes() for path in files})


def _list_plain(target: Path, files: dict[str, bytes]) -> None:
    listed = [
        {"path": path, "size_bytes": len(held), "sha256": hashlib.sha256(held).hexdigest()}
        for path, held in files.items()
    ]
    content = {"format": 1, "made_at": "2026-03-02T01:00:00+00:00", "files": listed}
    (target / PLAIN_LIST).write_text(json.dumps(content))


def test_a_backup_of_an_earlier_version_makes_a_home_where_that_is_asked_for(
    home: Home, tmp_path: Path
) -> None:
    """The operator knows that nobody could write there."""
    _saved_plain(home, tmp_path / "backup")
    backup = open_backup(tmp_path / "backup", None, plain=True)
    restore(backup, backup.files(), Home(tmp_path / "back"), lambda _: None)
    assert Home(tmp_path / "back").secret("case_key") == home.secret("case_key")


@pytest.mark.parametrize(("keyed", "plain"), [(True, False), (True, True), (False, False)])
def test_what_anybody_could_have_written_is_not_taken_for_a_backup(
    home: Home, tmp_path: Path, keyed: bool, plain: bool
) -> None:
    """A forged log makes a city's dead; who has the key has backups that nobody else can make."""
    make_key(home)
    _saved_plain(home, tmp_path / "backup")
    key = home.secrets / NAME if keyed else None
    with pytest.raises(ExchangeError, match="is not encrypted") as refused:
        open_backup(tmp_path / "backup", key, plain=plain)
    assert "--plain" in refused.value.hint


@pytest.mark.parametrize(
    "path", ["../escaped", "data/../../escaped", "/escaped", "escaped", "data", "secrets/..", "", "./data"]
)
@pytest.mark.parametrize("encrypted", [True, False])
def test_nothing_is_written_outside_the_home(home: Home, tmp_path: Path, path: str, encrypted: bool) -> None:
    """A list is what somebody wrote, also where it is encrypted."""
    make_key(home)
    key, target = read_key(home.secrets / NAME), tmp_path / "backup"
    target.mkdir()
    _list_plain(target, {path: b"a line for cron"})
    (tmp_path / "escaped").write_bytes(b"what stood there")
    if encrypted:
        content = json.loads((target / PLAIN_LIST).read_text())
        (target / PLAIN_LIST).unlink()
        with key.writing((target / LIST).open("wb"), LIST) as new:
            new.write(json.dumps({**content, "format": 2}).encode())
    backup = open_backup(target, home.secrets / NAME if encrypted else None, plain=not encrypted)
    with pytest.raises(ExchangeError, match="is not below data or secrets"):
        backup.files()


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
    (tmp_path / "backup" / LIST).unlink()
    with pytest.raises(ExchangeError, match="is not a backup"):
        _restored(tmp_path / "backup", Home(tmp_path / "back"))
    (tmp_path / "backup" / PLAIN_LIST).write_text('{"format": 2, "files": []}')
    with pytest.raises(ExchangeError, match="another version"):
        open_backup(tmp_path / "backup", None, plain=True).files()


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
