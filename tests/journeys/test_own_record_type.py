"""A record type of a city's own comes to an exchange in use; a matter needs it, and comes to its end."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cases import Given, applied, given
from tests.own_types import TRANSFER, VEHICLE, own_folder, vehicle
from tests.people import QINZHOU, id_number
from tests.running import run_exchange, running_exchange
from tests.waiting import wait_for
from topics.city_folder import VARIABLE

NUMBER: Final = id_number(QINZHOU, sequence=713)
PLATE: Final = "甘E12345"
OTHER_PLATE: Final = "甘E54321"
CELLS: Final = {
    "record_id": "5f0c4a52-6f0e-4c7e-9f59-6a3a7d3d1b13",
    "recorded_at": "2026-01-05T09:00:00+08:00",
    "id_number": NUMBER,
    "name": "李秀兰",
    "plate_no": PLATE,
    "status": "REGISTERED",
    "keeper.phone": "13800138000",
}


class OwnCity:
    """The exchange of a city's folder, as its people use it: by commands alone."""

    def __init__(self, home: Path, environment: Mapping[str, str], files: Path) -> None:
        self._home, self._environment, self._files = home, environment, files

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command with the folder in its environment."""
        return run_exchange(*words, "--home", str(self._home), environment=self._environment)

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """What a command says in JSON lines."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def publish(self, *records: Given) -> list[str]:
        """Publish lines of JSON; return the statuses of their receipts."""
        file = self._files / "records.jsonl"
        lines = [json.dumps({"type": kind, "record": dict(record)}) for kind, record in records]
        file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return [row["status"] for row in self.rows("publish", str(file))]

    def publish_table(self, cells: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Publish a CSV of one row."""
        file = self._files / "vehicles.csv"
        file.write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n", encoding="utf-8")
        return self.run("publish", str(file), "--type", VEHICLE, "--as", "police", "--json")

    def states(self, number: str = NUMBER) -> list[tuple[str | None, str]]:
        """How the thirteenth matter stands, once for each vehicle; nothing before there is a case."""
        done = self.run("case", number, "--json")
        matters = json.loads(done.stdout)["matters"] if done.returncode == 0 else []
        return [(one["instance"], one["state"]) for one in matters if one["matter"] == TRANSFER]

    def until(self, instance: str | None, state: str, number: str = NUMBER) -> None:
        """Wait until the case that people read says so."""
        wait_for(
            f"{instance} to be {state}",
            lambda: (instance, state) in self.states(number),
            seen=lambda: self.states(number),
        )


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnCity]:
    """The exchange of a city that has lately begun to share vehicles."""
    files = tmp_path_factory.mktemp("own")
    home = tmp_path_factory.mktemp("city") / "home"
    with running_exchange(home=home):
        assert OwnCity(home, {}, files).publish(hers(given("death_certificate"))) == ["ACCEPTED"]
    environment = {VARIABLE: os.fspath(own_folder(files / "policy"))}
    with running_exchange(home=home, environment=environment):
        yield OwnCity(home, environment, files)


def hers(record: Given) -> Given:
    """The record, about the person of this module."""
    return record[0], {**record[1], "id_number": NUMBER}


def test_a_matter_goes_from_waiting_to_completed_by_a_type_of_the_citys_own(
    own: OwnCity, tmp_path: Path
) -> None:
    """Published as JSON and as CSV, told to the police alone, printed, counted, and shown to the family."""
    assert own.run("refold", "--yes").returncode == 0
    own.until(None, "WAITING")
    refused = own.publish_table({**CELLS, "status": "SOLD"})
    assert refused.returncode == 1
    assert [one["code"] for one in json.loads(refused.stdout)["reasons"]] == ["value_unknown"]
    taken = own.publish_table(CELLS)
    assert json.loads(taken.stdout)["status"] == "ACCEPTED", taken.stderr
    assert own.publish(hers(vehicle("second", plate_no=OTHER_PLATE))) == ["ACCEPTED"]
    own.until(PLATE, "READY")
    done = given("result", department="police", matter=TRANSFER, instance=PLATE, outcome="COMPLETED")
    assert own.publish(hers(applied(TRANSFER)), hers(done)) == ["ACCEPTED", "ACCEPTED"]
    own.until(PLATE, "COMPLETED")
    own.until(OTHER_PLATE, "APPLIED")
    _read_by_everybody(own, tmp_path)


def _read_by_everybody(own: OwnCity, files: Path) -> None:
    """What the department, the window, the family, the leaders and the auditor see of it."""
    told = own.rows("follow", "police", "--from-start", "--until-idle", "0.2")
    of_it = [one for one in told if one["matter"] == TRANSFER and one["instance"] == PLATE]
    assert [one["transition"] for one in of_it if one["transition"] != "OVERDUE"] == [
        *("READY", "APPLIED", "COMPLETED")
    ]
    assert PLATE in json.dumps(of_it[0]["draft"]["further.vehicle_plate_no"], ensure_ascii=False)
    pdf = files / "form.pdf"
    printed = own.run("form", NUMBER, "--pdf", str(pdf), "--actor", "窗口 03", "--reason", "窗口打印")
    assert (printed.returncode, pdf.read_bytes()[:5]) == (0, b"%PDF-"), printed.stderr
    (page,) = own.rows("progress", NUMBER, "--actor", "窗口 03")
    assert "done" in {one["situation"] for one in page["matters"] if one["matter"] == TRANSFER}
    csv = files / "statistics.csv"
    own.rows("statistics", "--csv", str(csv), "--lang", "zh")
    assert "车辆过户" in csv.read_text(encoding="utf-8")
    topics = {row["topic"]: row for row in own.rows("topics", "--check")}
    assert topics[f"records.{VEHICLE}"]["owner"] == "police"
    assert f"records.{VEHICLE}" in {row["topic"] for row in own.rows("schemas", "list")}
    assert "机动车登记" in own.run("case", NUMBER, "--lang", "zh").stdout
    assert VEHICLE in {row["about"]["type"] for row in own.rows("replay", "--type", VEHICLE)}
    assert own.run("verify").returncode == 0


def test_the_sample_takes_the_matter_to_its_end(own: OwnCity, tmp_path: Path) -> None:
    """Whoever has everything there has a vehicle: the family applies, the police answer."""
    file = tmp_path / "sample.jsonl"
    assert own.run("sample", "--people", "1", "--out", str(file)).returncode == 0
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (made,) = (one["record"] for one in lines if one["type"] == VEHICLE)
    of_it = [one for one in lines if one["record"].get("id_number") == made["id_number"]]
    assert set(own.publish(*((one["type"], one["record"]) for one in of_it))) <= {"ACCEPTED", "DUPLICATE"}
    own.until(made["plate_no"], "COMPLETED", made["id_number"])
