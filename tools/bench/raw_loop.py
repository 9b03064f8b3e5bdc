"""The yardstick: the same fold in a plain loop, with confluent-kafka, fastavro, a dict and a changelog.

It runs in a process of its own, started by the benchmark as ``python -m tools.bench.raw_loop``
with the stretch of the log to read on standard input, and prints how long it took. It has no group, no store
and no outputs but the changelog: the least that a worker of this kind could do.
"""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confluent_kafka import TopicPartition

from exchange.folding.memory_states import MemoryStates
from exchange.runtime.join.feed import MAX_BATCH
from exchange.runtime.kafka.clients import make_consumer, make_producer, read_batch
from exchange.runtime.registry.client import Registry
from exchange.runtime.rules import make_step
from exchange.runtime.settings import Settings, load_settings

CHANGELOG = "bench_states"


def run(settings: Settings, starts: Mapping[tuple[str, int], int], count: int) -> float:
    """Fold ``count`` records from these offsets on; return the seconds from the first record to the last."""
    step = make_step(settings, Registry(settings.registry))
    consumer = make_consumer(settings.kafka)
    producer = make_producer(settings.kafka, {"linger.ms": 1, "compression.type": "lz4"})
    consumer.assign(
        [TopicPartition(topic, partition, offset) for (topic, partition), offset in starts.items()]
    )
    states = MemoryStates()
    done, started = 0, 0.0
    while done < count:
        messages = _fetch(consumer)
        started = started or time.perf_counter()
        batch = step.run(messages, states)
        states.apply(batch)
        for partition, changed in batch.states.items():
            for key, state in changed.items():
                producer.produce(CHANGELOG, state, key.encode(), partition)
        producer.flush()
        done += len(messages)
    consumer.close()
    return time.perf_counter() - started


def _fetch(consumer: Any) -> list[Any]:
    found = read_batch(consumer, MAX_BATCH, 10.0)
    if not found:
        raise RuntimeError("the log holds fewer records than were to be read")
    return found


def main() -> None:
    """Read the task from standard input, run it, print the seconds."""
    task = json.load(sys.stdin)
    starts = {(topic, partition): offset for topic, partition, offset in task["starts"]}
    seconds = run(load_settings(Path(task["home"])), starts, task["count"])
    json.dump({"seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
