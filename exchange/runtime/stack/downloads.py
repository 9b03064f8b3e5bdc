"""The files of Kafka and Apicurio, exactly those of the committed lock, from the cache or from Maven."""

import fcntl
import hashlib
import os
import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import truststore

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import find_cache
from exchange.runtime.proxies import find_proxy
from exchange.runtime.sentences import said
from exchange.runtime.stack.parts import LoadedCode

LOCK = Path(__file__).with_name("parts.lock.toml")
TRIES = 3
AT_ONCE = 4

TellDownloaded = Callable[[int], None]
"""Told how many more bytes have come."""


@dataclass(frozen=True)
class File:
    """One file of the lock."""

    coordinate: str
    packaging: str
    sha256: str
    size_bytes: int
    classifier: str = ""

    @property
    def name(self) -> str:
        """The file's own name in a Maven repository."""
        _, artifact, version = self.coordinate.split(":")
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{artifact}-{version}{tail}.{self.packaging}"

    def path(self, cache: Path) -> Path:
        """Where it is in the cache: under its hash, so that another lock means another file."""
        return cache / "files" / self.sha256 / self.name


@dataclass(frozen=True)
class Files:
    """All that the stack needs from Maven, ready to run."""

    kafka_jars: tuple[Path, ...]
    registry_folder: Path
    code: Mapping[str, LoadedCode] = field(default_factory=dict)
    """Part → its code as the JVM keeps it ready, where there is such a file."""


def read_lock(path: Path = LOCK) -> dict[str, tuple[File, ...]]:
    """Return the files of each part."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return {part: tuple(File(**entry) for entry in entries) for part, entries in content.items()}


def fetch_files(
    announce: Callable[[int], AbstractContextManager[TellDownloaded]], cache: Path | None = None
) -> Files:
    """Return the files of the lock, downloading what is missing; needs no network once all are there.

    Two processes at once are safe: the second waits, then finds everything.

    Args:
        announce: given the bytes to come, only where any are missing; returns a context that takes reports.
        cache: where to keep them; the user's cache by default.

    Raises:
        ExchangeError: a file cannot be had, or is not the one of the lock; or a proxy cannot be used.
    """
    cache = cache or find_cache()
    lock = read_lock()
    wanted = [file for files in lock.values() for file in files]
    unpacked = _unpacked(lock["registry"][0], cache)
    if _missing(wanted, cache) or not unpacked.exists():
        with alone(cache):
            missing = _missing(wanted, cache)
            if missing:
                with announce(sum(file.size_bytes for file in missing)) as report:
                    _download_all(missing, cache, report)
            if not unpacked.exists():
                _unpack(lock["registry"][0].path(cache), unpacked)
    return Files(kafka_jars=tuple(file.path(cache) for file in lock["kafka"]), registry_folder=unpacked)


def download(file: File, cache: Path, report: TellDownloaded) -> None:
    """Bring one file into the cache under its hash; an incomplete or altered file never gets that far.

    Raises:
        ExchangeError: it cannot be had, or its hash is not that of the lock.
    """
    for attempt in range(1, TRIES + 1):
        with tempfile.TemporaryDirectory(dir=cache, prefix="download-") as folder:
            try:
                fresh = _fetch(file, Path(folder), report)
            except Exception as problem:  # jgo raises RuntimeError, requests' errors and OSError alike
                if attempt == TRIES:
                    raise ExchangeError(
                        said("download_failed", file=file.coordinate, problem=type(problem).__name__),
                        said("download_network"),
                    ) from problem
                continue
            keep(file, fresh, cache)
            return


def keep(file: File, fresh: Path, cache: Path) -> None:
    """Move a fresh file into the cache if it is the one of the lock.

    Raises:
        ExchangeError: its SHA-256 is not that of the lock.
    """
    with fresh.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != file.sha256:
        raise ExchangeError(
            said("download_altered", file=file.coordinate, found=found, wanted=file.sha256),
            said("download_again"),
        )
    place = file.path(cache)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh.replace(place)


def _download_all(files: list[File], cache: Path, report: TellDownloaded) -> None:
    for address in _maven(cache, report).remote_repos.values():
        find_proxy(address, "PySocks")  # one that cannot be used is told at once, not once for each file
    # The system's certificates are trusted: a city's network may have its own.
    truststore.inject_into_ssl()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # The largest first, so that it does not come last and alone.
        largest_first = sorted(files, key=lambda file: -file.size_bytes)
        list(pool.map(lambda file: download(file, cache, report), largest_first))


def _fetch(file: File, folder: Path, report: TellDownloaded) -> Path:
    group, artifact, version = file.coordinate.split(":")
    component = _maven(folder, report).project(group, artifact).at_version(version)
    return Path(component.artifact(file.classifier, file.packaging).resolve())


def _maven(folder: Path, report: TellDownloaded) -> Any:
    """Return where files come from, the mirrors of jgo's settings or Maven Central, and where they go."""
    # Only where something is missing: jgo and requests take a third of a second to import.
    from jgo.config import GlobalSettings  # noqa: PLC0415
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415

    @contextmanager
    def progress(_name: str, _size_bytes: int) -> Iterator[TellDownloaded]:
        yield report

    mirrors = GlobalSettings.load().repositories or None
    resolver = PythonResolver(progress_callback=progress)
    return MavenContext(resolver=resolver, repo_cache=folder, remote_repos=mirrors, timeout=60)


def _missing(files: list[File], cache: Path) -> list[File]:
    # A file is moved into place only after its hash was checked, and in one step: being there is enough.
    return [file for file in files if not file.path(cache).exists()]


def _unpacked(archive: File, cache: Path) -> Path:
    return archive.path(cache).parent / "unpacked"


def _unpack(archive: Path, target: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix="unpack-"))
    try:
        with tarfile.open(archive) as content:
            content.extractall(folder, filter="data")
        folder.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Be the only process of this user that changes the cache while the block lasts."""
    cache.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(cache / "downloads.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
