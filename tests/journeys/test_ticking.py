"""The clock as an operator meets it: among the parts, before the brokers, and stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from avro_schemas.catalogue import schema
from exchange.runtime.home import Home
from exchange.runtime.registry.client import Registry
from exchange.runtime.registry.serde import Decoder
from exchange.runtime.settings import Settings
from tests.absent_brokers import claimed_port, forwarding
from tests.journeys.log_tools import CATALOGUE, messages_of
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import CLOCK, subject_of

PARTITIONS = CATALOGUE.by_name[CLOCK].partitions


def test_the_exchange_ticks_on_every_partition_of_its_own_topic(stack: Settings) -> None:
    """A reader finds these events as it finds all others: Avro as registered, no key, only a moment."""
    with Registry(stack.registry) as registry:
        known = registry.lookup(subject_of(CLOCK), schema("clock_tick"))
        decode = Decoder(schema("clock_tick"), registry.schema_by_id).decode
        found = messages_of(stack, CLOCK, PARTITIONS)
        ticks = [(message, decode(message.value())["at"]) for message in found]
    assert {message.partition() for message in found} == set(range(PARTITIONS))
    for message, at in ticks:
        assert message.key() is None
        assert message.value()[1:5] == known[1].to_bytes(4, "big")
        text = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        assert dict(message.headers()) == {
            "ce_specversion": b"1.0",
            "content-type": b"application/avro",
            "ce_id": f"{message.partition()}@{text}".encode(),
            "ce_type": b"exchange.events.clock_tick",
            "ce_source": b"/exchange/clock",
            "ce_time": text.encode(),
        }
    for partition in range(PARTITIONS):
        told = [at for message, at in ticks if message.partition() == partition]
        assert told == sorted(told)
        assert told[-1] <= datetime.now(UTC)


def test_status_lists_the_clock_among_the_parts(
    stack: Settings, exchange: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """It is healthy like the others, and told from Kafka, registry and PostgreSQL by its name."""
    told = json.loads(exchange("status", "--json", "--home", str(stack.home)).stdout)
    health = {part["name"]: part["health"] for part in told["parts"]}
    assert {"joiner", "projector", "clock"} <= health.keys()
    assert health["clock"] == "healthy"


def test_a_clock_without_brokers_waits_and_ticks_when_they_come(stack: Settings, tmp_path: Path) -> None:
    """It may be started before them, and says in its log what it waits for."""
    ready, log = Home(tmp_path).ready_file("clock"), tmp_path / "clock.log"
    with claimed_port() as port, clock_process(stack, tmp_path, f"127.0.0.1:{port}", 1):
        wait_for("the clock to say that it waits", lambda: "waits_and_tries_again" in log.read_text())
        assert not ready.exists()
        with forwarding(port, stack.kafka.servers):
            wait_for("the clock to be ready", ready.exists)
        before = len(messages_of(stack, CLOCK, PARTITIONS))
        wait_for(
            "a tick on every partition",
            lambda: len(messages_of(stack, CLOCK, PARTITIONS)) >= before + PARTITIONS,
        )
    assert "Traceback" not in log.read_text()


def test_a_clock_stops_before_its_next_tick(stack: Settings, tmp_path: Path) -> None:
    """An operator who stops the exchange does not wait a day for it."""
    with clock_process(stack, tmp_path, stack.kafka.servers, 86_400) as process:
        wait_for("the clock to be ready", Home(tmp_path).ready_file("clock").exists)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


@contextmanager
def clock_process(
    stack: Settings, folder: Path, kafka: str, seconds: int
) -> Iterator[subprocess.Popen[bytes]]:
    """A second clock for the stack, in a home of its own, that seeks the brokers where it is told."""
    shutil.copytree(stack.home / "secrets", folder / "secrets")
    Home(folder).create()
    given_addresses = {
        "EXCHANGE_KAFKA": kafka,
        "EXCHANGE_KAFKA_CA": str(stack.kafka.ca or ""),
        "EXCHANGE_REGISTRY": stack.registry.url,
        "EXCHANGE_POSTGRES": stack.postgres,
        "EXCHANGE_CASE_KEY": stack.case_key.hex(),
        "EXCHANGE_TICK_SECONDS": str(seconds),
    }
    words = [sys.executable, "-m", "exchange", "run", "clock", "--home", str(folder)]
    with (folder / "clock.log").open("wb") as log:
        process = subprocess.Popen(words, env={**os.environ, **given_addresses}, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
