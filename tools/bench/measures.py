"""What is measured, each on the real stack; every function returns plain numbers."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from confluent_kafka import TopicPartition
from confluent_kafka.admin import NewTopic

from exchange.folding.case_ids import CaseIds
from exchange.runtime.kafka.clients import make_admin, make_consumer
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.settings import Settings
from tools.bench.bulk import Figures
from tools.bench.load import (
    ALL_KINDS,
    CREMATION,
    DEATH,
    FUND,
    PENSION,
    Load,
    LoadMessage,
    new_producer,
    produce,
)
from tools.bench.log_ends import LogEnds
from tools.bench.raw_loop import CHANGELOG
from tools.bench.stack import seconds_of, worker
from topics.catalogue import matters_topic

LIMIT_SECONDS = 900.0


def warm_up(home: Path, runs: int) -> Figures:
    """Seconds of ``exchange up --detach`` in a home that has been up before."""
    seconds = []
    for _ in range(runs):
        seconds.append(seconds_of(home, "up", "--detach"))
        seconds_of(home, "down")
    return {"seconds": median(seconds), "runs": seconds}


def fill(settings: Settings, people: range) -> None:
    """Publish the records of these people, and return when a worker has folded all of them."""
    messages, ends = Load(settings).messages(ALL_KINDS, people), LogEnds(settings)
    receipts = ends.receipts
    produce(settings, messages)
    _live_seconds(settings, ends, receipts + len(messages))
    ends.close()


def live(settings: Settings, people: range, runs: int) -> Figures:
    """Records per second of the live worker and of the raw loop over the same stretches of the log."""
    _make_changelog(settings)
    share = len(people) // runs
    ends, load = LogEnds(settings), Load(settings)
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


def latency(settings: Settings, people: range, rates: tuple[int, ...], runs: int) -> Figures:
    """Milliseconds from publishing a death certificate to its announcement, at each rate per second."""
    share = len(people) // (runs * len(rates))
    load, kinds = Load(settings), (DEATH, PENSION, CREMATION, FUND)
    p50: dict[int, list[float]] = {rate: [] for rate in rates}
    p99: dict[int, list[float]] = {rate: [] for rate in rates}
    with worker(settings.home):
        _warm(settings, load, people.stop, rates[0])
        for run, rate in enumerate(rates * runs):
            messages = load.messages(kinds, people[run * share : (run + 1) * share])
            delays = sorted(_paced(settings, messages, rate))
            p50[rate].append(delays[len(delays) // 2])
            p99[rate].append(delays[len(delays) * 99 // 100])
    return {
        "p50_ms": {rate: median(found) for rate, found in p50.items()},
        "p99_ms": {rate: median(found) for rate, found in p99.items()},
        "samples_per_rate": share * runs,
    }


def flood(settings: Settings, people: range, flooding: range, rate_per_second: int) -> Figures:
    """Milliseconds from publishing to announcement for the others, while one department floods the log.

    Both kinds of run are at the same steady rate; ``flooding`` are people about whom that department sends so
    much, all at once, that the worker is behind with it to the end.
    """
    half, load = len(people) // 2, Load(settings)
    kinds = (DEATH, PENSION, CREMATION)
    with worker(settings.home):
        _warm(settings, load, people.stop, rate_per_second)
        calm = sorted(_paced(settings, load.messages(kinds, people[:half]), rate_per_second))
        messages = load.messages((FUND,), flooding)
        ends = LogEnds(settings)
        produce(settings, messages)
        flooded = sorted(_paced(settings, load.messages(kinds, people[half:]), rate_per_second))
        measured = time.perf_counter()
        ends.wait_for_receipts(len(messages) + half * len(kinds), LIMIT_SECONDS)
        went_on_s = time.perf_counter() - measured
        ends.close()
    return {
        "calm_ms": {"p50": calm[half // 2], "p99": calm[half * 99 // 100]},
        "flooded_ms": {"p50": flooded[half // 2], "p99": flooded[half * 99 // 100]},
        "ratio_p99": flooded[half * 99 // 100] / calm[half * 99 // 100],
        "ratio_p50": flooded[half // 2] / calm[half // 2],
        "flood_went_on_seconds": went_on_s,
        "rate_per_second": rate_per_second,
    }


def growth(
    settings: Settings, sizes: tuple[int, ...], first_person: int, sample: int, memory_at: int
) -> Figures:
    """CPU microseconds per record on ever more cases, and the worker's memory with ``memory_at`` cases."""
    ends, load = LogEnds(settings), Load(settings)
    costs: dict[int, float] = {}
    memory_mb, made = 0.0, 0
    with worker(settings.home) as process:
        for size in sizes:
            _work(settings, ends, load.messages((PENSION,), range(first_person + made, first_person + size)))
            if size == memory_at:
                memory_mb = process.memory_info().rss / 1e6
            people = range(first_person + made, first_person + made + sample)
            made = size
            before = sum(process.cpu_times()[:2])
            _work(settings, ends, load.messages((DEATH,), people))
            costs[size] = (sum(process.cpu_times()[:2]) - before) / sample * 1e6
    ends.close()
    return {
        "cpu_us_per_record": costs,
        "ratio": costs[sizes[-1]] / costs[sizes[0]],
        "memory_mb": memory_mb,
        "memory_cases": memory_at,
    }


def _make_changelog(settings: Settings) -> None:
    partitions = settings.city.catalogue.records[0].partitions
    admin = make_admin(settings.kafka)
    for future in admin.create_topics([NewTopic(CHANGELOG, partitions, 1)]).values():
        future.result()


def _raw_seconds(settings: Settings, starts: dict[tuple[str, int], int], count: int) -> float:
    task = {
        "home": str(settings.home),
        "count": count,
        "starts": [[topic, partition, offset] for (topic, partition), offset in starts.items()],
    }
    command = [sys.executable, "-m", "tools.bench.raw_loop"]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["seconds"])


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


def _warm(settings: Settings, load: Load, first_person: int, rate_per_second: int) -> None:
    """Let a worker that has just started get into its stride; the first 200 records are not measured."""
    _paced(settings, load.messages((DEATH,), range(first_person, first_person + 200)), rate_per_second)


def _paced(settings: Settings, messages: list[LoadMessage], rate_per_second: int) -> list[float]:
    """Publish at a steady rate; return the delay in milliseconds of every death's first announcement."""
    sent: dict[str, float] = {}
    delays: list[float] = []
    expected = sum(DEATH in message.topic for message in messages)
    consumer = _announcements(settings)
    reader = threading.Thread(target=_collect, args=(consumer, sent, delays, expected))
    reader.start()
    case_ids, producer = CaseIds(settings.case_key), new_producer(settings, linger_ms=0)
    started = time.perf_counter()
    for number, message in enumerate(messages):
        time.sleep(max(0.0, started + number / rate_per_second - time.perf_counter()))
        if DEATH in message.topic:
            sent[case_ids.of_key(message.key)] = time.perf_counter()
        producer.produce(message.topic, message.value, message.key)
        producer.poll(0)
    producer.flush()
    reader.join()
    consumer.close()
    return delays


def _announcements(settings: Settings) -> Any:
    """Return a consumer that stands at the end of the announcements to civil affairs."""
    topic = settings.city.catalogue.by_name[matters_topic("civil_affairs")]
    consumer = make_consumer(settings.kafka, {"fetch.wait.max.ms": 100})
    found = watermarks(consumer, ((topic.name, partition) for partition in range(topic.partitions)))
    consumer.assign([TopicPartition(*place, end) for place, (_, end) in found.items()])
    consumer.poll(0.5)
    return consumer


def _collect(consumer: Any, sent: dict[str, float], delays: list[float], expected: int) -> None:
    limit = time.perf_counter() + LIMIT_SECONDS
    while len(delays) < expected and time.perf_counter() < limit:
        message = consumer.poll(0.2)
        if message is None or message.error() is not None:
            continue
        at = sent.pop(message.key().decode(), None)
        if at is not None:
            delays.append((time.perf_counter() - at) * 1000)
