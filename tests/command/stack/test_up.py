"""What `exchange up` and `exchange run` refuse before anything is started."""

from pathlib import Path

import pytest

from exchange.command.stack.up import other_parts, worker_names
from exchange.runtime.home import Home
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
