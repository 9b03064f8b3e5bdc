"""What `exchange up` and `exchange run` refuse before anything is started."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from exchange.command.stack.background import start_behind
from exchange.command.stack.deploy import KEPT_POLICY
from exchange.command.stack.up import other_parts, with_ours, worker_names
from exchange.runtime.city import City, city_files
from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN, kafka_passwords
from exchange.runtime.registry.access import registry_passwords
from exchange.runtime.settings import settings_of
from exchange.runtime.stack.parts import Part
from tests.running import run_exchange

pytestmark = pytest.mark.process


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("up", "--brokers", "2"), "1 or 3"),
        (("up", "--workers", "13"), "at most 12"),
        (("up", "--workers", "0"), "--workers"),
        (("run", "projector", "--name", "projector-1"), "only joiners"),
        (("run", "joiner", "--name", "../joiner"), "only joiners"),
    ],
)
def test_a_number_or_name_that_can_not_be_is_wrong_usage(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    """Whoever mistypes is told what would do, and nothing is made."""
    told = run_exchange(*options, "--home", str(tmp_path / "home"))
    assert told.returncode == 2
    assert said in " ".join(told.stderr.split())
    assert not (tmp_path / "home").exists()


def test_brokers_that_run_elsewhere_are_not_ours_to_count(tmp_path: Path) -> None:
    """Asking for three here while the environment names others would start none of them, in silence."""
    elsewhere = {"EXCHANGE_KAFKA": "127.0.0.1:1"}
    told = run_exchange("up", "--brokers", "3", "--home", str(tmp_path / "home"), environment=elsewhere)
    assert told.returncode == 2
    assert "EXCHANGE_KAFKA" in told.stderr


def test_a_home_made_with_one_broker_refuses_three(tmp_path: Path) -> None:
    """Its data lies on one; the operator reads what to do instead."""
    home = Home(tmp_path)
    home.create()
    (home.data / "kafka").mkdir()
    told = run_exchange("up", "--detach", "--brokers", "3", "--home", str(tmp_path))
    assert told.returncode == 1
    assert "was created with one broker" in told.stderr
    assert "another home" in told.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"EXCHANGE_WEBHOOK_URL": "http://portal.example.cn/"}, "is not https"),
        ({"EXCHANGE_WEBHOOK_URL": "https://portal.example.cn/", "EXCHANGE_WEBHOOK_SECRET": "x"}, "24 to 64"),
    ],
)
def test_an_address_of_the_portal_that_is_none_stops_the_start(
    variables: dict[str, str], said: str, tmp_path: Path
) -> None:
    """Not a part that keeps dying behind; and nothing was started."""
    told = run_exchange("up", "--detach", "--home", str(tmp_path / "home"), environment=variables)
    assert told.returncode == 1
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert not any((tmp_path / "home" / "run").iterdir())


def test_the_portal_is_told_only_where_its_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody else has the parts that they always had."""
    monkeypatch.delenv("EXCHANGE_WEBHOOK_URL", raising=False)
    assert "notifier" not in other_parts()
    monkeypatch.setenv("EXCHANGE_WEBHOOK_URL", "https://portal.example.cn/")
    assert other_parts()[-1] == "notifier"


def test_one_joiner_is_called_joiner_and_several_are_numbered() -> None:
    """The name is its part's, its store's and its place in the group: each worker keeps its own."""
    assert worker_names(1) == ("joiner",)
    assert worker_names(3) == ("joiner-1", "joiner-2", "joiner-3")


def test_a_citys_folder_that_is_wrong_stops_the_start(tmp_path: Path) -> None:
    """Named, and with its line; behind, each part would die of it again and again."""
    folder = _shipped_files(tmp_path / "own")
    named = {"EXCHANGE_POLICY": str(folder)}
    path = folder / "disclosure.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("department: justice", "department: court"), "utf-8"
    )
    for said in (r"disclosure\.yaml:\d+: .*no such department: court", r"lacks files: disclosure\.yaml"):
        told = run_exchange("up", "--detach", "--home", str(tmp_path / "home"), environment=named)
        assert told.returncode == 1
        assert re.search(said, told.stderr)
        assert "Traceback" not in told.stderr
        assert not (tmp_path / "home").exists()
        path.unlink(missing_ok=True)


def test_parts_are_told_of_the_citys_folder_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They run in the home, and are started again with what they were started with."""
    folder = _shipped_files(tmp_path / "own")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXCHANGE_POLICY", "own")
    home = Home(tmp_path / "home")
    home.create()
    home.make_case_key()
    kafka_passwords(home)
    registry_passwords(home)
    settings = settings_of(home, {"kafka": "127.0.0.1:1", "registry": "", "postgres": ""}, ADMIN)
    ours = [item for item in with_ours(home, (), settings, 1) if isinstance(item, Part)]
    assert [part.name for part in ours] == ["joiner", *other_parts()]
    assert {(part.env or {})["EXCHANGE_POLICY"] for part in ours} == {str(folder)}
    assert [part.name for part in ours if KEPT_POLICY in part.after] == [
        "clock"
    ]  # ticks say that a log is old


def test_a_supervisor_behind_is_told_of_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs in the home, where a folder named from here would be another one."""

    def started(*_: object, env: Mapping[str, str], **__: object) -> NoReturn:
        raise InterruptedError(env["EXCHANGE_POLICY"])

    home = Home(tmp_path / "home")
    home.create()
    monkeypatch.setenv("EXCHANGE_POLICY", "own")
    monkeypatch.setattr(subprocess, "Popen", started)
    with pytest.raises(InterruptedError, match=re.escape(str(tmp_path / "own"))):
        start_behind(home, [], City(tmp_path / "own"))


def _shipped_files(folder: Path) -> Path:
    folder.mkdir()
    for name in city_files():
        shutil.copy(City().path_of(name), folder / name)
    return folder
