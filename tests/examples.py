"""How much is tried: as many examples as a test says, a part or many times that; a table or a share of it."""

import os
from collections.abc import Iterable
from itertools import permutations
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, settings

TIMES: Final = float(os.environ.get("EXCHANGE_EXAMPLES_TIMES") or 1)
HISTORIES: Final = int(os.environ.get("EXCHANGE_MACHINE_EXAMPLES") or 0)
"""So many histories of the reference model a night goes through; by day there are fewer, always the same."""
One = TypeVar("One")
_SETTINGS: Final = "_hypothesis_internal_use_settings"
"""Where the library keeps a test's settings: they cannot be set a second time by its decorator."""


def share(table: Iterable[One], times: float = TIMES) -> list[One]:
    """Return a table that is long because nothing is left out, or in `make quick` each tenth entry of it."""
    return list(table)[:: max(1, round(1 / times))]


def orders(*entries: One) -> list[tuple[One, ...]]:
    """Return every order of these, or as above a share of them."""
    return share(permutations(entries))


def look_longer(test: Any, times: float) -> None:
    """Let a test try this many times as many examples, at least one, with no limit to how long each may take.

    A state machine keeps its own count. A night's find is printed so that it can be tried again by day.

    Raises:
        AttributeError: this Hypothesis keeps settings elsewhere.
    """
    if hasattr(test, "_hypothesis_state_machine_class"):
        return
    own = getattr(test, _SETTINGS)
    more = settings(
        own,
        max_examples=max(1, round(own.max_examples * times)),
        deadline=None,
        suppress_health_check=[*own.suppress_health_check, HealthCheck.too_slow],
        print_blob=True,
    )
    setattr(test, _SETTINGS, more)
