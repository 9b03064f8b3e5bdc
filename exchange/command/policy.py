"""`exchange policy export|check`: a city's own matters, departments and limits, in a folder of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from exchange.command.terminal.console import print_json, say
from exchange.command.terminal.options import HomeOption, JsonOption
from exchange.runtime.city import CATALOGUE, City, city_files, city_in, find_city
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home_path import as_word
from exchange.runtime.policy_log import kept_policies
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said
from exchange.runtime.settings import load_settings
from topics.own_labels import label_samples
from topics.policy_file import PolicyFinding
from verification.times import instant_text

policy_app = typer.Typer(
    help="Write the policy files out to edit them, check them, and see which were in use when.",
    no_args_is_help=True,
)
VersionOption = Annotated[
    str, typer.Option("--version", metavar="VERSION", help="As it was in use: see `policy versions`.")
]


@policy_app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or an empty one.")],
    version: VersionOption = "",
    labels: Annotated[bool, typer.Option("--labels", help="Also all words on pages, in labels/.")] = False,
    home: HomeOption = None,
) -> None:
    """Write the shipped policy files into a folder, for a city to edit; or those that were once in use.

    For example: exchange policy export tianshui

    The words in labels/ are comments, until a city takes the "# " from those that it says otherwise.
    """
    place = folder.absolute()
    shown = printed(str(place))
    if place.exists() and not (place.is_dir() and not any(place.iterdir())):
        raise ExchangeError(said("policy_not_empty", folder=shown))
    samples = label_samples(said("labels_are_comments")) if labels else {}
    files = {**samples, **(_kept(version, home) if version else _shipped())}
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    say(said("policy_exported", count=len(files), folder=as_word(place)))


def _shipped() -> Mapping[str, bytes]:
    return {name: City().path_of(name).read_bytes() for name in city_files()}


def _kept(version: str, home: Path | None) -> Mapping[str, bytes]:
    """Return the files of a version that was in use.

    Raises:
        ExchangeError: it never was.
    """
    for one in kept_policies(load_settings(home)):
        if one["version"] == version:
            return {name: text.encode() for name, text in one["files"].items()}
    raise ExchangeError(said("policy_version_unknown", version=printed(version)))


@policy_app.command("versions")
def versions(json: JsonOption = False, home: HomeOption = None) -> None:
    """List the policies that were in use here, oldest first, each from when on; the last one is in use.

    For example: exchange policy versions

    Each announcement names the version by which it was made, so an auditor can read the rules of its day:
    exchange policy export DIR --version VERSION
    """
    from consumers.labels.words import local_time  # noqa: PLC0415 - `check` has to run where labels are wrong

    for one in kept_policies(load_settings(home)):
        if json:
            print_json({"version": one["version"], "at": instant_text(one["at"])})
        else:
            say(f"{one['version']}  {local_time(one['at'])}")


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
    wrong or missing. What the city has still to fill in or to check is told of files that are in order, and
    is not wrong.
    """
    del home  # as above
    city = find_city() if folder is None else city_in(folder)
    findings = city.findings()
    warnings = () if findings else city.warnings()
    for name in _looked_at(city, {one.file for one in findings}):
        wrong, left = ([one for one in found if one.file == name] for found in (findings, warnings))
        _tell(name, wrong, left, json=json)
    if findings:
        raise typer.Exit(1)


def _looked_at(city: City, wrong: set[str]) -> tuple[str, ...]:
    """Return the files that were looked at.

    Without the schemas nobody knows the record types, and without a catalogue the departments, of which the
    others speak. A file of labels that is none of ours has no place among them, and stands last.
    """
    files = city.files
    first = files.index(CATALOGUE)
    if wrong & set(files[:first]):
        return files[:first]
    if CATALOGUE in wrong:
        return files[: first + 1]
    return (*files, *sorted(wrong - set(files)))


def _tell(name: str, wrong: list[PolicyFinding], left: list[PolicyFinding], *, json: bool) -> None:
    if json:
        found, warned = _rows(wrong), _rows(left)
        print_json({"file": name, "in_order": not wrong, "findings": found, "warnings": warned})
        return
    for one in wrong:
        say(str(one))
    if not wrong:
        say(said("policy_in_order", file=name))
    if left:
        say(said("policy_left", count=len(left)))
    for one in left:
        say(f"  {one}")


def _rows(findings: list[PolicyFinding]) -> list[dict[str, object]]:
    return [{"line": one.line, "problem": one.problem} for one in findings]
