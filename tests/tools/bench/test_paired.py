"""Whoever compares with a checkout that this benchmark does not fit is told so in one sentence."""

import sys
from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from tests.cells import each_cell
from tools.bench import paired
from tools.bench.paired import compared, fault

TRACEBACK = """The rules alone …
Traceback (most recent call last):
  File "rules.py", line 26, in <module>
    from exchange.runtime.registry.avro_writer import case_part_encoders
ModuleNotFoundError: No module named 'exchange.runtime.registry.avro_writer'
tools.bench.rules failed: exit code 1.
"""


@each_cell(
    "said, told",
    [
        (TRACEBACK, "ModuleNotFoundError: No module named 'exchange.runtime.registry.avro_writer'"),
        ("cimpl.KafkaException: unknown\n\n", "cimpl.KafkaException: unknown"),
        ("Latency …\nThe worker did not become ready.\n", "The worker did not become ready."),
        ("", ""),
    ],
    ids=["an older checkout", "a name with dots", "no traceback", "nothing"],
)
def test_the_fault_is_told_without_what_led_to_it(said: str, told: str) -> None:
    assert fault(said) == told


def test_a_checkout_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="not installed") as refused:
        compared(tmp_path, ["rules"], quick=True)
    assert refused.value.hint == "Run `make install` there."


def test_what_both_have_is_set_side_by_side(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two turns each; a part of the stack that only one of them has gives no ratio."""
    theirs = tmp_path / ".venv" / "bin" / "python"
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    found = {
        str(theirs): iter([{"by_part": {"kafka": 8, "old": 1}}, {"by_part": {"kafka": 12, "old": 1}}]),
        sys.executable: iter([{"by_part": {"kafka": 4}}, {"by_part": {"kafka": 6}}]),
    }
    monkeypatch.setattr(paired, "_measured", lambda python, *_, **__: next(found[python]))
    assert compared(tmp_path, ["idle"], quick=True) == {
        "idle": {"by_part.kafka": {"base": 10, "here": 5, "ratio": 0.5}}
    }
