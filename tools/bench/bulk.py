"""Bulk work measured: rebuild, replay and recovery, each beside a raw loop over the same log in one run."""

import json
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from exchange.runtime.settings import Settings

Figures = dict[str, Any]
LOOPS = (("decode", 1), ("fold", 1), ("fold", 2), ("rebuild", 1), ("rebuild", 2), ("replay", 1))
"""What is measured, and with how many processes."""


def bulk(settings: Settings, runs: int) -> Figures:
    """Messages per second of rebuild and replay, and of raw loops that decode, or do the same fold."""
    rates: dict[str, list[float]] = {}
    for _ in range(runs):
        for loop, processes in LOOPS:
            found = _run(settings, loop, processes)
            rates.setdefault(f"{loop}_{processes}", []).append(found["count"] / found["seconds"])
    raw = rates["fold_1"]
    return {
        "messages_per_second": {name: median(found) for name, found in rates.items()},
        "ratio": {
            name: median(one / other for one, other in zip(found, raw, strict=True))
            for name, found in rates.items()
        },
    }


def memory(settings: Settings) -> Figures:
    """Peak memory of a rebuild of the log as it is now by two processes, of the larger of the two."""
    found = _run(settings, "rebuild", 2)
    return {"messages": found["count"], "memory_mb": found["memory_mb"]}


def recovery(settings: Settings, runs: int) -> Figures:
    """Seconds to restore a worker's states from nothing, and of a raw reader of the same changelog.

    Both connect and ask where the log ends. What a worker's start takes where nothing is missing is measured
    by itself, and taken off the restore, not off the raw reader: it may take that much beside.
    """
    cold, start, raw, states = [], [], [], 0
    for _ in range(runs):
        raw.append(_run(settings, "changelog", 1)["seconds"])
        with TemporaryDirectory(prefix="exchange-bench-") as copy:
            found = _run(settings, "restore", 1, copy)
            cold.append(found["seconds"])
            start.append(_run(settings, "restore", 1, copy)["seconds"])
        states = found["count"]
    return {
        "offsets": states,
        "seconds": median(cold),
        "start_seconds": median(start),
        "raw_seconds": median(raw),
        "ratio": median((a - b) / c for a, b, c in zip(cold, start, raw, strict=True)),
    }


def _run(settings: Settings, loop: str, processes: int, folder: str | None = None) -> Figures:
    """Run a loop by so many processes at once, each with its share of the partitions.

    What they write goes to `folder` and stays there; without one, nothing is left of it.
    """
    partitions = settings.city.catalogue.records[0].partitions
    command = [sys.executable, "-m", "tools.bench.bulk_loop"]
    started = []
    for first in range(processes):
        task = {
            "home": str(settings.home),
            "loop": loop,
            "folder": folder,
            "partitions": [*range(first, partitions, processes)],
        }
        process = subprocess.Popen([*command, json.dumps(task)], stdout=subprocess.PIPE, text=True)
        started.append(process)
    found = []
    for process in started:
        told, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the loop {loop} failed: exit code {process.returncode}")
        found.append(json.loads(told))
    return {
        "count": sum(one["count"] for one in found),
        "seconds": max(one["seconds"] for one in found),
        "memory_mb": max(one["memory_mb"] for one in found),
    }
