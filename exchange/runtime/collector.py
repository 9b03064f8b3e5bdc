"""How Python's garbage collector treats a process that folds without end."""

import gc
from typing import Final

THRESHOLDS: Final = (20_000, 20, 50)


def spare_collector() -> None:
    """Let the collector look at what is made from now on, and seldom; call it when all is loaded.

    What is loaded by now stays for good: looking at it again would show in the p99, and in the rate.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
