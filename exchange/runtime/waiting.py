"""Waiting for a condition, never for a fixed time."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], limit_s: float, every_s: float = 0.02) -> bool:
    """Return True as soon as the condition holds, False when the limit has passed without it."""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(every_s)
    return True
