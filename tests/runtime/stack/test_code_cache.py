"""The parts' code is made ready once, and a machine where that cannot be done goes on without it."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from exchange.runtime.errors import ExchangeError
from exchange.runtime.stack import code_cache
from exchange.runtime.stack.code_cache import with_code
from exchange.runtime.stack.downloads import Files
from exchange.runtime.stack.kafka import java_command
from exchange.runtime.stack.parts import LoadedCode
from exchange.runtime.stack.registry import registry_command


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """What stands for Kafka and the registry."""
    return Files((tmp_path / "one.jar",), tmp_path / "registry")


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Files]:
    """What training was given; it writes a word into each file."""
    given: list[Files] = []

    def train(files: Files) -> None:
        given.append(files)
        for code in files.code.values():
            assert code.recorded
            code.path.write_bytes(b"code")

    monkeypatch.setattr(code_cache, "_train", train)
    return given


def test_it_is_made_once_and_said_once(tmp_path: Path, files: Files, trained: list[Files]) -> None:
    """The second start finds it; other jars get another one, recorded beside the registry as they run."""
    said: list[str] = []
    first = with_code(files, (), said.append, tmp_path).code
    assert {name: (code.path.read_bytes(), code.recorded) for name, code in first.items()} == {
        "kafka": (b"code", False),
        "registry": (b"code", False),
    }
    assert with_code(files, (), said.append, tmp_path).code == first
    assert (len(trained), len(said)) == (1, 1)
    other = with_code(
        replace(files, kafka_jars=(*files.kafka_jars, tmp_path / "two.jar")), (), said.append, tmp_path
    ).code
    assert (other["kafka"] == first["kafka"], other["registry"] == first["registry"]) == (False, True)
    assert trained[1].code.keys() == {"kafka", "registry"}
    written = {code.path for each in trained for code in each.code.values()}
    assert not any(path.exists() for path in written), "what is half made stands under another name"


def test_other_ways_of_recording_make_other_files(
    tmp_path: Path, files: Files, trained: list[Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of an older version of the exchange is not taken for one of this."""
    first = with_code(files, (), lambda _: None, tmp_path).code
    monkeypatch.setattr(code_cache, "RECORDING", 0)
    assert not set(with_code(files, (), lambda _: None, tmp_path).code.values()) & set(first.values())


@pytest.mark.parametrize("elsewhere", ["kafka", "registry"])
def test_what_runs_elsewhere_needs_none(
    tmp_path: Path, files: Files, trained: list[Files], elsewhere: str
) -> None:
    """Nothing is recorded for it."""
    code = with_code(files, {elsewhere}, lambda _: None, tmp_path).code
    assert code.keys() == trained[0].code.keys() == {"kafka", "registry"} - {elsewhere}


def test_where_none_was_written_the_next_start_tries_again(
    tmp_path: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something may have ended the JVM before; parts start without, as they always could."""
    said: list[str] = []
    tries: list[Files] = []
    monkeypatch.setattr(code_cache, "_train", tries.append)
    assert not with_code(files, (), said.append, tmp_path).code
    assert "wrote no file" in said[-1]
    assert not with_code(files, (), said.append, tmp_path).code
    assert len(tries) == 2


def test_what_a_killed_start_left_goes_with_the_next(
    tmp_path: Path, files: Files, trained: list[Files]
) -> None:
    """Its half file would lie there for good: it bears the number of a process that is gone."""
    (tmp_path / "code").mkdir()
    left = tmp_path / "code" / "kafka-0123456789abcdef.new.config"
    left.write_bytes(b"ha")
    kept = tmp_path / "code" / "kafka-0123456789abcdef.aot"
    kept.write_bytes(b"another version's")
    assert with_code(files, (), lambda _: None, tmp_path).code
    assert (left.exists(), kept.exists()) == (False, True)


def test_trouble_is_said_and_the_next_start_tries_again(
    tmp_path: Path, files: Files, trained: list[Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy machine or a full disk costs a quick start, and nothing else."""
    said: list[str] = []

    def half(files: Files) -> None:
        files.code["kafka"].path.write_bytes(b"ha")
        raise ExchangeError("no port")

    with monkeypatch.context() as trouble:
        trouble.setattr(code_cache, "_train", half)
        assert with_code(files, (), said.append, tmp_path) == files
    assert "no port" in said[-1]
    assert [*(tmp_path / "code").iterdir()] == []
    assert with_code(files, (), said.append, tmp_path).code
    assert len(trained) == 1


def test_a_cache_that_others_filled_need_not_be_ours(
    tmp_path: Path, files: Files, trained: list[Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is read without a lock; where nothing may be written, nothing is made."""
    made = with_code(files, (), lambda _: None, tmp_path)
    monkeypatch.setattr(code_cache, "alone", Mock(side_effect=PermissionError("not ours")))
    assert with_code(files, (), lambda _: None, tmp_path) == made
    others = replace(files, kafka_jars=(tmp_path / "two.jar",))
    assert with_code(others, (), lambda _: None, tmp_path) == others
    assert len(trained) == 1


def test_a_java_command_names_it_where_there_is_one(files: Files) -> None:
    """Without it no word of it."""
    made = LoadedCode(Path("/made"))
    for command in (
        lambda code: java_command(files.kafka_jars, "-Xmx1m", code),
        lambda code: registry_command(files.registry_folder, code),
    ):
        assert "-XX:AOTCache=/made" in command(made)
        assert "-XX:AOTCacheOutput=/made" in command(replace(made, recorded=True))
        assert not any(word.startswith("-XX:AOTCache") for word in command(None))


def test_the_registry_is_run_from_all_its_jars(tmp_path: Path) -> None:
    """What Quarkus has rewritten comes before the libraries that it rewrote."""
    for jar in ("lib/boot/a.jar", "lib/main/c.jar", "lib/main/b.jar", "app/d.jar"):
        (tmp_path / jar).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / jar).touch()
    for jar in ("transformed-bytecode.jar", "generated-bytecode.jar"):
        (tmp_path / "quarkus").mkdir(exist_ok=True)
        (tmp_path / "quarkus" / jar).touch()
    *_, path, main = registry_command(tmp_path)
    assert main == "io.quarkus.runner.GeneratedMain"
    assert path.split(":") == [
        "quarkus/transformed-bytecode.jar",
        "quarkus/generated-bytecode.jar",
        "app/d.jar",
        "lib/main/b.jar",
        "lib/main/c.jar",
        "lib/boot/a.jar",
    ]
