"""The command line as a whole: its help is there at once, and no option or word hides a command."""

import gc
import importlib
import subprocess
import sys
from functools import cache

import pytest

from exchange.command.app import COMMANDS, HIDDEN, main
from tests.cells import each_cell

LOADED = """
import sys
from functools import cache
from exchange.command.app import main
try:
    main({words!r})
except SystemExit:
    pass
begun = "consumers", "producers", "exchange", "verification", "topics"
begun += "httpx", "prometheus_client", "psutil", "psycopg", "pydantic", "rich", "yaml"
print(*(name for name in sys.modules if name.startswith(begun)))
"""


@pytest.mark.process
def test_the_help_imports_no_command() -> None:
    """Whoever looks for a command waits for none of them; asked for one, it is there."""
    assert not [name for name in _loaded("--help") if not name.startswith("exchange")]
    assert "consumers.read_model.case_reader" in _loaded("case", "--help")


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "unneeded"),
    [
        ("case", {"exchange.command.views.case", "exchange.domain.values", "verification.names.faults"}),
        ("case", {"psutil"}),
        ("status", {"prometheus_client", "topics.catalogue_file"}),
        ("status", {"exchange.domain.policy", "exchange.domain.policy_files.models"}),
    ],
)
def test_a_short_command_loads_no_rules_that_it_does_not_ask(name: str, unneeded: set[str]) -> None:
    assert unneeded.isdisjoint(_loaded(name, "--help"))


@each_cell("name", [name for name in COMMANDS if name not in HIDDEN])
def test_the_help_tells_a_command_in_one_line(name: str) -> None:
    """None is cut; and what it names is there."""
    told = next(line for line in _overview().splitlines() if line.startswith(f"  {name} "))
    assert told.removeprefix(f"  {name} ").strip() == COMMANDS[name].short
    module, found = COMMANDS[name].place.split(":")
    assert getattr(importlib.import_module(module), found)


@pytest.mark.process
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--", "schemas"], 2, "Usage: exchange schemas"),
        (["case", "--", "-x", "--home"], 2, "unexpected extra argument"),
        (["--", "caes"], 2, "Did you mean 'case'"),
        (["--json", "case"], 2, "No such option"),
        ([], 2, "Commands:"),
    ],
)
def test_a_word_at_the_wrong_place_is_told(words: list[str], code: int, said: str) -> None:
    """It is never done without."""
    done = _exchange(*words)
    assert done.returncode == code
    assert said in done.stdout + done.stderr


@cache
def _overview() -> str:
    return _exchange("--help").stdout


def _exchange(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "exchange", *words], capture_output=True, text=True, check=False
    )


def _loaded(*words: str) -> set[str]:
    """Return which modules a command has loaded by its end, of ours and of the larger ones of others."""
    return set(_last_line(LOADED.format(words=list(words))).split())


def _last_line(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_a_command_runs_with_its_garbage_collected(capsys: pytest.CaptureFixture[str]) -> None:
    """It is loaded without: a part that runs for months must not."""
    gc.disable()
    try:
        with pytest.raises(SystemExit):
            main(["--help"])
        assert gc.isenabled()
    finally:
        gc.enable()
    assert capsys.readouterr().out
