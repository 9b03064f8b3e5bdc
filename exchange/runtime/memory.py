"""How a process that folds without end keeps its memory: seldom searched for garbage, and given back."""

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

THRESHOLDS: Final = (20_000, 20, 50)
_M_MMAP_THRESHOLD: Final = -3
"""As glibc's malloc.h has it."""
_LARGE_BYTES: Final = 1 << 20


def settle_memory() -> None:
    """Let the collector look only at what is made from now on, and seldom; call this when all is loaded.

    What is loaded by now stays for good: looking at it again would show in the p99 and in the rate.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def keep_nothing_large() -> None:
    """Have memory of a megabyte and more given back as soon as it is free; call this at the start.

    glibc keeps the like of what was once freed, up to 32 MB: as much as the check of one secret takes.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_memory_back() -> None:
    """Give the system what was freed between memory in use; call this after much work, or now and then.

    Takes some milliseconds. glibc would keep that memory; another C library is left alone. Having glibc
    always give back at once, by its own settings, costs a reader in bulk half its rate.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
