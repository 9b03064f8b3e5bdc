"""Kafka's code is made ready once, and a machine where that cannot be done goes on without it."""

from collections.abc import Sequence
from pathlib import Path
from unittest.mock import Mock

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.stack import code_cache
from exchange.runtime.stack.code_cache import find_code_cache
from exchange.runtime.stack.kafka import java_command


@pytest.fixture
def jars(tmp_path: Path) -> tuple[Path, ...]:
    """What stands for Kafka."""
    return (tmp_path / "one.jar",)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where training wrote to; it writes a word."""
    where: list[Path] = []

    def train(_jars: Sequence[Path], output: Path) -> None:
        where.append(output)
        output.write_bytes(b"code")

    monkeypatch.setattr(code_cache, "_train", train)
    return where


def test_it_is_made_once_and_said_once(tmp_path: Path, jars: tuple[Path, ...], trained: list[Path]) -> None:
    """The second start finds it; other jars get another one."""
    said: list[str] = []
    first = find_code_cache(jars, said.append, tmp_path)
    assert first is not None
    assert first.read_bytes() == b"code"
    assert find_code_cache(jars, said.append, tmp_path) == first
    assert (len(trained), len(said)) == (1, 1)
    assert find_code_cache((*jars, tmp_path / "two.jar"), said.append, tmp_path) != first
    assert not trained[0].exists(), "what is half made stands under another name"


def test_where_nothing_can_be_made_it_is_not_tried_again(
    tmp_path: Path, jars: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brokers start without, as they always could."""
    tries: list[Path] = []
    monkeypatch.setattr(code_cache, "_train", lambda _jars, output: tries.append(output))
    assert find_code_cache(jars, lambda _: None, tmp_path) is None
    assert find_code_cache(jars, lambda _: None, tmp_path) is None
    assert len(tries) == 1


def test_trouble_is_said_and_the_next_start_tries_again(
    tmp_path: Path, jars: tuple[Path, ...], trained: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy machine or a full disk costs a quick start, and nothing else."""
    said: list[str] = []
    with monkeypatch.context() as trouble:
        trouble.setattr(code_cache, "_train", Mock(side_effect=ExchangeError("no port")))
        assert find_code_cache(jars, said.append, tmp_path) is None
    assert "no port" in said[-1]
    assert find_code_cache(jars, said.append, tmp_path) is not None
    assert len(trained) == 1


def test_a_cache_that_others_filled_need_not_be_ours(
    tmp_path: Path, jars: tuple[Path, ...], trained: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is read without a lock; where nothing may be written, nothing is made."""
    made = find_code_cache(jars, lambda _: None, tmp_path)
    monkeypatch.setattr(code_cache, "alone", Mock(side_effect=PermissionError("not ours")))
    assert find_code_cache(jars, lambda _: None, tmp_path) == made
    assert find_code_cache((*jars, tmp_path / "two.jar"), lambda _: None, tmp_path) is None
    assert len(trained) == 1


def test_the_java_command_names_it_where_there_is_one(jars: tuple[Path, ...]) -> None:
    """Without it no word of it."""
    assert "-XX:AOTCache=/made" in java_command(jars, "-Xmx1m", Path("/made"))
    assert not any(word.startswith("-XX:AOTCache=") for word in java_command(jars, "-Xmx1m"))
