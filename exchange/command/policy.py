"""`exchange policy export|check`: a city's own matters, departments and limits, in a folder of its own."""

from pathlib import Path
from typing import Annotated

import typer

from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.runtime.city import CATALOGUE, City, city_files, city_in, find_city
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home_path import as_word
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said
from topics.policy_file import PolicyFinding

policy_app = typer.Typer(
    help="Write the policy files out to edit them, and check them.", no_args_is_help=True
)


@policy_app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or an empty one.")],
    home: HomeOption = None,
) -> None:
    """Write the shipped policy files into a folder, for a city to edit.

    For example: exchange policy export tianshui
    """
    del home  # every command takes it; this one asks nothing of a home
    place = folder.absolute()
    shown = printed(str(place))
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise ExchangeError(said("policy_not_empty", folder=shown))
    place.mkdir(parents=True, exist_ok=True)
    shipped, names = City(), city_files()
    for name in names:
        (place / name).write_bytes(shipped.path_of(name).read_bytes())
    say(said("policy_exported", count=len(names), folder=as_word(place)))


@policy_app.command("check")
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="The folder; by default the one in use.", show_default=False),
    ] = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say of each policy file that it is in order, or at which line what was found and what is allowed.

    For example: exchange policy check tianshui

    The one in use is the folder that EXCHANGE_POLICY names, else what is shipped. While a schema in
    schemas/records or catalogue.yaml is wrong, the files behind it are not looked at. Exit 1 where a file is
    wrong or missing.
    """
    del home  # as above
    city = find_city() if folder is None else city_in(folder)
    findings = city.findings()
    for name in _looked_at(city, {one.file for one in findings}):
        _tell(name, [one for one in findings if one.file == name], json=json)
    if findings:
        raise typer.Exit(1)


def _looked_at(city: City, wrong: set[str]) -> tuple[str, ...]:
    """Return the files that were looked at.

    Without the schemas nobody knows the record types, and without a catalogue the departments, of which the
    others speak.
    """
    files = city.files
    first = files.index(CATALOGUE)
    if wrong & set(files[:first]):
        return files[:first]
    return files[: first + 1] if CATALOGUE in wrong else files


def _tell(name: str, wrong: list[PolicyFinding], *, json: bool) -> None:
    if json:
        told = [{"line": one.line, "problem": one.problem} for one in wrong]
        print_json({"file": name, "in_order": not wrong, "findings": told})
        return
    for one in wrong:
        say(str(one))
    if not wrong:
        say(said("policy_in_order", file=name))
