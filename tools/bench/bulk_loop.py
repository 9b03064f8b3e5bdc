"""One loop over the whole log, timed: bulk work as the exchange does it, and raw loops to measure it by.

It runs in a process of its own, started by the benchmark as ``python -m tools.bench.bulk_loop``
with its task as JSON, and prints how many messages it took, in how many seconds, with what memory.
"""

import json
import logging
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson
from confluent_kafka import KafkaError, TopicPartition

from consumers.history.events import masked_event
from consumers.history.published import output_decoder
from consumers.log.scan import log_bounds
from consumers.replay.group_fold import GroupFold
from consumers.replay.whole_log import EventFilter, WholeLog
from exchange.desk.past_rows import event_row
from exchange.folding.memory_states import MemoryStates
from exchange.runtime.join.store import StateStore
from exchange.runtime.kafka.clients import make_consumer, read_batch
from exchange.runtime.kafka.watermarks import Place
from exchange.runtime.logs import configure_logs
from exchange.runtime.memory import settle_memory
from exchange.runtime.principals import ADMIN
from exchange.runtime.registry.client import Registry
from exchange.runtime.rules import make_step
from exchange.runtime.settings import Settings, load_settings
from topics.catalogue import CASE_STATES

AT_ONCE: Final = 500

_IN_USE: Final[list[StateStore]] = []
"""Stays open, as a worker's does: closing waits for the compaction that goes on in the background."""

Loop = Callable[[Settings, Registry, frozenset[int], Path], int]


def decode(settings: Settings, registry: Registry, partitions: frozenset[int], _: Path) -> int:
    """Read and decode, and do nothing with it."""
    step, count = make_step(settings, registry), 0
    for messages in _raw(settings, _inputs(settings, partitions)):
        for message in messages:
            step.decode(message.topic(), message.value())
        count += len(messages)
    return count


def fold(settings: Settings, registry: Registry, partitions: frozenset[int], _: Path) -> int:
    """Do the same fold as the exchange, into dicts: the least that must be done."""
    step, states, count = make_step(settings, registry), MemoryStates(), 0
    for messages in _raw(settings, _inputs(settings, partitions)):
        states.apply(step.run(messages, states))
        count += len(messages)
    return count


def rebuild(settings: Settings, registry: Registry, partitions: frozenset[int], folder: Path) -> int:
    """Fold as `exchange verify` does."""
    count = 0

    def passed(_: int, messages: int) -> None:
        nonlocal count
        count += messages

    step = make_step(settings, registry)
    decode = output_decoder(settings.city.catalogue, registry.schema_by_id)
    group = GroupFold(settings.kafka, step, decode, partitions, folder, passed)
    group.fold(log_bounds(settings.kafka, _inputs(settings, partitions))[1])
    group.close()
    return count


def replay(settings: Settings, registry: Registry, _: frozenset[int], folder: Path) -> int:
    """Replay as `exchange replay --json` does, into nothing."""
    policy, count = settings.city.policy, 0
    log = WholeLog(settings.kafka, make_step(settings, registry), folder)
    for event in log.events(EventFilter()):
        orjson.dumps(event_row(masked_event(event, policy)))
        count += 1
    log.close()
    return count


def restore(settings: Settings, _: Registry, partitions: frozenset[int], folder: Path) -> int:
    """Restore as a worker whose local copy is gone."""
    total = 0

    def restores(left: int) -> None:
        nonlocal total
        total = max(total, left)

    store = StateStore(folder, settings.kafka, restores)
    store.assign(partitions)
    _IN_USE.append(store)
    return total


def changelog(settings: Settings, _: Registry, partitions: frozenset[int], __: Path) -> int:
    """Read the changelog, and do nothing with it."""
    return sum(len(m) for m in _raw(settings, [(CASE_STATES, partition) for partition in partitions]))


LOOPS: Final[Mapping[str, Loop]] = {
    loop.__name__: loop for loop in (decode, fold, rebuild, replay, restore, changelog)
}


def _inputs(settings: Settings, partitions: frozenset[int]) -> list[Place]:
    inputs = settings.city.catalogue.join_inputs
    return [(topic, partition) for topic in inputs for partition in partitions]


def _raw(settings: Settings, places: list[Place]) -> Iterator[list[Any]]:
    """Yield what these places hold, as it comes, until the end of each is met."""
    first, end = log_bounds(settings.kafka, places)
    waiting = {place for place in places if first[place] < end[place]}
    consumer = make_consumer(settings.kafka, {"enable.partition.eof": True, "fetch.wait.max.ms": 10})
    consumer.assign([TopicPartition(*place, first[place]) for place in waiting])
    while waiting:
        found = read_batch(consumer, AT_ONCE, 0.2)
        messages = [message for message in found if message.error() is None]
        for message in found:
            if message.error() is not None and message.error().code() == KafkaError._PARTITION_EOF:
                waiting.discard((message.topic(), message.partition()))
        if messages:
            yield messages
    consumer.close()


def main() -> None:
    """Take the task from the command line, run it, print what it took."""
    configure_logs(logging.WARNING)
    task = json.loads(sys.argv[1])
    settings = load_settings(Path(task["home"]), ADMIN)
    with TemporaryDirectory(prefix="exchange-bench-") as passing, Registry(settings.registry) as registry:
        settle_memory()  # the same for all loops: the work is compared, not the collector
        folder, partitions = Path(task["folder"] or passing), frozenset(task["partitions"])
        began = time.perf_counter()
        count = LOOPS[task["loop"]](settings, registry, partitions, folder)
        seconds = time.perf_counter() - began
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    json.dump({"count": count, "seconds": seconds, "memory_mb": memory_mb}, sys.stdout)


if __name__ == "__main__":
    main()
