"""Kafka on this machine: one listener for our own parts, which vouches for itself, and one for others."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from exchange.runtime.home import Home
from exchange.runtime.kafka.access import own_certificate
from exchange.runtime.settings import Settings
from exchange.runtime.stack.certificates import prepare_own
from tests.conftest import PARTS
from tests.running import servers_for_others
from tests.waiting import wait_for

pytestmark = pytest.mark.skipif(PARTS != "embedded", reason="listeners of the embedded parts")
CLEAR: Final = {"security.protocol": "SASL_PLAINTEXT"}
SCRAM: Final = {"sasl.mechanism": "SCRAM-SHA-512"}


def comes_in(told: dict[str, Any]) -> bool:
    """Say whether somebody who is told this is let in, or else refused in so many words."""
    refused: list[Any] = []
    found: list[Any] = []
    client = AdminClient({**told, "log_level": 0, "error_cb": refused.append})

    def is_answered() -> bool:
        client.poll(0)
        with suppress(KafkaException):
            found.append(client.list_topics(timeout=0.5))
        return bool(found or refused)

    wait_for("an answer", is_answered)
    return bool(found)


def test_each_listener_takes_those_for_whom_it_is_and_in_their_way_alone(
    stack: Settings, tmp_path: Path
) -> None:
    """Nobody can be talked into telling a password to whoever has taken the port of clients."""
    others = Home(tmp_path)
    others.create()
    prepare_own(others, datetime.now(UTC))
    ours, clients = stack.kafka.client_options(), {"bootstrap.servers": servers_for_others(stack)}
    ways = {
        "ours": ours,
        "ours, trusting another home's brokers": replace(
            stack.kafka, ca=own_certificate(others)
        ).client_options(),
        "ours, in the clear": {**ours, **CLEAR},
        "ours, by SCRAM": {**ours, **SCRAM},
        "ours, by a wrong password": {**ours, "sasl.password": "guessed"},
        "ours, encrypted but as nobody": {**ours, "security.protocol": "SSL"},
        "as a client, by PLAIN": {**ours, **clients, **CLEAR},
        "as a client, by SCRAM": {**ours, **clients, **CLEAR, **SCRAM},
        "as a client, encrypted": {**ours, **clients},
    }
    with ThreadPoolExecutor() as pool:  # each but the first is kept waiting
        came = dict(zip(ways, pool.map(comes_in, ways.values()), strict=True))
    assert came == {way: way == "ours" for way in ways}
