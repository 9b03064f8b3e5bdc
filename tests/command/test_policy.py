"""`exchange policy export|check`: a city's files, written out, edited, and checked before they count."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from avro_schemas.catalogue import schema_paths
from exchange.command.policy import policy_app
from exchange.command.publish import publish
from exchange.command.replay import replay
from exchange.command.sample import sample
from exchange.command.schemas import schemas_app
from exchange.runtime.city import City, city_files, city_in
from exchange.runtime.errors import ExchangeError
from tests.own_types import FILE, VEHICLE, own_city, own_folder, put_schema, vehicle_schema
from topics.city_folder import VARIABLE


def call(*words: str) -> Result:
    return CliRunner().invoke(policy_app, list(words))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that was exported just now."""
    assert call("export", str(tmp_path / "own")).exit_code == 0
    return tmp_path / "own"


def edit(folder: Path, name: str, before: str, after: str) -> int:
    """Plant a slip; return its line."""
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    return 1 + text[: text.index(before)].count("\n")


def test_what_is_exported_is_what_is_shipped_and_is_in_order(folder: Path) -> None:
    """Byte for byte, comments and all: they say what may be changed."""
    for name in city_files():
        assert (folder / name).read_bytes() == City().path_of(name).read_bytes()
    checked = call("check", str(folder))
    assert checked.exit_code == 0
    told = [line.split("：")[0] for line in checked.stderr.splitlines() if line.endswith("：无误。")]
    assert told == list(city_files())
    assert checked.stdout == ""


@pytest.mark.parametrize("kind", ["a folder with something in it", "a file"])
def test_nothing_is_exported_over_what_is_there(tmp_path: Path, kind: str) -> None:
    """A city's edits are not written over."""
    place = tmp_path / "own"
    if kind == "a file":
        place.write_text("mine", encoding="utf-8")
    else:
        place.mkdir()
        (place / "matters.yaml").write_text("mine", encoding="utf-8")
    refused = call("export", str(place))
    assert isinstance(refused.exception, ExchangeError)
    assert "is not an empty folder" in refused.exception.message
    assert "mine" in (place if kind == "a file" else place / "matters.yaml").read_text(encoding="utf-8")


def test_a_slip_is_told_with_line_finding_and_what_is_allowed(folder: Path) -> None:
    """Several files at once; the nearest known word is named."""
    line = edit(folder, "disclosure.yaml", "department: justice", "department: justise")
    limit = edit(folder, "periods.yaml", "correction_minutes: 60", "correction_minutes: soon")
    checked = call("check", str(folder))
    assert checked.exit_code == 1
    assert f"disclosure.yaml:{line}: " in checked.stderr
    assert "no such department: justise (justice?); known: data_bureau, " in checked.stderr
    assert f"periods.yaml:{limit}: correction_minutes: Input should be a valid integer" in checked.stderr
    assert "not soon" in checked.stderr
    assert "matters.yaml: in order" in checked.stderr


def test_a_program_reads_each_file_in_a_line(folder: Path) -> None:
    """What does not fit another file is found, too."""
    line = edit(folder, "conflicts.yaml", "holds: ", "holds: no_")
    checked = call("check", str(folder), "--json")
    assert checked.exit_code == 1
    rows = {row["file"]: row for row in map(json.loads, checked.stdout.splitlines())}
    assert list(rows) == list(city_files())
    assert {name for name, row in rows.items() if not row["in_order"]} == {"conflicts.yaml"}
    (found,) = rows["conflicts.yaml"]["findings"]
    assert found["line"] == line
    assert "no such prerequisite: no_" in found["problem"]


def test_without_a_catalogue_in_order_nothing_else_is_called_so(folder: Path) -> None:
    """Nobody knows the departments that the others speak of."""
    edit(folder, "catalogue.yaml", "cremation: civil_affairs", "cremation: nobody")
    checked = call("check", str(folder))
    assert checked.exit_code == 1
    assert "no such owner: nobody" in checked.stderr
    assert "in order" not in checked.stderr


def test_the_folder_in_use_is_checked_by_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what is shipped."""
    edit(folder, "periods.yaml", "correction_minutes: 60", "correction_minutes: 0")
    assert call("check").exit_code == 0
    monkeypatch.setenv(VARIABLE, str(folder))
    assert call("check").exit_code == 1


def test_record_types_of_its_own_are_checked_with_the_rest(tmp_path: Path) -> None:
    """A folder with one more is in order, file by file, the schemas first."""
    checked = call("check", str(own_folder(tmp_path / "own")), "--json")
    assert checked.exit_code == 0, checked.stderr
    assert [json.loads(line)["file"] for line in checked.stdout.splitlines()] == [FILE, *city_files()]


def test_a_version_that_was_in_use_is_written_out_with_its_record_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An auditor reads the rules of the day as that city had them."""
    city = own_city(tmp_path / "own")
    kept = [{"version": "0123456789ab", "files": dict(city.texts)}]
    monkeypatch.setattr("exchange.command.policy.kept_policies", lambda _: kept)
    monkeypatch.setattr("exchange.command.policy.load_settings", lambda _: None)
    written = tmp_path / "written"
    assert call("export", str(written), "--version", "0123456789ab").exit_code == 0
    assert city_in(written).policy.version == city.policy.version


def test_without_schemas_in_order_nothing_else_is_called_so(tmp_path: Path) -> None:
    """Nobody knows the record types that the others speak of; the field's line is told."""
    folder = own_folder(tmp_path / "own")
    edit(folder, FILE, '"rule": "money_fen"', '"rule": "yuan"')
    checked = call("check", str(folder))
    assert checked.exit_code == 1
    text = (folder / FILE).read_text(encoding="utf-8")
    line = 1 + text[: text.index('"name": "value_fen"')].count("\n")
    wanted = f"{FILE}:{line}: value_fen: long has no rule yuan; allowed: money_fen, count"
    assert wanted in checked.stderr
    assert "in order" not in checked.stderr


def test_commands_ask_the_folder_in_use_which_types_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`schemas check` counts them, `publish` and `replay` name them, `sample` makes one up."""
    folder = own_folder(tmp_path / "own")
    monkeypatch.setenv(VARIABLE, str(folder))
    runner, table = CliRunner(), tmp_path / "vehicles.csv"
    table.touch()
    checked = runner.invoke(schemas_app, ["check"])
    assert f"{len(schema_paths()) + 1} schemas, 0 findings" in checked.stderr
    for command, words in ((publish, (str(table), "--type", "vehicles")), (replay, ("--type", "vehicles"))):
        app = typer.Typer()
        app.command()(command)
        assert VEHICLE in " ".join(runner.invoke(app, words).stderr.replace("│", " ").split())
    app = typer.Typer()
    app.command()(sample)
    made = runner.invoke(app, ["--people", "8"]).stdout.splitlines()
    assert VEHICLE in {json.loads(line)["type"] for line in made}
    other = own_folder(tmp_path / "other")
    put_schema(other, vehicle_schema(name="Car"))
    monkeypatch.setenv(VARIABLE, str(other))
    refused = runner.invoke(schemas_app, ["check"])
    assert isinstance(refused.exception, ExchangeError)
    assert f"{FILE}:1: name is VehicleRegistration, not Car" in refused.exception.message
