"""The join's engine without the city's rules: a worker and a raw loop, both with a rule next to nothing."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Final

from exchange.runtime.join.feed import MAX_BATCH
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

    Both count the events of each key and write an answer and a state for each, a batch in a transaction. The
    raw loop runs twice: as its like are written, and with batches no larger than the join's.
    """
    with bare_stack(home) as settings:
        make_changelog(settings)
        turns = [_turn(settings, events) for _ in range(runs)]
    return {
        "events_per_second": median(events / turn["live"]["seconds"] for turn in turns),
        "raw_events_per_second": median(events / turn["raw"]["seconds"] for turn in turns),
        "ratio_to_raw": median(turn["raw"]["seconds"] / turn["live"]["seconds"] for turn in turns),
        "ratio_to_raw_with_small_batches": median(
            turn["raw_small"]["seconds"] / turn["live"]["seconds"] for turn in turns
        ),
        "cpu_us_per_event": min(turn["live"]["cpu_seconds"] for turn in turns) / events * 1e6,
        "raw_cpu_us_per_event": min(turn["raw"]["cpu_seconds"] for turn in turns) / events * 1e6,
    }


def _turn(settings: Settings, events: int) -> dict[str, Mapping[str, float]]:
    """Have the same new stretch of the log taken by the raw loops and by the worker, each timed."""
    ends = LogEnds(settings)
    starts = [(*place, offset) for place, offset in ends.records().items()]
    produce(settings, _events(settings, events))
    found = {
        "raw": _raw(ends, RawTask(str(settings.home), starts, events, RAW_AT_ONCE, "counting", "all")),
        "raw_small": _raw(ends, RawTask(str(settings.home), starts, events, MAX_BATCH, "counting", "all")),
        "live": _live(settings.home, ends, events),
    }
    ends.close()
    return found


def _raw(ends: LogEnds, task: RawTask) -> Mapping[str, float]:
    with started("tools.bench.raw_loop", asdict(task)) as answer:
        ends.wait_for_receipts(ends.receipts + task.count, LIMIT_SECONDS)  # as beside the worker
        found: Mapping[str, float] = answer()
    return found


def _live(home: Path, ends: LogEnds, events: int) -> Mapping[str, float]:
    with worker(home, WORKER) as process:
        began, cpu_began = time.perf_counter(), cpu_seconds_of(process)
        ends.wait_for_receipts(ends.receipts + events, LIMIT_SECONDS)
        return {
            "seconds": time.perf_counter() - began,
            "cpu_seconds": cpu_seconds_of(process) - cpu_began,
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
