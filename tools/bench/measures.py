"""Throughput and growth of the live worker; every function returns plain numbers."""

import time
from dataclasses import asdict
from statistics import median

from confluent_kafka.admin import NewTopic

from exchange.runtime.kafka.clients import make_admin
from exchange.runtime.settings import Settings
from tools.bench.bulk import Figures
from tools.bench.child import answer_of
from tools.bench.load import ALL_KINDS, DEATH, PENSION, LoadMessage, load_for, produce
from tools.bench.log_ends import LogEnds
from tools.bench.raw_loop import CHANGELOG, RawTask
from tools.bench.stack import cpu_seconds_of, worker

LIMIT_SECONDS = 900.0


def fill(settings: Settings, people: range) -> None:
    """Publish the records of these people, and return when a worker has folded all of them."""
    messages, ends = load_for(settings).messages(ALL_KINDS, people), LogEnds(settings)
    receipts = ends.receipts
    produce(settings, messages)
    _live_seconds(settings, ends, receipts + len(messages))
    ends.close()


def live(settings: Settings, people: range, runs: int) -> Figures:
    """Records per second of the live worker and of the raw loop over the same stretches of the log."""
    make_changelog(settings)
    share = len(people) // runs
    ends, load = LogEnds(settings), load_for(settings)
    rates, raw = [], []
    for run in range(runs):
        messages = load.messages(ALL_KINDS, people[run * share : (run + 1) * share])
        starts, receipts = ends.records(), ends.receipts
        produce(settings, messages)
        raw.append(len(messages) / _raw_seconds(settings, starts, len(messages)))
        rates.append(len(messages) / _live_seconds(settings, ends, receipts + len(messages)))
    ends.close()
    return {
        "records_per_second": median(rates),
        "raw_records_per_second": median(raw),
        "ratio_to_raw": median(a / b for a, b in zip(rates, raw, strict=True)),
        "records_per_run": share * len(ALL_KINDS),
    }


def growth(
    settings: Settings, sizes: tuple[int, ...], first_person: int, sample: int, memory_at: int
) -> Figures:
    """CPU microseconds per record on ever more cases, and the worker's memory with ``memory_at`` cases."""
    ends, load = LogEnds(settings), load_for(settings)
    costs: dict[int, float] = {}
    memory_mb, made = 0.0, 0
    with worker(settings.home) as process:
        for size in sizes:
            _work(settings, ends, load.messages((PENSION,), range(first_person + made, first_person + size)))
            if size == memory_at:
                memory_mb = process.memory_info().rss / 1e6
            people = range(first_person + made, first_person + made + sample)
            made = size
            before = cpu_seconds_of(process)
            _work(settings, ends, load.messages((DEATH,), people))
            costs[size] = (cpu_seconds_of(process) - before) / sample * 1e6
    ends.close()
    return {
        "cpu_us_per_record": costs,
        "ratio": costs[sizes[-1]] / costs[sizes[0]],
        "memory_mb": memory_mb,
        "memory_cases": memory_at,
    }


def make_changelog(settings: Settings) -> None:
    """Make the raw loop's changelog if it is not there yet."""
    partitions = settings.city.catalogue.records[0].partitions
    admin = make_admin(settings.kafka)
    if CHANGELOG not in admin.list_topics(timeout=LIMIT_SECONDS).topics:
        for future in admin.create_topics([NewTopic(CHANGELOG, partitions, 1)]).values():
            future.result()


def _raw_seconds(settings: Settings, starts: dict[tuple[str, int], int], count: int) -> float:
    task = RawTask(str(settings.home), [(*place, offset) for place, offset in starts.items()], count)
    return float(answer_of("tools.bench.raw_loop", asdict(task))["seconds"])


def _live_seconds(settings: Settings, ends: LogEnds, receipts: int) -> float:
    """Seconds from when the worker is ready until every receipt is in the log."""
    with worker(settings.home):
        started = time.perf_counter()
        ends.wait_for_receipts(receipts, LIMIT_SECONDS)
        return time.perf_counter() - started


def _work(settings: Settings, ends: LogEnds, messages: list[LoadMessage]) -> None:
    receipts = ends.receipts
    produce(settings, messages)
    ends.wait_for_receipts(receipts + len(messages), LIMIT_SECONDS)
