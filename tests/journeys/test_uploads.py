"""A paper's way: uploaded, named by an application, read by whose matter it is, and by nobody else."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from consumers.uploads.reading import NotTheirsError
from consumers.uploads.sweep import uses_in
from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.desk import open_desk
from exchange.desk.materials import list_materials, read
from exchange.desk.persons import asked_person
from exchange.domain.access.may import WorkPlace
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.uploads.store import open_store
from tests.cases import applied, given, resulted
from tests.journeys.live import Live
from tests.journeys.log_tools import Encoding, access_records, produce
from tests.paper_files import pdf
from tests.people import QINZHOU, id_number
from tests.waiting import wait_for

Exchange = Callable[..., subprocess.CompletedProcess[str]]
NUMBER = id_number(QINZHOU, date(1935, 8, 3), 921)  # no other test's


@pytest.fixture(scope="module")
def uploaded(stack: Settings, exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The SHA-256 of a register that was uploaded and is named by the application for a matter."""
    file = tmp_path_factory.mktemp("scans") / "register.pdf"
    file.write_bytes(pdf())
    told = exchange("upload", str(file), "--kind", "3", "--json", "--home", str(stack.home))
    row = json.loads(told.stdout)
    material = {"kind": row["kind"], "sha256": row["sha256"], "original_sighted": False}
    own = {"label": "paper", "id_number": NUMBER}
    live = Live(stack)
    application = applied(9, materials=[material], channel="WINDOW", **own)
    assert live.publish(given("death_certificate", **own), application) == ["ACCEPTED", "ACCEPTED"]
    live.until_visible()
    return str(row["sha256"])


def test_the_department_reads_it_and_each_read_is_noted(
    stack: Settings, exchange: Exchange, uploaded: str, tmp_path: Path
) -> None:
    """The very bytes, where only their owner reads them."""
    home, out = ("--home", str(stack.home)), tmp_path / "read.pdf"
    shown = exchange("materials", "show", NUMBER, "--as", "justice", "--json", "--actor", "看 9", *home)
    assert json.loads(shown.stdout) == {"matter": 9, "instance": None, "kind": 3, "sha256": uploaded}
    reading = ("--as", "justice", "--out", str(out), "--actor", "读 9", *home)
    exchange("materials", "read", NUMBER, uploaded, *reading)
    assert out.read_bytes() == pdf()
    assert out.stat().st_mode & 0o077 == 0
    noted = {one["actor"]: one for one in access_records(stack) if one["actor"] in {"看 9", "读 9"}}
    assert [(one["command"], one["unmasked"]) for one in noted.values()] == [
        ("materials show", False),
        ("materials read", True),
    ]
    assert {tuple(one["fields"]) for one in noted.values()} == {("materials.3",)}
    assert {one["department"] for one in noted.values()} == {"justice"}


def test_others_do_not_read_it_and_the_window_does(
    stack: Settings, exchange: Exchange, uploaded: str, tmp_path: Path
) -> None:
    """The window took it; police have nothing to do with the matter."""
    asked = ("materials", "read", NUMBER, uploaded, "--home", str(stack.home), "--out")
    out = tmp_path / "read.pdf"
    refused = exchange(*asked, str(out), "--as", "police")
    assert (refused.returncode, out.exists()) == (1, False)
    assert "do not read it" in refused.stderr
    exchange(*asked, str(out), "--as", "service_centre")
    assert out.read_bytes() == pdf()


READERS: list[tuple[str, WorkPlace]] = [
    ("department_handler", {"department": "justice"}),
    ("supervisor", {"department": "justice"}),
    ("window_clerk", {}),
]
NO_READERS: list[tuple[str, WorkPlace, type[ExchangeError]]] = [
    ("department_handler", {"department": "police"}, NotTheirsError),
    ("county", {"department": "justice", "county": "620503"}, NotTheirsError),
    ("bank_clerk", {"department": "financial_regulation", "bank": "91620500439150008B"}, NotTheirsError),
    ("auditor", {}, NotAllowedError),
    ("operator", {}, NotAllowedError),
    ("leader", {}, NotAllowedError),
    ("hotline", {}, NotAllowedError),
    ("portal", {}, NotAllowedError),
    ("department_system", {"department": "justice"}, NotAllowedError),
]


def test_each_role_reads_it_or_does_not_and_only_reads_are_noted(stack: Settings, uploaded: str) -> None:
    """Through the desk itself, with an account of each role."""
    store = open_store(Home(stack.home))
    with open_desk(stack) as desk:
        person = asked_person(desk.case_ids, NUMBER)
        assert person is not None
        for role, within in READERS:
            asker = Asker(f"读 {role}", role, within, "api")
            assert read(desk, asker, person, uploaded, "核对", store) == pdf()
            listed = list_materials(desk, asker, person, "")
            assert listed is not None
            assert [one.sha256 for one in listed.files] == [uploaded]
        for role, within, refusal in NO_READERS:
            with pytest.raises(refusal):
                read(desk, Asker(f"读 {role} no", role, within, "api"), person, uploaded, "核对", store)
    noted = [one for one in access_records(stack) if one["actor"].startswith("读 ")]
    by_accounts = sorted(one["actor"] for one in noted if one["role"] != "shell" and one["unmasked"])
    assert by_accounts == sorted(f"读 {role}" for role, _ in READERS)
    assert {one["purpose"] for one in noted} == {"read_material"}


def test_a_sweep_asks_the_log_who_names_it(stack: Settings, exchange: Exchange, uploaded: str) -> None:
    """Open until the matter is decided; then its time begins, and today it goes nowhere."""
    (use,) = uses_in(stack)[uploaded]
    assert (use.matters, use.finished_on) == ((9,), None)
    live = Live(stack)
    assert live.publish(resulted(9, label="paper", id_number=NUMBER)) == ["ACCEPTED"]
    live.until_visible()
    (use,) = uses_in(stack)[uploaded]
    assert use.finished_on is not None
    told = exchange("materials", "sweep", "--json", "--home", str(stack.home))
    kept = len(list(open_store(Home(stack.home)).files()))
    assert json.loads(told.stdout) == {"deleted": 0, "kept": kept}


def test_what_a_refused_application_names_is_nobodys(stack: Settings) -> None:
    """It lies under a key that is not its person's: it will be in no case. Its twin counts."""
    refused, taken = "a1" * 32, "b2" * 32
    encoding = Encoding(stack)
    for digest, key in ((refused, "0" * 18), (taken, NUMBER)):
        material = {"kind": 3, "sha256": digest, "original_sighted": False}
        _, fields = applied(9, label=digest, materials=[material], channel="WINDOW", id_number=NUMBER)
        topic, _, value = encoding.encode("application", {**fields})
        produce(stack, [(topic, key, value)])
    wait_for("the refusal", lambda: refused not in uses_in(stack))
    wait_for("the case", lambda: [one.matters for one in uses_in(stack).get(taken, ())] == [(9,)])
