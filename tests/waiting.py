"""Waiting in tests: for a condition, never for a while, and saying what for."""

from collections.abc import Callable
from typing import Final

from exchange.runtime.waiting import wait_until

PATIENCE_S: Final = 180.0
"""So long may take what takes seconds: a machine may be slow, or busy with something else."""


def wait_for(
    what: str,
    condition: Callable[[], object],
    *,
    seen: Callable[[], object] | None = None,
    every_s: float = 0.05,
    limit_s: float = PATIENCE_S,
) -> None:
    """Return as soon as the condition holds.

    Args:
        what: what is waited for, as a phrase; a failure says it.
        condition: asked again and again.
        seen: what there is instead, asked once when patience is at its end.
        every_s: how long to wait between two looks.
        limit_s: how long at most.

    Raises:
        AssertionError: it did not hold in time.
    """
    if not wait_until(lambda: bool(condition()), limit_s, every_s):
        instead = f"\nThere is: {seen()}" if seen else ""
        raise AssertionError(f"Waited {limit_s:.0f} s in vain for {what}.{instead}")
