"""`exchange backup` and `exchange restore`: a copy of a stopped home, and a home made from it."""

from pathlib import Path
from typing import Annotated

import typer

from exchange.command.stack.progress import MEGABYTE, copy_progress
from exchange.command.stack.sole_supervisor import sole_supervisor
from exchange.command.terminal.console import say
from exchange.command.terminal.options import HomeOption
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_home
from exchange.runtime.home_path import as_word
from exchange.runtime.sentences import said
from exchange.runtime.stack.backup import Backup, check, files_to_save, open_backup, restore, save
from exchange.runtime.stack.backup_key import NAME as KEY_NAME
from exchange.runtime.stack.backup_key import make_key, read_key

KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help="The key of the backup; by default the home's own.", show_default=False
    ),
]


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder; closed to other users.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Make none: read the one that is there, to its last byte.")
    ] = False,
    key: KeyOption = None,
    home: HomeOption = None,
) -> None:
    """Save a stopped home, encrypted: Kafka's logs and the secrets, each file with its digest.

    For example: exchange down, then exchange backup /mnt/backup/2026-03-02, then exchange up --detach

    Everything else is made again from the log at the first start after `exchange restore`. The key is made at
    the first backup, secrets/backup_key of the home, and is in no backup: keep a copy of it elsewhere.
    """
    place = find_home(home)
    if verify:
        _check(open_backup(folder.absolute(), key or place.secrets / KEY_NAME))
    else:
        _save(place, folder.absolute(), key)


def _check(saved: Backup) -> None:
    files = saved.files()
    total_bytes = sum(file.size_bytes for file in files)
    size = _megabytes(total_bytes)
    with copy_progress(said("backup_reading", megabytes=size), total_bytes) as report:
        check(saved, files, report)
    say(said("backup_checked", files=len(files), size=size, folder=saved.folder))


def _megabytes(total_bytes: int) -> str:
    return f"{total_bytes / MEGABYTE:.1f}"


def _save(place: Home, folder: Path, key: Path | None) -> None:
    if not place.run.exists():
        raise ExchangeError(said("backup_no_home", home=place.root), said("give_its_home"))
    # Nobody starts it while it is copied.
    with sole_supervisor(place):
        files = files_to_save(place)
        if key is None and make_key(place):
            say(said("backup_key_made", file=place.secrets / KEY_NAME))
        cipher = read_key(key or place.secrets / KEY_NAME)
        total_bytes = sum((place.root / path).stat().st_size for path in files)
        size = _megabytes(total_bytes)
        with copy_progress(said("backup_saving", megabytes=size), total_bytes) as report:
            copied = save(place, folder, cipher, files, report)
    say(said("backup_saved", files=len(copied), size=size, folder=folder))


def restore_here(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `exchange backup` wrote.")],
    key: KeyOption = None,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", help="Read one by an earlier version, not encrypted: anybody may have altered it."
        ),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Create a new home from a backup, on this machine or another; every file is checked by its digest.

    For example: exchange restore /mnt/backup/2026-03-02 --key backup_key --home /srv/exchange

    Then `exchange up --detach` makes the registry, the read model, the ledger and the join's states again
    from the log, and `exchange verify` shows that all is as it was.
    """
    place, saved = find_home(home), open_backup(folder.absolute(), key, plain=plain)
    files = saved.files()
    total_bytes = sum(file.size_bytes for file in files)
    size = _megabytes(total_bytes)
    with copy_progress(said("backup_restoring", megabytes=size), total_bytes) as report:
        restore(saved, files, place, report)
    say(said("backup_restored", files=len(files), size=size, folder=place.root))
    say(said("start_what_is_restored", home=as_word(place.root)))
