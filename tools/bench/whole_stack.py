"""The whole stack as people have it: how soon it is up, what it costs idle, how fast a city is answered."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

import psutil

from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.settings import load_settings
from exchange.runtime.stack.state import read_state
from tools.bench.bulk import Figures
from tools.bench.child import answer_of
from tools.bench.stack import exchange, running, seconds_of

SUPERVISOR: Final = "supervisor"
FIRST_SEED: Final = 1
WARM_PEOPLE: Final = 40


def warm_up(home: Path, runs: int) -> Figures:
    """Seconds of ``exchange up --detach`` in a home that has been up before."""
    with running(home):
        pass
    seconds = []
    for _ in range(runs):
        seconds.append(seconds_of(home, "up", "--detach"))
        seconds_of(home, "down")
    return {"seconds": median(seconds), "runs": seconds}


def idle(home: Path, settle_s: float, window_s: float) -> Figures:
    """CPU of a stack to which nothing is said, as per cent of one core, by part and in all.

    It is looked at from ``settle_s`` after its start on: until then the Java parts still compile.
    """
    with running(home):
        time.sleep(settle_s)
        before, began = _cpu_seconds(home), time.perf_counter()
        time.sleep(window_s)
        after, seconds = _cpu_seconds(home), time.perf_counter() - began
    by_part = {name: (used - before.get(name, 0.0)) / seconds * 100 for name, used in after.items()}
    return {"per_cent": sum(by_part.values()), "per_cent_by_part": by_part, "window_seconds": seconds}


def sample(home: Path, people: int, runs: int) -> Figures:
    """Seconds from ``exchange publish`` of a made-up city until each of its records has its receipt.

    The stack is up and has answered a small city before. The raw loop folds the same log, of all the cities,
    and writes nothing.
    """
    with running(home):
        _answered(home, WARM_PEOPLE, FIRST_SEED)
        found = [_answered(home, people, FIRST_SEED + run) for run in range(1, runs + 1)]
        raw = _raw_fold(home)
    rate = median(records / seconds for records, seconds in found)
    return {
        "seconds": median(seconds for _, seconds in found),
        "records": median(records for records, _ in found),
        "records_per_second": rate,
        "raw_messages_per_second": raw,
        "ratio_to_raw": rate / raw,
    }


def _answered(home: Path, people: int, seed: int) -> tuple[int, float]:
    """Publish a city; return how many records it has, and the seconds until the last receipt."""
    file = home / f"city-{seed}.jsonl"
    exchange(home, "sample", "--people", str(people), "--seed", str(seed), "--out", str(file))
    records = file.read_bytes().count(b"\n")
    command = [sys.executable, "-m", "exchange", "publish", str(file), "--json", "--home", str(home)]
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - began
    # It exits with 1: a city as untidy as life has records that are refused.
    if (receipts := done.stdout.count(b"\n")) != records:
        raise ExchangeError(f"{receipts} of {records} records were answered.")
    return records, seconds


def _raw_fold(home: Path) -> float:
    partitions = load_settings(home).city.catalogue.records[0].partitions
    task = {"home": str(home), "loop": "fold", "folder": None, "partitions": [*range(partitions)]}
    found = answer_of("tools.bench.bulk_loop", task)
    return float(found["count"] / found["seconds"])


def _cpu_seconds(home: Path) -> dict[str, float]:
    """Return what the supervisor and each part have used so far, with all that the part started."""
    state = read_state(Home(home))
    if state is None:
        raise ExchangeError("The stack is gone.")
    parts = {part.name: psutil.Process(part.pid) for part in state.parts if part.pid is not None}
    used = {name: _used(part, *part.children(recursive=True)) for name, part in parts.items()}
    return {**used, SUPERVISOR: _used(psutil.Process(state.supervisor.pid))}


def _used(*processes: psutil.Process) -> float:
    """Return their CPU seconds, and those of children that have ended, which stay with their parents."""
    return sum(sum(process.cpu_times()[:4]) for process in processes)
