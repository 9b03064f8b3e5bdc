"""How a process that folds without end keeps its memory: seldom looked through, and given back."""

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

THRESHOLDS: Final = (20_000, 20, 50)
_MALLOPT: Final = (
    # What is freed goes back from its threshold on. By glibc's own choice both rise to many megabytes.
    (-1, 128 << 10),  # M_TRIM_THRESHOLD
    (-3, 64 << 10),  # M_MMAP_THRESHOLD
    # One heap for all threads: what the clients' and the store's threads free, the fold takes again.
    (-8, 1),  # M_ARENA_MAX
)


def settle_memory() -> None:
    """Prepare the process to fold; call it when all is loaded and little has begun.

    Source of the parameters' numbers: glibc's malloc.h; another C library is left as it is.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # a C library other than glibc
            mallopt = ctypes.CDLL(None).mallopt
            for parameter, value in _MALLOPT:
                mallopt(parameter, value)
    _spare_collector()


def _spare_collector() -> None:
    """Let the collector look at what is made from now on, and seldom.

    What is loaded by now stays for good: looking at it again would show in the p99, and in the rate.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
