"""Kafka goes away under somebody who follows, and comes back."""

import json
import subprocess
import sys
import threading
from uuid import uuid4

import psutil
import pytest

from exchange.runtime.home import Home
from exchange.runtime.settings import Settings
from exchange.runtime.stack.state import read_state
from exchange.runtime.waiting import wait_until
from tests.case_documents import announcement_document
from tests.journeys.log_tools import LIMIT_S, publish_events
from topics.catalogue import matters_topic

pytestmark = pytest.mark.stack


@pytest.mark.timeout(400)
def test_who_follows_is_told_that_kafka_is_away_and_misses_nothing(stack: Settings) -> None:
    """The time without Kafka is no idle time, and what comes afterwards is shown."""
    words = ("follow", "justice", "--json", "--until-idle", "8", "--home", str(stack.home))
    command = [sys.executable, "-m", "exchange", *words]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as follower:
        assert follower.stdout is not None
        assert follower.stderr is not None
        listening = threading.Thread(target=said.extend, args=(follower.stderr,))
        listening.start()
        try:
            assert wait_until(lambda: heard(said, "Following"), LIMIT_S)
            process_of(stack, "kafka").kill()
            assert wait_until(lambda: heard(said, "does not answer; waiting"), LIMIT_S), said
            assert wait_until(lambda: heard(said, "going on"), LIMIT_S), said
            announcement = announcement_document(str(uuid4()), uuid4().hex, department="justice")
            publish_events(stack, matters_topic("justice"), "announcement", [announcement])
            assert json.loads(follower.stdout.readline())["id"] == announcement["id"]
            assert follower.wait(LIMIT_S) == 0
        finally:
            follower.kill()
            listening.join()


def heard(said: list[str], words: str) -> bool:
    return any(words in line for line in said)


def process_of(stack: Settings, name: str) -> psutil.Process:
    """The process of a part that runs."""
    state = read_state(Home(stack.home))
    assert state is not None
    return psutil.Process(next(part.pid for part in state.parts if part.name == name and part.pid))
