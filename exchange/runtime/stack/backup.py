"""A copy of a stopped home, and a home made from it: what cannot be made again, file by file, with digests.

Kafka's logs are everything that anybody ever said, the registry's schemas included (`schema_copy`); the case
key turns numbers into case ids. The read model, the ledger, the registry and the join's states are made
again from the log, so nothing of PostgreSQL is copied (ADR 0021). Files handed in are copied as they lie in
the home; where they lie in a store elsewhere, that has backups of its own (ADR 0068).

Shape: the folder of a backup holds `data/kafka…`, `data/uploads` and `secrets` as the home does, and
`backup.list`, written last: file → size and SHA-256. A folder without that file is not a backup. Every file
is encrypted with the backup key, which is not among them (ADR 0059). Earlier versions wrote the list as
`backup.json` and encrypted nothing: such a backup is read where that is asked for, since anybody may have
written it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.home_path import require_fit
from exchange.runtime.sentences import said
from exchange.runtime.stack.backup_key import NAME as KEY_NAME
from exchange.runtime.stack.backup_key import AlteredError, BackupKey, read_key
from exchange.runtime.stack.brokers import broker_names, number_of_brokers
from exchange.runtime.uploads.folder import UPLOADS
from topics.catalogue import SCHEMAS

LIST: Final = Path("backup.list")
PLAIN_LIST: Final = Path("backup.json")
FOLDERS: Final = ("data", "secrets")
"""Where in a home all that is saved lies."""
FORMAT, PLAIN_FORMAT = 2, 1
_CHUNK_BYTES: Final = 1 << 20

TellCopied = Callable[[int], None]
"""Told how many more bytes were copied."""


@dataclass(frozen=True)
class Copied:
    """One file of a backup; its path is within the home."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Backup:
    """What lies in a folder, and the key to it; None: a plain one by an earlier version."""

    folder: Path
    key: BackupKey | None

    def open(self, path: Path) -> BinaryIO:
        """Open one of its files to read what was saved."""
        file = (self.folder / path).open("rb")
        return self.key.reading(file, path) if self.key else file

    def files(self) -> list[Copied]:
        """Return what it holds.

        Raises:
            ExchangeError: it is not a backup, was broken off, is of another version or another key, or names
                a file that would not lie in the home's own folders.
        """
        name, wanted = (LIST, FORMAT) if self.key else (PLAIN_LIST, PLAIN_FORMAT)
        try:
            with self.open(name) as file:
                content = json.loads(file.read())
            if content["format"] == wanted:
                return [_within_home(self.folder, Copied(**entry)) for entry in content["files"]]
        except AlteredError:
            raise ExchangeError(
                said("backup_of_other_key", folder=self.folder), said("backup_key_where")
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise ExchangeError(
                said("backup_none", folder=self.folder, list=name), said("backup_name_whole")
            ) from problem
        raise ExchangeError(
            said("backup_of_other_version", folder=self.folder, format=content["format"], wanted=wanted)
        )


def open_backup(folder: Path, key_file: Path | None, *, plain: bool = False) -> Backup:
    """Return the backup in a folder.

    Args:
        folder: where it lies.
        key_file: the key to it. Who has one is never given what anybody could have written without it.
        plain: one by an earlier version, which is not encrypted, may be read.

    Raises:
        ExchangeError: it is encrypted, and there is no key in that file; or it is not, and that was not asked
            for, or a key was given.
    """
    if (folder / PLAIN_LIST).exists() and not (folder / LIST).exists():
        if key_file is not None or not plain:
            raise ExchangeError(said("backup_is_plain", folder=folder), said("backup_say_plain"))
        return Backup(folder, None)
    if key_file is None:
        raise ExchangeError(said("backup_needs_key", folder=folder), said("backup_key_where"))
    return Backup(folder, read_key(key_file))


def files_to_save(home: Home) -> list[Path]:
    """Return the files of a home that cannot be made again, by their paths within it.

    Raises:
        ExchangeError: there is no such home, a broker's folder is missing, or the log holds no schemas yet.
    """
    brokers = [home.data / name for name in broker_names(number_of_brokers(home, None))]
    if missing := [folder for folder in brokers if not folder.exists()]:
        raise ExchangeError(
            said("backup_broker_missing", missing=missing[0], home=home.root), said("backup_of_brokers")
        )
    if not any(log.stat().st_size for folder in brokers for log in (folder / f"{SCHEMAS}-0").glob("*.log")):
        raise ExchangeError(said("backup_no_schemas", folder=home.data), said("backup_start_once"))
    folders, left_out = [*brokers, home.data / UPLOADS, home.secrets], home.secrets / KEY_NAME
    return sorted(
        path.relative_to(home.root)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path != left_out
    )


def save(home: Home, target: Path, key: BackupKey, files: list[Path], report: TellCopied) -> list[Copied]:
    """Copy files of a home, which nobody starts meanwhile, into a new private folder; write the list last.

    Raises:
        ExchangeError: the folder is not empty, or cannot be written.
    """
    if target.exists() and any(target.iterdir()):
        raise ExchangeError(said("folder_not_empty", folder=target), said("backup_name_new"))
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        copied = []
        for path in files:
            with (home.root / path).open("rb") as old, key.writing(_new(target, path), path) as new:
                copied.append(_copy(path, old, new.write, report))
        os.sync()
        content = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
        with key.writing(_new(target, LIST), LIST) as new:
            new.write(json.dumps({**content, "files": [*map(asdict, copied)]}).encode())
    except OSError as problem:
        raise ExchangeError(
            said("not_copied", file=problem.filename or target, problem=problem.strerror),
            said("backup_remove", folder=target),
        ) from problem
    return copied


def check(backup: Backup, files: list[Copied], report: TellCopied) -> None:
    """Read every file of a backup to its end: it could be restored.

    Raises:
        ExchangeError: a file is missing or altered.
    """
    try:
        for wanted in files:
            _read(backup, wanted, len, report)
    except OSError as problem:
        told = said("not_copied", file=problem.filename or backup.folder, problem=problem.strerror)
        raise ExchangeError(told, said("backup_take_other")) from problem


def restore(backup: Backup, files: list[Copied], home: Home, report: TellCopied) -> None:
    """Make a home from a backup; it appears whole or not at all.

    Raises:
        ExchangeError: there is a home already, or none could work there, or a file is missing or altered.
    """
    require_fit(home.root)
    if home.root.exists() and any(home.root.iterdir()):
        raise ExchangeError(said("folder_not_empty", folder=home.root), said("restore_into_new"))
    root = home.root.resolve()  # a link to an empty folder stays, and leads to the home
    fresh = root.with_name(f"{_digest(root.name)}.restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(mode=0o700, parents=True)
        for wanted in files:
            with _new(fresh, Path(wanted.path)) as new:
                _read(backup, wanted, new.write, report)
        os.sync()
        fresh.replace(root)
    except OSError as problem:
        told = said("not_copied", file=problem.filename or fresh, problem=problem.strerror)
        raise ExchangeError(told, said("nothing_restored")) from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _within_home(folder: Path, listed: Copied) -> Copied:
    """Return an entry of a list, which whoever wrote it may have made up.

    Raises:
        ExchangeError: its file would lie outside the folders that are saved.
    """
    path = PurePosixPath(listed.path)
    if path.parts[:1] not in {(name,) for name in FOLDERS} or len(path.parts) == 1 or ".." in path.parts:
        raise ExchangeError(said("backup_names_outside", folder=folder, path=path), said("backup_take_other"))
    return listed


def _digest(name: str) -> str:
    """Return a short stand-in for a name to which something is appended: the name itself may be long."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:16]


def _read(backup: Backup, wanted: Copied, write: Callable[[bytes], int], report: TellCopied) -> None:
    path = Path(wanted.path)
    with suppress(AlteredError), backup.open(path) as old:
        if _copy(path, old, write, report) == wanted:
            return
    raise ExchangeError(said("backup_altered", file=backup.folder / path), said("backup_take_other"))


def _new(target: Path, path: Path) -> BinaryIO:
    """Open a new file in that folder, closed to other users."""
    for folder in reversed((target / path).relative_to(target).parents[:-1]):
        (target / folder).mkdir(mode=0o700, exist_ok=True)
    file = (target / path).open("wb")
    os.fchmod(file.fileno(), 0o600)
    return file


def _copy(path: Path, old: BinaryIO, write: Callable[[bytes], int], report: TellCopied) -> Copied:
    digest, size_bytes = hashlib.sha256(), 0
    for chunk in _chunks(old.read):
        write(chunk)
        digest.update(chunk)
        size_bytes += len(chunk)
        report(len(chunk))
    return Copied(str(path), size_bytes, digest.hexdigest())


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while chunk := read(_CHUNK_BYTES):
        yield chunk
