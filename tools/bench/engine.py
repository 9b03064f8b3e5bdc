"""The join's engine without the city's rules: a worker and a raw loop, both with a rule next to nothing."""

import time
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Final

from exchange.runtime.settings import Settings
from tools.bench.bulk import Figures
from tools.bench.child import started
from tools.bench.load import ALL_KINDS, LoadMessage, id_number, produce
from tools.bench.log_ends import LogEnds
from tools.bench.measures import LIMIT_SECONDS, make_changelog
from tools.bench.raw_loop import RawTask
from tools.bench.stack import bare_stack, cpu_seconds_of, worker

KEYS: Final = 10_000
VALUE: Final = bytes(100)
RAW_AT_ONCE: Final = 1_000
"""The raw loop's batches are as large as its like are written; how large the join's are is its own affair."""
WORKER: Final = ("tools.bench.engine_worker",)


def engine(home: Path, events: int, runs: int) -> Figures:
    """Events per second of the worker and of the raw loop, and CPU microseconds of both per event.

    Both count the events of each key and write an answer and a state for each, a batch in a transaction.
    """
    with bare_stack(home) as settings:
        make_changelog(settings)
        turns = [_turn(settings, events) for _ in range(runs)]
    least = {name: min(turn[name] for turn in turns) for name in ("cpu_us", "raw_cpu_us")}
    return {
        "events_per_second": median(events / turn["seconds"] for turn in turns),
        "raw_events_per_second": median(events / turn["raw_seconds"] for turn in turns),
        "ratio_to_raw": median(turn["raw_seconds"] / turn["seconds"] for turn in turns),
        "cpu_us_per_event": least["cpu_us"],
        "raw_cpu_us_per_event": least["raw_cpu_us"],
    }


def _turn(settings: Settings, events: int) -> dict[str, float]:
    """Have the same new stretch of the log taken by the raw loop and by the worker."""
    ends = LogEnds(settings)
    starts = [(*place, offset) for place, offset in ends.records().items()]
    produce(settings, _events(settings, events))
    raw = RawTask(str(settings.home), starts, events, RAW_AT_ONCE, rule="counting", writes="all")
    with started("tools.bench.raw_loop", asdict(raw)) as answer:
        ends.wait_for_receipts(events, LIMIT_SECONDS)
        found = answer()
    with worker(settings.home, WORKER) as process:
        began, cpu_began = time.perf_counter(), cpu_seconds_of(process)
        ends.wait_for_receipts(2 * events, LIMIT_SECONDS)
        seconds, cpu_seconds = time.perf_counter() - began, cpu_seconds_of(process) - cpu_began
    ends.close()
    return {
        "seconds": seconds,
        "cpu_us": cpu_seconds / events * 1e6,
        "raw_seconds": found["seconds"],
        "raw_cpu_us": found["cpu_seconds"] / events * 1e6,
    }


def _events(settings: Settings, count: int) -> list[LoadMessage]:
    """Return messages of four departments about people by turns; what they say, nobody reads."""
    catalogue = settings.city.catalogue
    topics = [catalogue.record_topic(kind).name for kind in ALL_KINDS]
    people = [id_number(person) for person in range(KEYS)]
    return [
        LoadMessage(topics[number % len(topics)], people[number // len(topics) % KEYS], VALUE)
        for number in range(count)
    ]
