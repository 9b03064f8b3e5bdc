"""A department's client that writes a record topic in transactions: seen, named, and waited for by nobody."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import KafkaException

from consumers.operations.part_views import part_views
from exchange.runtime.home import Home
from exchange.runtime.kafka.clients import make_producer
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_state
from tests.waiting import PATIENCE_S, wait_for

pytestmark = pytest.mark.stack

TOPIC, PARTITION = "records.notary", 7
Exchange = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def client(stack: Settings) -> Iterator[Any]:
    """A client that writes in transactions; what it leaves open is aborted."""
    lasts = {"transaction.timeout.ms": int(2 * PATIENCE_S * 1000)}  # else the broker aborts it after a minute
    producer = make_producer(stack.kafka, {"transactional.id": f"outside.{uuid4()}", **lasts})
    producer.init_transactions(PATIENCE_S)
    producer.begin_transaction()
    yield producer
    with suppress(KafkaException):  # the test has aborted it, if it came so far
        producer.abort_transaction(PATIENCE_S)


def status(stack: Settings, exchange: Exchange) -> dict[str, Any]:
    """What `status` tells a program."""
    told: dict[str, Any] = json.loads(exchange("status", "--json", "--home", str(stack.home)).stdout)
    return told


def said(stack: Settings, exchange: Exchange, how: str) -> str:
    """What `status` says of outsiders' transactions that are open or taken back; empty if nothing."""
    problems = status(stack, exchange)["problems"]
    return "".join(one["what"] for one in problems if one["code"] == f"outside_transaction_{how}")


def outside(stack: Settings, exchange: Exchange) -> dict[str, Any]:
    """What `status` tells a program of them; null where nobody answered in time."""
    told: dict[str, Any] = status(stack, exchange)["outside_transactions"]
    return told


def waiting(stack: Settings) -> int:
    """How many messages the parts say that they have still to take."""
    home = Home(stack.home)
    return sum(part.behind or 0 for part in part_views(home, read_state(home)))


def test_an_outsiders_transaction_is_named_while_it_is_open_and_when_it_was_aborted(
    stack: Settings, exchange: Exchange, client: Any
) -> None:
    """Its department learns that what it sent has reached nobody; and nothing seems to wait for ever."""
    for _ in range(3):
        client.produce(TOPIC, b"\x00never said", "key", PARTITION)
    assert client.flush(PATIENCE_S) == 0
    where = f"{TOPIC}/{PARTITION}"
    wait_for("the open transaction to be named", lambda: where in said(stack, exchange, "open"))
    client.abort_transaction(PATIENCE_S)
    wait_for("what was taken back to be named", lambda: where in said(stack, exchange, "taken_back"))
    wait_for("nothing to be open any more", lambda: outside(stack, exchange)["open"] == [])
    (back,) = [one for one in outside(stack, exchange)["taken_back"] or () if one["topic"] == TOPIC]
    assert back["records"] == 3
    wait_for("nothing to wait any more", lambda: waiting(stack) == 0)
    day = exchange("reconcile", "--department", "justice", "--json", "--home", str(stack.home))
    assert json.loads(day.stdout)["taken_back"] == 3
