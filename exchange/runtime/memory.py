"""How a process that folds without end keeps its memory: seldom looked through, and given back."""

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

THRESHOLDS: Final = (20_000, 20, 50)


def settle_memory() -> None:
    """Let the collector look at what is made from now on, and seldom; call it when all is loaded.

    What is loaded by now stays for good: looking at it again would show in the p99, and in the rate.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def give_memory_back() -> None:
    """Give the system what was freed but lies between what is in use: after much, or now and then.

    Some milliseconds. glibc keeps it by itself; another C library is left as it is. To have it always give
    back at once, by its own settings, costs a reader in bulk half its rate.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
