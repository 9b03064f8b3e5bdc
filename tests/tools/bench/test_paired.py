"""Whoever compares with a checkout that this benchmark does not fit is told so in one sentence."""

from pathlib import Path

import pytest

from exchange.runtime.errors import ExchangeError
from tests.cells import each_cell
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
