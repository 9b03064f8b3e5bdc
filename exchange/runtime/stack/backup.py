"""A copy of a stopped home, and a home made from it: what cannot be made again, file by file, with digests.

Kafka's logs are everything that anybody ever said, the registry's schemas included (`schema_copy`); the case
key turns numbers into case ids. The read model, the ledger, the registry and the join's states are made
again from the log, so nothing of PostgreSQL is copied (ADR 0021).

Shape: the folder of a backup holds `data/kafka…` and `secrets` as the home does, and `backup.json`, written
last: file → size and SHA-256. A folder without that file is not a backup.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.home_path import require_fit
from exchange.runtime.sentences import said
from exchange.runtime.stack.brokers import broker_names, number_of_brokers
from topics.catalogue import SCHEMAS

LIST: Final = "backup.json"
FORMAT: Final = 1
_CHUNK_BYTES: Final = 1 << 20

TellCopied = Callable[[int], None]
"""Told how many more bytes were copied."""


@dataclass(frozen=True)
class Copied:
    """One file of a backup; its path is within the home."""

    path: str
    size_bytes: int
    sha256: str


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
    folders = [*brokers, home.secrets]
    return sorted(
        path.relative_to(home.root) for folder in folders for path in folder.rglob("*") if path.is_file()
    )


def save(home: Home, target: Path, files: list[Path], report: TellCopied) -> list[Copied]:
    """Copy files of a home, which nobody starts meanwhile, into a new private folder; write the list last.

    Raises:
        ExchangeError: the folder is not empty, or cannot be written.
    """
    if target.exists() and any(target.iterdir()):
        raise ExchangeError(said("folder_not_empty", folder=target), said("backup_name_new"))
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        copied = [_copy(home.root, target, path, report) for path in files]
        os.sync()
        content = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
        write_private(target / LIST, json.dumps({**content, "files": [*map(asdict, copied)]}, indent=1))
    except OSError as problem:
        raise ExchangeError(
            said("not_copied", file=problem.filename or target, problem=problem.strerror),
            said("backup_remove", folder=target),
        ) from problem
    return copied


def read_list(source: Path) -> list[Copied]:
    """Return what a backup holds.

    Raises:
        ExchangeError: it is not a backup, was broken off, or was made by another version.
    """
    try:
        content = json.loads((source / LIST).read_text(encoding="utf-8"))
        if content["format"] == FORMAT:
            return [Copied(**entry) for entry in content["files"]]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ExchangeError(
            said("backup_none", folder=source, list=LIST),
            said("backup_name_whole"),
        ) from problem
    raise ExchangeError(
        said("backup_of_other_version", folder=source, format=content["format"], wanted=FORMAT)
    )


def restore(source: Path, files: list[Copied], home: Home, report: TellCopied) -> None:
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
            if _copy(source, fresh, Path(wanted.path), report) != wanted:
                raise ExchangeError(
                    said("backup_altered", file=source / wanted.path), said("backup_take_other")
                )
        os.sync()
        fresh.replace(root)
    except OSError as problem:
        told = said("not_copied", file=problem.filename or fresh, problem=problem.strerror)
        raise ExchangeError(told, said("nothing_restored")) from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _digest(name: str) -> str:
    """Return a short stand-in for a name to which something is appended: the name itself may be long."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:16]


def _copy(source: Path, target: Path, path: Path, report: TellCopied) -> Copied:
    digest, size_bytes = hashlib.sha256(), 0
    for folder in reversed((target / path).relative_to(target).parents[:-1]):
        (target / folder).mkdir(mode=0o700, exist_ok=True)
    with (source / path).open("rb") as old, (target / path).open("wb") as new:
        os.fchmod(new.fileno(), 0o600)
        for chunk in _chunks(old.read):
            new.write(chunk)
            digest.update(chunk)
            size_bytes += len(chunk)
            report(len(chunk))
    return Copied(str(path), size_bytes, digest.hexdigest())


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while chunk := read(_CHUNK_BYTES):
        yield chunk
