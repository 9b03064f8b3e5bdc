"""Kafka goes away under somebody who follows, and comes back; or is not there yet."""

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
from tests.waiting import wait_for
from topics.catalogue import matters_topic

pytestmark = pytest.mark.leaves("forgeries")


def test_who_follows_is_told_that_kafka_is_away_and_misses_nothing(stack: Settings) -> None:
    """It goes on by itself, and what comes afterwards is shown."""
    with following(stack, {}) as (told, said):
        wait_for("the beginning", lambda: heard(said, "Following"))
        kill_part(stack.home, "kafka")
        wait_for(
            "the word that Kafka does not answer", lambda: heard(said, "does not answer"), seen=lambda: said
        )
        wait_for("the word that it goes on", lambda: heard(said, "continuing"), seen=lambda: said)
        announced = announce(stack)
        wait_for("the announcement", lambda: heard(told, announced))


def test_who_begins_to_follow_while_kafka_is_away_is_told_and_waits_for_it(stack: Settings) -> None:
    """A department's computer may come up before the network does."""
    announced, trusted = announce(stack), {"EXCHANGE_KAFKA_CA": str(stack.kafka.ca or "")}
    with (
        claimed_port() as port,
        following(stack, {**trusted, "EXCHANGE_KAFKA": f"127.0.0.1:{port}"}, "--from-start") as (told, said),
    ):
        wait_for(
            "the word that Kafka does not answer",
            lambda: heard(said, f"127.0.0.1:{port} does not answer"),
            seen=lambda: said,
        )
        assert not heard(said, "Following")
        with forwarding(port, stack.kafka.servers):
            wait_for("the beginning", lambda: heard(said, "Following"), seen=lambda: said)
            wait_for("the announcement", lambda: heard(told, announced))


@contextmanager
def following(
    stack: Settings, environment: Mapping[str, str], *words: str
) -> Iterator[tuple[list[str], list[str]]]:
    """Somebody who follows justice: the announcements that were shown so far, and what was said beside."""
    options = ("follow", "justice", "--json", "--home", str(stack.home), *words)
    told: list[str] = []
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "exchange", *options],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as follower:
        streams = ((told, follower.stdout), (said, follower.stderr))
        listening = [threading.Thread(target=lines.extend, args=(stream,)) for lines, stream in streams]
        for one in listening:
            one.start()
        try:
            yield told, said
        finally:
            follower.kill()
            for one in listening:
                one.join()


def announce(stack: Settings) -> str:
    """Announce something to justice; return its id."""
    announcement = announcement_document(str(uuid4()), uuid4().hex, department="justice")
    publish_events(stack, matters_topic("justice"), "announcement", [announcement])
    return str(announcement["id"])


def heard(lines: list[str], words: str) -> bool:
    return any(words in line for line in lines)
