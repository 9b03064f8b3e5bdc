"""What runs is told from what only once ran."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.kafka.access import KafkaAccess, own_certificate
from exchange.runtime.principals import OPERATOR, kafka_passwords
from exchange.runtime.registry.access import READER, RegistryAccess, registry_passwords
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.state import (
    PartState,
    Process,
    StackState,
    end_leftovers,
    read_addresses,
    read_state,
    write_addresses,
    write_state,
)
from tests.running import ended
from tests.waiting import wait_for

ADDRESSES = {
    "kafka": "127.0.0.1:1",
    "registry": "http://127.0.0.1:2",
    "postgres": "postgresql://127.0.0.1:3/x",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home, and no address from the environment."""
    for name in ("KAFKA", "REGISTRY", "POSTGRES", "CASE_KEY", "TICK_SECONDS"):
        monkeypatch.delenv(f"EXCHANGE_{name}", raising=False)
    place = Home(tmp_path)
    place.create()
    place.make_case_key()
    kafka_passwords(place)
    registry_passwords(place)
    return place


def _this_process() -> Process:
    found = Process.of(os.getpid())
    assert found is not None
    return found


def test_a_process_that_took_over_a_number_is_not_taken_for_the_old_one() -> None:
    """Numbers of processes come round again; a file from before a restart must not name a stranger."""
    me = _this_process()
    assert me.alive
    assert not Process(me.pid, me.began - 60).alive


def test_a_dead_process_nobody_buried_counts_as_dead() -> None:
    """In a container without an init the dead stay in the table."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        wait_for("the child to be gone", lambda: Process.of(child.pid) is None)


def test_state_comes_back_as_it_was_written(home: Home) -> None:
    """Every command reads the same state that the supervisor wrote."""
    state = StackState(_this_process(), "running", (PartState("kafka", 1, 2.0, "healthy", 3),))
    write_state(home, state)
    assert read_state(home) == state


def test_addresses_of_a_dead_supervisor_are_not_used(home: Home) -> None:
    """After a crash the file is still there, and says nothing any more."""
    write_addresses(home, ADDRESSES)
    me = _this_process()
    write_state(home, StackState(me, "running", ()))
    assert read_addresses(home) == ADDRESSES
    write_state(home, StackState(Process(me.pid, me.began - 60), "running", ()))
    assert read_addresses(home) == {}


def test_leftovers_of_a_killed_supervisor_are_ended_with_their_children(home: Home) -> None:
    """The part may be gone and its child still hold the port."""
    script = "import subprocess, sys; print(subprocess.Popen(['sleep', '600'], stdout=2).pid)"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as part:
        began = Process.of(part.pid)
        assert part.stdout is not None
        child = int(part.stdout.readline())
    assert began is not None
    state = StackState(
        Process(part.pid, 0.0), "running", (PartState("part", part.pid, began.began, "healthy", 0),)
    )
    assert end_leftovers(state) == ["part"]
    assert Process.of(child) is None


def test_a_stranger_with_the_number_of_an_old_part_is_left_alone() -> None:
    """Cleaning up never ends what is not ours."""
    with ended(subprocess.Popen(["sleep", "600"], start_new_session=True)) as stranger:
        state = StackState(
            Process(stranger.pid, 0.0), "running", (PartState("x", stranger.pid, 1.0, "healthy", 0),)
        )
        assert end_leftovers(state) == []
        assert stranger.poll() is None


def test_settings_say_what_is_missing_and_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first error a newcomer meets must teach."""
    monkeypatch.setenv("EXCHANGE_KAFKA", ADDRESSES["kafka"])
    with pytest.raises(ExchangeError) as caught:
        load_settings(home.root)
    assert "registry, postgres" in caught.value.message
    assert "exchange up" in caught.value.hint
    assert "EXCHANGE_POSTGRES" in caught.value.hint


def test_the_environment_comes_before_the_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that runs elsewhere is used even where the home has one of its own."""
    write_addresses(home, ADDRESSES)
    write_state(home, StackState(_this_process(), "running", ()))
    authority = home.root / "ca.pem"
    authority.write_text("", encoding="ascii")
    monkeypatch.setenv("EXCHANGE_KAFKA", "elsewhere:9092")
    monkeypatch.setenv("EXCHANGE_KAFKA_CA", str(authority))
    settings = load_settings(home.root)
    password = kafka_passwords(home)[OPERATOR]
    assert settings.kafka == KafkaAccess("elsewhere:9092", OPERATOR, password, authority)
    reader = RegistryAccess(ADDRESSES["registry"], READER, registry_passwords(home)[READER])
    assert settings.registry == reader
    assert len(settings.case_key) == 32


def test_our_parts_come_to_the_homes_brokers_by_their_own_listener(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a broker vouches for itself; whoever is told of other brokers goes to those."""
    write_addresses(home, {**ADDRESSES, "kafka_own": "127.0.0.1:4"})
    write_state(home, StackState(_this_process(), "running", ()))
    kafka = load_settings(home.root).kafka
    assert (kafka.servers, kafka.ca) == ("127.0.0.1:4", own_certificate(home))
    monkeypatch.setenv("EXCHANGE_KAFKA", "127.0.0.1:9")
    assert load_settings(home.root).kafka.servers == "127.0.0.1:9"


def test_no_password_is_sent_in_clear_to_another_machine(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is on the way would be the joiner from then on; on this machine nobody is on the way."""
    write_addresses(home, ADDRESSES)
    write_state(home, StackState(_this_process(), "running", ()))
    monkeypatch.delenv("EXCHANGE_KAFKA_CA", raising=False)
    for servers in ("elsewhere:9092", "127.0.0.1:9092,10.1.2.3:9092"):
        monkeypatch.setenv("EXCHANGE_KAFKA", servers)
        with pytest.raises(ExchangeError, match=r"no password is sent there unencrypted"):
            load_settings(home.root)
    for servers in ("127.0.0.1:9092", "localhost:9092", "[::1]:9092,127.0.0.2:9094"):
        monkeypatch.setenv("EXCHANGE_KAFKA", servers)
        assert load_settings(home.root).kafka.servers == servers


def test_settings_print_neither_key_nor_dsn(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the key can find a person's case; whoever has the DSN may have a password."""
    write_state(home, StackState(_this_process(), "running", ()))
    write_addresses(home, ADDRESSES)
    settings = load_settings(home.root)
    assert ADDRESSES["postgres"] not in repr(settings)
    assert repr(settings.case_key) not in repr(settings)


def test_a_broken_case_key_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A short key would make other case ids without a word."""
    write_state(home, StackState(_this_process(), "running", ()))
    write_addresses(home, ADDRESSES)
    monkeypatch.setenv("EXCHANGE_CASE_KEY", "abcd")
    with pytest.raises(ExchangeError, match="32 bytes"):
        load_settings(home.root)


@pytest.mark.parametrize(("said", "seconds"), [(None, 60), ("", 60), ("1", 1), ("3600", 3600)])
def test_the_clock_ticks_each_minute_unless_told_otherwise(
    home: Home, monkeypatch: pytest.MonkeyPatch, said: str | None, seconds: int
) -> None:
    """A limit of hours needs no finer time; a test does."""
    write_state(home, StackState(_this_process(), "running", ()))
    write_addresses(home, ADDRESSES)
    if said is not None:
        monkeypatch.setenv("EXCHANGE_TICK_SECONDS", said)
    assert load_settings(home.root).tick_seconds == seconds


@pytest.mark.parametrize("said", ["0", "-5", "0.5", "1m", "六十", "86401"])
def test_an_interval_that_is_none_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """No limit may stay open because of a typing mistake."""
    write_state(home, StackState(_this_process(), "running", ()))
    write_addresses(home, ADDRESSES)
    monkeypatch.setenv("EXCHANGE_TICK_SECONDS", said)
    with pytest.raises(ExchangeError, match="EXCHANGE_TICK_SECONDS"):
        load_settings(home.root)


def test_secrets_are_made_once_and_for_their_owner_alone(home: Home) -> None:
    """Another case key would cut every case off from its person."""
    key = home.secrets / "case_key"
    before = key.read_text(encoding="ascii")
    home.make_case_key()
    assert key.read_text(encoding="ascii") == before
    assert key.stat().st_mode & 0o777 == 0o600
    write_private(key, before)
    assert not list(home.secrets.glob("case_key.*"))
