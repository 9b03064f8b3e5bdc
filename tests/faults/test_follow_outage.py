"""Kafka goes away under somebody who follows, and comes back; or is not there yet."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

import pytest

from exchange.runtime.settings import Settings
from tests.absent_brokers import claimed_port, forwarding
from tests.case_documents import announcement_document
from tests.journeys.log_tools import publish_events
from tests.running import kill_part
from tests.waiting import PATIENCE_S, wait_for
from topics.catalogue import matters_topic

pytestmark = pytest.mark.leaves("forgeries")


def test_who_follows_is_told_that_kafka_is_away_and_misses_nothing(stack: Settings) -> None:
    """The time without Kafka is no idle time, and what comes afterwards is shown."""
    with following(stack, {}) as (follower, said):
        wait_for("the beginning", lambda: heard(said, "Following"))
        kill_part(stack.home, "kafka")
        wait_for(
            "the word that Kafka does not answer", lambda: heard(said, "does not answer"), seen=lambda: said
        )
        wait_for("the word that it goes on", lambda: heard(said, "continuing"), seen=lambda: said)
        announced = announce(stack)
        assert announced in ids_of(follower)
        assert follower.wait(PATIENCE_S) == 0


def test_who_begins_to_follow_while_kafka_is_away_is_told_and_waits_for_it(stack: Settings) -> None:
    """A department's computer may come up before the network does."""
    announced, trusted = announce(stack), {"EXCHANGE_KAFKA_CA": str(stack.kafka.ca or "")}
    with (
        claimed_port() as port,
        following(stack, {**trusted, "EXCHANGE_KAFKA": f"127.0.0.1:{port}"}, "--from-start") as (
            follower,
            said,
        ),
    ):
        wait_for(
            "the word that Kafka does not answer",
            lambda: heard(said, f"127.0.0.1:{port} does not answer"),
            seen=lambda: said,
        )
        assert not heard(said, "Following")
        with forwarding(port, stack.kafka.servers):
            wait_for("the beginning", lambda: heard(said, "Following"), seen=lambda: said)
            assert announced in ids_of(follower)
            assert follower.wait(PATIENCE_S) == 0


@contextmanager
def following(
    stack: Settings, environment: Mapping[str, str], *words: str
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Somebody who follows justice until nothing comes, and the lines that it said so far."""
    options = ("follow", "justice", "--json", "--until-idle", "8", "--home", str(stack.home), *words)
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "exchange", *options],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as follower:
        assert follower.stderr is not None
        listening = threading.Thread(target=said.extend, args=(follower.stderr,))
        listening.start()
        try:
            yield follower, said
        finally:
            follower.kill()
            listening.join()


def announce(stack: Settings) -> str:
    """Announce something to justice; return its id."""
    announcement = announcement_document(str(uuid4()), uuid4().hex, department="justice")
    publish_events(stack, matters_topic("justice"), "announcement", [announcement])
    return str(announcement["id"])


def ids_of(follower: subprocess.Popen[str]) -> list[str]:
    """The ids of all that is shown to the end."""
    assert follower.stdout is not None
    return [json.loads(line)["id"] for line in follower.stdout]


def heard(said: list[str], words: str) -> bool:
    return any(words in line for line in said)
