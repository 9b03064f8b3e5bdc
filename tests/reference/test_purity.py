"""The world in memory and all that is held against it need no broker, database or network."""

import subprocess
import sys

import pytest

OUTSIDE = ("aiokafka", "confluent_kafka", "faust", "httpx", "kafka", "psycopg", "rocksdict")
WORLDS = ("tests.world", "tests.reference.test_machine, tests.reference.test_planted")
LOADED = "import sys, {}; print(*{{name.partition('.')[0] for name in sys.modules}})"


@pytest.mark.process
@pytest.mark.parametrize("modules", WORLDS)
def test_nothing_of_the_stack_is_loaded(modules: str) -> None:
    """Thousands of histories run in seconds anywhere, and what is wrong with one is wrong with a rule."""
    run = [sys.executable, "-c", LOADED.format(modules)]
    loaded = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
    assert "exchange" in loaded
    assert not set(loaded) & set(OUTSIDE)
