"""`exchange backup` and `exchange restore`: a copy of a stopped home, and a home made from it."""

from pathlib import Path
from typing import Annotated

import typer

from exchange.command.stack.progress import MEGABYTE, copy_progress
from exchange.command.stack.sole_supervisor import sole_supervisor
from exchange.command.terminal.console import say
from exchange.command.terminal.options import HomeOption
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import find_home
from exchange.runtime.home_path import as_word
from exchange.runtime.sentences import said
from exchange.runtime.stack.backup import files_to_save, read_list, restore, save


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder; closed to other users.")],
    home: HomeOption = None,
) -> None:
    """Save a stopped home: Kafka's logs and the secrets, each file with its digest.

    For example: exchange down, then exchange backup /mnt/backup/2026-03-02, then exchange up --detach

    Everything else is made again from the log at the first start after `exchange restore`. The copy holds
    personal data and the key of the case ids: keep it as closed as the home itself.
    """
    place = find_home(home)
    if not place.run.exists():
        raise ExchangeError(said("backup_no_home", home=place.root), said("give_its_home"))
    # Nobody starts it while it is copied.
    with sole_supervisor(place):
        files = files_to_save(place)
        total_bytes = sum((place.root / path).stat().st_size for path in files)
        with copy_progress("Saving", total_bytes) as report:
            copied = save(place, folder.absolute(), files, report)
    size = f"{total_bytes / MEGABYTE:.1f}"
    say(said("backup_saved", files=len(copied), size=size, folder=folder.absolute()))


def restore_here(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `exchange backup` wrote.")],
    home: HomeOption = None,
) -> None:
    """Create a new home from a backup, on this machine or another; every file is checked by its digest.

    For example: exchange restore /mnt/backup/2026-03-02 --home /srv/exchange

    Then `exchange up --detach` makes the registry, the read model, the ledger and the join's states again
    from the log, and `exchange verify` shows that all is as it was.
    """
    place, source = find_home(home), folder.absolute()
    files = read_list(source)
    total_bytes = sum(file.size_bytes for file in files)
    with copy_progress("Restoring", total_bytes) as report:
        restore(source, files, place, report)
    size = f"{total_bytes / MEGABYTE:.1f}"
    say(said("backup_restored", files=len(files), size=size, folder=place.root))
    say(said("start_what_is_restored", home=as_word(place.root)))
