"""The real parts as an operator meets them: started, stopped, killed, twice on one machine."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from exchange.runtime.home import Home
from exchange.runtime.principals import ADMIN, OWN
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.brokers import brokers_of
from exchange.runtime.stack.kafka import properties
from exchange.runtime.stack.state import Process, read_state
from tests.running import ended, kill_part, part_of, started_exchange, wait_for_next_life
from tests.waiting import PATIENCE_S, wait_for

Exchange = Callable[..., subprocess.CompletedProcess[str]]
THIRD_PARTIES = ["postgres", "kafka", "registry"]


@dataclass(frozen=True)
class Running:
    """A home whose third parties run, without our own parts: all these tests need."""

    exchange: Exchange
    home: Path
    environment: dict[str, str]

    def up(self) -> subprocess.CompletedProcess[str]:
        """Start it."""
        return self.exchange(
            "up", "--detach", "--bare", "--home", str(self.home), environment=self.environment
        )

    def status(self) -> dict[str, Any]:
        """What `status --json` prints."""
        told = self.exchange("status", "--json", "--home", str(self.home))
        found: dict[str, Any] = json.loads(told.stdout)
        return found

    def processes(self) -> list[psutil.Process]:
        """The supervisor, the parts and their children."""
        state = read_state(Home(self.home))
        assert state is not None
        supervisor = psutil.Process(state.supervisor.pid)
        return [supervisor, *supervisor.children(recursive=True)]


@pytest.fixture(scope="module")
def running(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One home that runs for these tests, below a folder that only its owner may enter."""
    folder = tmp_path_factory.mktemp("private")
    folder.chmod(0o700)
    with started_exchange(folder / "first", "--bare"):
        yield Running(exchange, folder / "first", {})


def _connections(process: psutil.Process) -> list[Any]:
    """Those of a process; none if it has just ended by itself, as the sessions of PostgreSQL do."""
    with suppress(psutil.NoSuchProcess):
        return list(process.net_connections(kind="tcp"))
    return []


def _subjects(home: Path) -> httpx.Response:
    access = load_settings(home).registry
    return httpx.get(f"{access.url}/subjects", auth=access.auth)


def _all_gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and Process.of(process.pid) for process in processes)


def test_status_tells_what_runs_and_where(running: Running) -> None:
    """Whoever needs an address asks one command."""
    told = running.status()
    assert [part["name"] for part in told["parts"]] == THIRD_PARTIES
    assert {part["health"] for part in told["parts"]} == {"healthy"}
    assert {part["restarts"] for part in told["parts"]} == {0}
    assert _subjects(running.home).status_code == 200
    with psycopg.connect(told["postgres"]) as connection:
        assert connection.info.dbname == "exchange"
    assert told["gateway"] is None
    assert told["console"] is None


def test_no_part_listens_beyond_this_machine(running: Running) -> None:
    """The embedded parts know no password of Kafka's: nobody outside may reach them."""
    addresses = {
        connection.laddr.ip.removeprefix("::ffff:")
        for process in running.processes()
        for connection in _connections(process)
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


@pytest.mark.parametrize("name", ["kafka", "registry"])
def test_the_java_parts_run_from_code_that_was_made_ready(running: Running, name: str) -> None:
    """A file that the JVM refuses would only cost time, and nobody would see it."""
    part = psutil.Process(part_of(running.home, name).pid)
    assert any(Path(mapped.path).suffix == ".aot" for mapped in part.memory_maps())
    assert "[warning][aot" not in Home(running.home).log(name).read_text(encoding="utf-8")


def test_a_second_start_says_that_it_runs_already(running: Running) -> None:
    """Starting twice does no harm."""
    again = running.up()
    assert again.returncode == 0
    assert "Already running" in again.stderr
    in_front = running.exchange("up", "--bare", "--home", str(running.home))
    assert in_front.returncode == 1
    assert "already running" in in_front.stderr


def test_two_homes_run_side_by_side(running: Running) -> None:
    """Two cities, or a rehearsal beside the real thing; here the second uses the first one's PostgreSQL."""
    given = {"EXCHANGE_POSTGRES": running.status()["postgres"]}
    second = Running(running.exchange, running.home.parent / "second", given)
    with started_exchange(second.home, "--bare", environment=given) as started:
        assert "Up in" in started.stderr
        told = second.status()
        assert [part["name"] for part in told["parts"]] == ["kafka", "registry"]
        assert told["kafka"] != running.status()["kafka"]
        assert _subjects(second.home).json() == []
    assert running.status()["parts"][0]["health"] == "healthy"


def test_a_killed_part_is_started_again_and_counted(running: Running) -> None:
    """A crash in the night is repaired by itself and seen in the morning."""
    wait_for_next_life(running.home, kill_part(running.home, "postgres"))
    with psycopg.connect(running.status()["postgres"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_what_was_acknowledged_outlives_a_kill_of_everything_and_ctrl_c_stops_all_in_order(
    running: Running,
) -> None:
    """Power lost, or an operator's kill -9: the next start, here in front, cleans up and finds all data.

    Ctrl-C then gives the terminal back with nothing left behind.
    """
    _write(running)
    doomed = running.processes()
    for process in doomed:
        with suppress(psutil.NoSuchProcess):  # a session of PostgreSQL's that has just ended by itself
            process.kill()
    wait_for("all processes to be gone", lambda: _all_gone(doomed))
    assert running.exchange("status", "--home", str(running.home)).returncode == 1
    words = [sys.executable, "-m", "exchange", "up", "--bare", "--home", str(running.home)]
    with ended(subprocess.Popen(words, stderr=subprocess.PIPE, text=True)) as front:
        assert front.stderr is not None
        said = list(takewhile(lambda line: "Up in" not in line, front.stderr))
        assert any("cleaned up" in line for line in said), said
        _read(running)
        processes = running.processes()
        front.send_signal(signal.SIGINT)
        assert front.wait(PATIENCE_S) == 0
    assert len(processes) > len(THIRD_PARTIES)
    assert _all_gone(processes)
    log = Home(running.home).log("postgres").read_text(encoding="utf-8")
    assert log.splitlines()[-1].endswith("database system is shut down")


def _write(running: Running) -> None:
    told, reached = running.status(), load_settings(running.home, ADMIN).kafka.client_options()
    admin = AdminClient(reached)
    admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result(PATIENCE_S)
    producer = Producer({**reached, "acks": "all"})
    producer.produce("kept", b"value")
    assert producer.flush(PATIENCE_S) == 0
    with psycopg.connect(told["postgres"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'value' AS value")


def _read(running: Running) -> None:
    told, reached = running.status(), load_settings(running.home, ADMIN).kafka.client_options()
    consumer = Consumer({**reached, "group.id": "test"})
    consumer.assign([TopicPartition("kept", 0, 0)])
    message = consumer.poll(PATIENCE_S)
    consumer.close()
    assert message is not None
    assert message.value() == b"value"
    with psycopg.connect(told["postgres"]) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == ("value",)


def test_a_part_that_can_not_start_is_reported_and_nothing_stays(exchange: Exchange, tmp_path: Path) -> None:
    """A disk that belongs to another cluster, say: the operator reads which part, why, and where."""
    place = Home(tmp_path)
    place.create()
    folder = place.data / "kafka"
    folder.mkdir()
    (folder / "meta.properties").write_text("version=1\ncluster.id=other\nnode.id=7\n", encoding="ascii")
    started = Running(exchange, tmp_path, {}).up()
    assert started.returncode == 1
    assert "kafka ended with" in started.stderr
    assert "data directories" in started.stderr
    assert str(place.log("kafka")) in started.stderr
    assert "Traceback" not in started.stderr
    assert exchange("status", "--home", str(tmp_path)).returncode == 1
    assert read_state(place) is None


def test_the_broker_is_configured_for_evidence() -> None:
    """Defaults of Kafka that lose or expose data are not its defaults here."""
    [broker] = brokers_of(Home(Path("x")), 1, {"kafka": 1, "kafka_own": 2, "kafka_controller": 3})
    told = properties(broker, (broker,), dict.fromkeys(OWN, "0f"))
    for line in (
        "auto.create.topics.enable=false",
        "log.message.timestamp.type=LogAppendTime",
        "log.retention.ms=-1",
        "listeners=CLIENT://127.0.0.1:1,OWN://127.0.0.1:2,CONTROLLER://127.0.0.1:3",
    ):
        assert line in told
