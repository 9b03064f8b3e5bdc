"""A start with another policy than the last one says so, and what to do; no brokers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from exchange.command.stack import background, deploy
from exchange.runtime import policy_log
from exchange.runtime.city import City, city_in
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.kafka.kept_values import Kept
from exchange.runtime.principals import ADMIN, kafka_passwords
from exchange.runtime.registry.access import registry_passwords
from exchange.runtime.settings import Settings, settings_of
from exchange.runtime.stack.state import clear, write_policy_folder
from tests.policies import edited
from topics.catalogue import CATALOGUE_PATH, CLOCK, POLICIES

SHIPPED = City().policy.version
LAST = "0123456789ab"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a home whose city has a folder with longer periods."""
    home = Home(tmp_path / "home")
    home.create()
    home.make_case_key()
    kafka_passwords(home)
    registry_passwords(home)
    own = edited(tmp_path / "own", ("periods.yaml", "correction_minutes: 60", "correction_minutes: 90"))
    (own / CATALOGUE_PATH.name).write_bytes(CATALOGUE_PATH.read_bytes())
    nowhere = {"kafka": "127.0.0.1:1", "registry": "", "postgres": ""}
    return replace(settings_of(home, nowhere, ADMIN), city=city_in(own))


def log_with(monkeypatch: pytest.MonkeyPatch, *versions: str, ticks: Sequence[str]) -> list[str]:
    """Put a log in place of the brokers; return what is kept there from now on."""
    put: list[str] = []
    on = {POLICIES: versions, CLOCK: ticks}
    kept = {topic: [Kept(key.encode(), b"") for key in keys] for topic, keys in on.items()}
    monkeypatch.setattr(policy_log, "kept_values", lambda _, topic, **__: kept[topic])
    monkeypatch.setattr(policy_log, "put_policy", lambda given: put.append(given.city.policy.version))
    return put


def told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    """What the start says of the policy."""
    deploy.TASKS[-1].carry_out(settings)
    return " ".join(capsys.readouterr().err.split())


def test_another_policy_than_the_last_one_is_told_of(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In both languages, with the city's name and the command."""
    kept, now = log_with(monkeypatch, LAST, ticks=["tick"]), settings.city.policy.version
    said = told(settings, capsys)
    assert f"此前使用的是政策版本 {LAST}，现改为 {now}（天水市 Tianshui）" in said
    assert f"The policy in use was {LAST} and is now {now}" in said
    assert said.count("`exchange refold`") == 2
    assert kept == [now]


def test_the_same_policy_is_not_spoken_of(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From whichever folder it comes."""
    kept = log_with(monkeypatch, settings.city.policy.version, ticks=["tick"])
    assert told(settings, capsys) == ""
    assert kept == []


def test_a_home_from_before_versions_were_kept_had_what_is_shipped(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody could choose another; a new home had none."""
    log_with(monkeypatch, ticks=["tick"])
    assert f"The policy in use was {SHIPPED}" in told(settings, capsys)
    assert told(replace(settings, city=City()), capsys) == ""
    log_with(monkeypatch, ticks=[])
    assert told(settings, capsys) == ""


def test_what_runs_by_another_folder_is_not_taken_for_what_was_asked_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second `up --detach` joins what runs only where it is the same city's."""
    home, own = Home(settings.home), settings.city
    here = SimpleNamespace(pid=1)
    joiner = SimpleNamespace(name="joiner")
    state = SimpleNamespace(running=True, phase="up", healthy=True, supervisor=here, parts=(joiner,))
    monkeypatch.setattr(background, "read_state", lambda _: state)
    monkeypatch.delenv("EXCHANGE_WEBHOOK_URL", raising=False)
    write_policy_folder(home, own.folder)
    assert background.join_running(home, None, None, own)
    with pytest.raises(ExchangeError, match=f"with the policy folder {own.folder} and not -"):
        background.join_running(home, None, None, City())
    clear(home)
    assert background.join_running(home, None, None, City())
    with pytest.raises(ExchangeError, match=f"with the policy folder - and not {own.folder}"):
        background.join_running(home, None, None, own)
