"""`exchange topics`: the catalogue and the brokers, for people and for programs."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from exchange.runtime.settings import Settings
from topics.catalogue import load_catalogue

Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize("way", ["--apply", "--check"])
def test_topics_are_json_lines_in_the_order_of_the_catalogue(
    stack: Settings, exchange: Run, way: str
) -> None:
    """An operator's program reads every topic with its owner and readers; nothing differs."""
    done = exchange("topics", way, "--json", "--home", str(stack.home))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["topic"] for line in lines] == [topic.name for topic in load_catalogue().topics]
    assert {line["partitions"] for line in lines} == {12}
    assert all(line["notes"] == [] for line in lines)


def test_people_read_the_same_on_standard_error(stack: Settings, exchange: Run) -> None:
    """Standard output is for programs."""
    done = exchange("topics", "--check", "--home", str(stack.home))
    assert (done.returncode, done.stdout) == (0, "")
    assert len(done.stderr.splitlines()) == len(load_catalogue().topics)
