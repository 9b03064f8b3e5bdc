"""A process of the benchmark that fails ends the measuring: it gives no figure."""

import pytest

from exchange.runtime.errors import ExchangeError
from tools.bench.child import answer_of

pytestmark = pytest.mark.process


def test_what_fails_is_named() -> None:
    """`json.tool` takes the task for the name of a file, which is not there."""
    with pytest.raises(ExchangeError, match=r"json\.tool failed: exit code [12]"):
        answer_of("json.tool", "nowhere.json")
