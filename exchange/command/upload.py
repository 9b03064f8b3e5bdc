"""`exchange upload`: a file for an application to name, taken into the encrypted store."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from exchange.command.terminal.asker import asker_of
from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption, actor_of
from exchange.command.terminal.output_file import as_place
from exchange.command.terminal.session_file import read_token
from exchange.desk.asker import Asker, shell
from exchange.desk.materials import OfferedFile
from exchange.desk.materials import upload as take_file
from exchange.runtime.city import find_city
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, find_home
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from exchange.runtime.uploads.store import open_store


def upload(
    file: Annotated[str, typer.Argument(metavar="FILE", show_default=False, help="PDF, JPEG or PNG.")],
    kind: Annotated[
        int, typer.Option("--kind", metavar="N", help="Its kind of material, by number; 0 lists them.")
    ],
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Upload a file as a material, for an application to name by its SHA-256.

    What it is, is judged by what is in it. It is kept encrypted; until an application names it nobody reads
    it, and after some weeks it is deleted. For example: exchange upload register.pdf --kind 3 --json

    Exit 1 where it is not taken; says why.
    """
    place, city, path = _home_of(home), find_city(), as_place(file)
    offered = OfferedFile(_read(path, city.uploads.largest_bytes), path.name, kind)
    taken = take_file(city, _asker(place), offered, open_store(place))
    if json:
        print_json(asdict(taken))
    else:
        say(said("uploaded", sha256=taken.sha256, kind=kind, type=taken.type, size=taken.bytes))


def _home_of(given: Path | None) -> Home:
    """Return the home whose store it is.

    Raises:
        ExchangeError: there is none.
    """
    place = find_home(given)
    if not place.secrets.is_dir():
        raise ExchangeError(said("backup_no_home", home=place.root), said("give_its_home"))
    return place


def _asker(home: Home) -> Asker:
    """Return who asks; only of whoever has signed in is a part of the exchange asked."""
    if read_token(home) is None:
        return shell(actor_of(""))
    return asker_of("", load_settings(home.root))


def _read(path: Path, largest_bytes: int) -> bytes:
    """Return what is in a file; of one that is too large no more than shows that it is."""
    with path.open("rb") as file:
        return file.read(largest_bytes + 1)
