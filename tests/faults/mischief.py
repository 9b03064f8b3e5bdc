"""What can go wrong, done to real processes while records come in; each says when it is over."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from confluent_kafka import KafkaException

from exchange.runtime.errors import RegistryAwayError
from exchange.runtime.home import Home
from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.registry.client import subject_ids
from exchange.runtime.settings import Settings
from exchange.runtime.stack.kafka import answers
from exchange.runtime.stack.state import PartState
from tests.faults.network import NotPermittedError, island
from tests.faults.observer import Observer
from tests.running import kill_part, part_of, servers_for_others, stopped, wait_for_next_life
from tests.waiting import wait_for
from topics.catalogue import JOIN_GROUP

SILENCE_S: Final = 10.0
"""After this long without an acknowledgement, the brokers are taken to be away."""
WORKERS: Final = ("joiner-1", "joiner-2")
BROKERS: Final = ("kafka-1", "kafka-2", "kafka-3")


@dataclass(frozen=True)
class Place:
    """Where a fault is done: the exchange, and whoever sends records to it."""

    settings: Settings
    observer: Observer

    def until_sent(self, share: float) -> None:
        """Return when this much of the load was sent."""
        wait_for(
            "so much of the load", lambda: self.observer.share >= share, seen=lambda: self.observer.share
        )

    def kill(self, *names: str) -> None:
        """Kill parts at once, and return when all are back."""
        killed = [kill_part(self.settings.home, name) for name in names]
        for part in killed:
            wait_for_next_life(self.settings.home, part)

    def restart(self, name: str) -> None:
        """End a part in good order, and return when the supervisor has it at work again."""
        before = part_of(self.settings.home, name)
        assert before.pid is not None
        os.kill(before.pid, signal.SIGTERM)
        wait_for_next_life(self.settings.home, before)

    def members(self) -> int:
        """Return how many workers the brokers know."""
        admin = make_admin(self.settings.kafka)  # kept: without its client an answer never comes
        try:
            return len(
                admin.describe_consumer_groups([JOIN_GROUP], request_timeout=10)[JOIN_GROUP].result().members
            )
        except KafkaException:
            return -1

    def until_members(self, count: int) -> None:
        """Return when the brokers know this many workers."""
        wait_for("so many members", lambda: self.members() == count, seen=self.members, every_s=0.5)

    def until_silence(self) -> None:
        """Return when nothing has been acknowledged for a while."""
        seen, since = len(self.observer.acknowledged), time.monotonic()

        def silent() -> bool:
            nonlocal seen, since
            if len(self.observer.acknowledged) != seen:
                seen, since = len(self.observer.acknowledged), time.monotonic()
            return time.monotonic() - since > SILENCE_S

        wait_for("silence", silent, every_s=0.2)


@contextmanager
def paused(settings: Settings, *names: str) -> Iterator[None]:
    """Stop parts in their tracks for as long as the block lasts."""
    with stopped(*(pid for name in names if (pid := part_of(settings.home, name).pid) is not None)):
        yield


def kill_worker(place: Place) -> None:
    """A worker is killed at whatever it is just doing."""
    place.until_sent(0.4)
    place.kill(WORKERS[0])


def kill_workers(place: Place) -> None:
    """Each worker is killed twice, in turn, at whatever it is just doing."""
    for turn in range(4):
        place.until_sent(0.2 * (turn + 1))
        place.kill(WORKERS[turn % 2])


def pause_worker_past_its_session(place: Place) -> None:
    """A worker stands still until another has its partitions, and then goes on as if nothing had been."""
    place.until_sent(0.2)
    with paused(place.settings, WORKERS[0]):
        place.until_members(1)
        place.until_sent(0.6)
    place.until_members(2)


def kill_broker(place: Place) -> None:
    """A broker, leader of a third of all partitions and perhaps of the cluster, is killed."""
    place.until_sent(0.3)
    place.kill(BROKERS[0])


def pause_broker(place: Place) -> None:
    """A broker does not answer, but its connections stand; then it goes on, believing that it still leads."""
    place.until_sent(0.3)
    with paused(place.settings, BROKERS[1]):
        place.until_sent(0.7)


def kill_two_brokers(place: Place) -> None:
    """Two of three are killed at once: nothing can be acknowledged until one is back."""
    place.until_sent(0.3)
    place.kill(*BROKERS[1:])


def pause_two_brokers(place: Place) -> None:
    """Two of three do not answer for so long that nothing is acknowledged any longer."""
    place.until_sent(0.3)
    with paused(place.settings, *BROKERS[:2]):
        place.until_silence()


def registry_away(place: Place) -> None:
    """The registry does not answer; a worker that is killed meanwhile cannot even start."""
    place.until_sent(0.3)
    with paused(place.settings, "registry"):
        killed = kill_part(place.settings.home, WORKERS[1])
        place.until_sent(0.7)
    wait_for_next_life(place.settings.home, killed)


def database_away(place: Place) -> None:
    """PostgreSQL is killed: cases wait to be shown, records do not wait to be taken."""
    place.until_sent(0.3)
    place.kill("postgres")
    # The registry finds out connection by connection that its database is another one now.
    wait_for("the registry", lambda: _registry_answers(place.settings), every_s=0.5)


def _registry_answers(settings: Settings) -> bool:
    try:
        return bool(subject_ids(settings))
    except RegistryAwayError:
        return False


def cut_off_broker(place: Place) -> None:
    """A broker reaches nobody and nobody reaches it, though it runs and every connection seems to stand."""
    place.until_sent(0.1)
    try:
        with island() as lonely:
            before = kill_part(place.settings.home, BROKERS[2])
            lonely.take(_next_pid(place.settings, before))  # before it has any socket: only new ones are cut
            wait_for_next_life(place.settings.home, before)
            place.until_sent(0.4)
            port = int(servers_for_others(place.settings).rpartition(":")[2])
            assert answers(port)
            with lonely.cut_off():
                assert not answers(port)
                place.until_sent(0.8)
    except NotPermittedError as why:
        pytest.skip(f"nobody can be cut off the network here: {why}")


def _next_pid(settings: Settings, killed: PartState) -> int:
    """Return the process that the supervisor starts in the place of a killed one."""
    wait_for(
        "the next process",
        lambda: part_of(settings.home, killed.name).pid not in {None, killed.pid},
        every_s=0.01,
    )
    pid = part_of(settings.home, killed.name).pid
    assert pid is not None
    return pid


def rolling_restart(place: Place) -> None:
    """Every part of ours and every broker is restarted in good order, one after the other."""
    place.until_sent(0.1)
    for name in (*WORKERS, *BROKERS, "projector", "clock"):
        place.restart(name)


def fill_disk(place: Place) -> None:
    """The disk with all data is full, until somebody makes room."""
    place.until_sent(0.3)
    ballast = Home(place.settings.home).data / "ballast"
    restarts = part_of(place.settings.home, "kafka").restarts
    try:
        _fill(ballast)
        wait_for(
            "the broker to die of the full disk",
            lambda: part_of(place.settings.home, "kafka").restarts > restarts,
            every_s=0.2,
        )
    finally:
        ballast.unlink()
    wait_for(
        "the broker to be healthy",
        lambda: part_of(place.settings.home, "kafka").health == "healthy",
        every_s=0.2,
    )


def _fill(ballast: Path) -> None:
    # Unbuffered: what a buffer still holds would be written, and refused, once more when the file is closed.
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * (1 << 20))


def step_clock(place: Place) -> None:
    """The clock by which our own parts go is two hours ahead, then two hours behind, then right again."""
    for share, offset_s in ((0.2, "+7200"), (0.5, "-7200"), (0.8, "+0")):
        place.until_sent(share)
        clock_of(place.settings.home).write_text(offset_s, encoding="ascii")


def clock_of(home: Path) -> Path:
    """The file by which a test steps the clock of a home's parts."""
    return home.with_name("clock-offset")


@dataclass(frozen=True)
class Fault:
    """A fault, by the name in the report, and for how long at least records come meanwhile."""

    name: str
    do: Callable[[Place], None]
    load_s: float


COMMONEST: Final = (
    Fault("worker killed (-9)", kill_worker, 8),
    Fault("broker killed (-9), few records", kill_broker, 8),
)
ON_THREE_BROKERS: Final = (
    Fault("workers killed (-9), four times", kill_workers, 20),
    Fault("worker paused past its session", pause_worker_past_its_session, 30),
    Fault("broker killed (-9)", kill_broker, 15),
    Fault("broker paused", pause_broker, 30),
    Fault("two of three brokers killed (-9)", kill_two_brokers, 15),
    Fault("two of three brokers paused", pause_two_brokers, 20),
    Fault("registry away, a worker killed", registry_away, 20),
    Fault("database killed (-9)", database_away, 10),
    Fault("rolling restart of all parts", rolling_restart, 40),
    Fault("broker cut off by the network", cut_off_broker, 30),
)
ON_A_SMALL_MACHINE: Final = (
    Fault("disk full", fill_disk, 20),
    Fault("clock stepped by two hours, both ways", step_clock, 20),
)
