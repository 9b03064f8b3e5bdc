"""Nothing but the files of the lock is ever run."""

import hashlib
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.stack import downloads
from exchange.runtime.stack.downloads import File, TellDownloaded, download, fetch_files, keep, read_lock

CONTENT = b"a jar"


def _file(sha256: str) -> File:
    return File("org.example:thing:1.0", "jar", sha256, len(CONTENT))


def test_the_lock_names_every_file_with_its_hash() -> None:
    """What is downloaded is known beforehand, byte for byte."""
    lock = read_lock()
    assert set(lock) == {"kafka", "registry"}
    files = [file for files in lock.values() for file in files]
    assert all(len(file.sha256) == 64 and file.size_bytes > 0 for file in files)
    assert len({file.name for file in files}) == len(files)
    assert {file.coordinate for file in files} >= {
        "org.apache.kafka:kafka_2.13:4.4.0",
        "io.apicurio:apicurio-registry-app:3.3.3",
    }


def test_one_version_of_everything() -> None:
    """Two versions of a jar on one class path make Kafka fail in ways that are hard to read."""
    names = [file.coordinate.rsplit(":", 1)[0] for file in read_lock()["kafka"]]
    assert len(set(names)) == len(names)


def test_an_altered_file_is_refused_and_not_kept(tmp_path: Path) -> None:
    """A file with another hash is another program."""
    fresh = tmp_path / "fresh"
    fresh.write_bytes(CONTENT)
    file = _file("0" * 64)
    with pytest.raises(ExchangeError, match="not the file of the lock"):
        keep(file, fresh, tmp_path / "cache")
    assert not file.path(tmp_path / "cache").exists()


def test_the_file_of_the_lock_is_kept_under_its_hash(tmp_path: Path) -> None:
    """A new lock finds its own files and never an old one."""
    fresh = tmp_path / "fresh"
    fresh.write_bytes(CONTENT)
    file = _file(hashlib.sha256(CONTENT).hexdigest())
    keep(file, fresh, tmp_path / "cache")
    assert file.path(tmp_path / "cache").read_bytes() == CONTENT


def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file must not be found by the next start."""

    def breaks(file: File, folder: Path, _report: TellDownloaded) -> Path:
        (folder / file.name).write_bytes(CONTENT[:2])
        raise ConnectionError

    monkeypatch.setattr(downloads, "_fetch", breaks)
    with pytest.raises(ExchangeError, match="could not be downloaded"):
        download(_file("0" * 64), tmp_path, lambda _count: None)
    assert list(tmp_path.iterdir()) == []


def test_a_full_cache_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first start the exchange starts offline."""
    lock = read_lock()
    for file in (file for files in lock.values() for file in files):
        file.path(tmp_path).parent.mkdir(parents=True)
        file.path(tmp_path).touch()
    (lock["registry"][0].path(tmp_path).parent / "unpacked").mkdir()
    monkeypatch.setattr(downloads, "_fetch", None)
    files = fetch_files(lambda _total: pytest.fail("nothing is to be downloaded"), tmp_path)
    assert len(files.kafka_jars) == len(lock["kafka"])
