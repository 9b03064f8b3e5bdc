"""From publishing to announcement, in milliseconds: at steady rates, beside a raw loop, and in a flood."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from statistics import median
from typing import Any, Final

from confluent_kafka import TopicPartition

from exchange.folding.case_ids import CaseIds
from exchange.runtime.errors import ExchangeError
from exchange.runtime.kafka.clients import make_consumer
from exchange.runtime.kafka.watermarks import watermarks
from exchange.runtime.settings import Settings
from tools.bench.bulk import Figures
from tools.bench.child import started
from tools.bench.load import (
    ALL_KINDS,
    CREMATION,
    DEATH,
    FUND,
    PENSION,
    LoadMessage,
    Newcomers,
    load_for,
    new_producer,
    produce,
)
from tools.bench.log_ends import LogEnds
from tools.bench.measures import LIMIT_SECONDS, make_changelog
from tools.bench.raw_loop import RawTask
from tools.bench.stack import worker
from topics.catalogue import matters_topic

KINDS: Final = (DEATH, PENSION, CREMATION, FUND)
WARM_UP: Final = 200
"""So many records get a worker or a loop that has just started into its stride; they are not measured."""
HALF: Final = "half"
"""Names the rate that is half of the highest."""


class Paced:
    """Publishes at a steady rate, of people who are new each time, and waits for the announcements."""

    def __init__(self, settings: Settings, newcomers: Newcomers) -> None:
        self._settings = settings
        self._newcomers = newcomers
        self._load = load_for(settings)

    def warm_up(self, rate_per_second: float) -> None:
        """Return when all that was published before has been taken, and some more."""
        self.delays_ms((DEATH,), WARM_UP, rate_per_second)

    def delays_ms(self, kinds: tuple[str, ...], people: int, rate_per_second: float) -> list[float]:
        """Return how long each death's first announcement took, sorted."""
        messages = self._load.messages(kinds, self._newcomers.take(people))
        return sorted(_delays_ms(self._settings, messages, rate_per_second))

    def highest_rate(self, people: int) -> float:
        """Return how many records per second a worker takes that is running, of so many people's at once."""
        messages, ends = self._load.messages(ALL_KINDS, self._newcomers.take(people)), LogEnds(self._settings)
        began = time.perf_counter()
        produce(self._settings, messages)
        ends.wait_for_receipts(len(messages), LIMIT_SECONDS)
        ends.close()
        return len(messages) / (time.perf_counter() - began)


def latency(
    settings: Settings, newcomers: Newcomers, people: int, rates: Sequence[int], runs: int
) -> Figures:
    """Milliseconds from publishing a death certificate to its announcement, at each rate per second.

    The raw loop does the same fold and writes all that a batch comes to in one transaction. It and the worker
    take turns; the last rate is half of the highest one, which is measured first. ``people`` are those of one
    rate in one turn.
    """
    make_changelog(settings)
    paced = Paced(settings, newcomers)
    with worker(settings.home):
        paced.warm_up(rates[0])
        highest = paced.highest_rate(2 * people)
    at = {**{str(rate): float(rate) for rate in rates}, HALF: highest / 2}
    raw, live = [], []
    for _ in range(runs):
        with _raw_loop(settings, WARM_UP + people * len(KINDS) * len(at)):
            raw.append(_delays_at(paced, people, at))
        with worker(settings.home):
            live.append(_delays_at(paced, people, at))
    return {
        "p50_ms": {name: median(percentile(50, one[name]) for one in live) for name in at},
        "p99_ms": {name: median(percentile(99, one[name]) for one in live) for name in at},
        "raw_p50_ms": {name: median(percentile(50, one[name]) for one in raw) for name in at},
        "raw_p99_ms": {name: median(percentile(99, one[name]) for one in raw) for name in at},
        "ratio_p99": {
            name: median(
                percentile(99, a[name]) / percentile(99, b[name]) for a, b in zip(live, raw, strict=True)
            )
            for name in at
        },
        "half_per_second": at[HALF],
        "samples_per_rate": people * runs,
    }


def flood(
    settings: Settings, newcomers: Newcomers, people: int, flooding: int, rate_per_second: int
) -> Figures:
    """Milliseconds from publishing to announcement for the others, while one department floods the log.

    Both kinds of run are at the same steady rate; ``flooding`` are people about whom that department sends so
    much, all at once, that the worker is behind with it to the end.
    """
    paced, kinds = Paced(settings, newcomers), (DEATH, PENSION, CREMATION)
    messages = load_for(settings).messages((FUND,), newcomers.take(flooding))
    with worker(settings.home):
        paced.warm_up(rate_per_second)
        calm = paced.delays_ms(kinds, people, rate_per_second)
        ends = LogEnds(settings)
        produce(settings, messages)
        flooded = paced.delays_ms(kinds, people, rate_per_second)
        measured = time.perf_counter()
        ends.wait_for_receipts(len(messages) + people * len(kinds), LIMIT_SECONDS)
        went_on_s = time.perf_counter() - measured
        ends.close()
    return {
        "calm_ms": {"p50": percentile(50, calm), "p99": percentile(99, calm)},
        "flooded_ms": {"p50": percentile(50, flooded), "p99": percentile(99, flooded)},
        "ratio_p99": percentile(99, flooded) / percentile(99, calm),
        "ratio_p50": percentile(50, flooded) / percentile(50, calm),
        "flood_went_on_seconds": went_on_s,
        "rate_per_second": rate_per_second,
    }


def percentile(per_cent: int, ordered: Sequence[float]) -> float:
    """Return the value below which so many per cent of the others are."""
    return ordered[len(ordered) * per_cent // 100]


def _delays_at(paced: Paced, people: int, rates: dict[str, float]) -> dict[str, list[float]]:
    paced.warm_up(min(rates.values()))
    return {name: paced.delays_ms(KINDS, people, rate) for name, rate in rates.items()}


@contextmanager
def _raw_loop(settings: Settings, count: int) -> Iterator[None]:
    """Run the raw loop from the log's present end on, for so many records."""
    ends = LogEnds(settings)
    starts = [(*place, offset) for place, offset in ends.records().items()]
    ends.close()
    task = RawTask(str(settings.home), starts, count, writes="all")
    with started("tools.bench.raw_loop", asdict(task)) as answer:
        yield
        answer()


def _delays_ms(settings: Settings, messages: list[LoadMessage], rate_per_second: float) -> list[float]:
    sent: dict[str, float] = {}
    delays: list[float] = []
    expected = sum(DEATH in message.topic for message in messages)
    consumer = _announcements(settings)
    reader = threading.Thread(target=_collect, args=(consumer, sent, delays, expected))
    reader.start()
    case_ids, producer = CaseIds(settings.case_key), new_producer(settings, linger_ms=0)
    began = time.perf_counter()
    for number, message in enumerate(messages):
        time.sleep(max(0.0, began + number / rate_per_second - time.perf_counter()))
        if DEATH in message.topic:
            sent[case_ids.of_key(message.key)] = time.perf_counter()
        producer.produce(message.topic, message.value, message.key)
        producer.poll(0)
    producer.flush()
    reader.join()
    consumer.close()
    if len(delays) < expected:
        raise ExchangeError(f"Only {len(delays)} of {expected} deaths were announced.")
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
