"""The yardstick: the same rule in a plain loop, with confluent-kafka, fastavro and a dict.

It runs in a process of its own, started by the benchmark as ``python -m tools.bench.raw_loop`` with its task
as JSON, and prints what it took. It has no group and no store: the least that a worker of this kind could do.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from confluent_kafka import TopicPartition

from exchange.folding.memory_states import MemoryStates
from exchange.folding.work import Batch
from exchange.runtime.join.feed import MAX_BATCH
from exchange.runtime.kafka.clients import make_consumer, make_producer, read_batch
from exchange.runtime.logs import configure_logs
from exchange.runtime.memory import settle_memory
from exchange.runtime.principals import ADMIN
from exchange.runtime.registry.client import Registry
from exchange.runtime.rules import make_step
from exchange.runtime.settings import Settings, load_settings
from tools.bench.counting import CountingRule

CHANGELOG: Final = "bench_states"
WAIT_S: Final = 30.0

TakeBatch = Callable[[Batch], None]


@dataclass(frozen=True)
class RawTask:
    """What a raw loop does.

    Attributes:
        home: Of the exchange in whose log the records are.
        starts: Topic, partition and offset of each place to read from.
        count: So many records are taken.
        at_once: So many at most are one batch.
        rule: ``city`` or ``counting``.
        writes: ``states`` to a changelog, acknowledged batch by batch; or ``all`` that a batch comes to, the
            outputs where the join writes them, in one transaction for each batch.
    """

    home: str
    starts: list[tuple[str, int, int]]
    count: int
    at_once: int = MAX_BATCH
    rule: str = "city"
    writes: str = "states"


def run(settings: Settings, task: RawTask) -> dict[str, float]:
    """Take the records; return the seconds, and the CPU's, from the first of them to the last one written."""
    step, write = _RULES[task.rule](settings), _WRITES[task.writes](settings)
    consumer, states = make_consumer(settings.kafka), MemoryStates()
    consumer.assign([TopicPartition(*start) for start in task.starts])
    settle_memory()
    done, began, cpu_began = 0, 0.0, 0.0
    while done < task.count:
        messages = _fetch(consumer, task.at_once)
        if not done:
            began, cpu_began = time.perf_counter(), time.process_time()
        batch = step.run(messages, states)
        states.apply(batch)
        write(batch)
        done += len(messages)
    found = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu_began}
    consumer.close()
    return found


def _fetch(consumer: Any, most: int) -> list[Any]:
    found = read_batch(consumer, most, WAIT_S)
    if not found:
        raise RuntimeError("the log holds fewer records than were to be read")
    return found


def _city_rules(settings: Settings) -> Any:
    return make_step(settings, Registry(settings.registry))


def _counting_rule(settings: Settings) -> Any:
    return CountingRule(settings.city.catalogue)


def _writing_states(settings: Settings) -> TakeBatch:
    producer = make_producer(settings.kafka, {"linger.ms": 1, "compression.type": "lz4"})

    def write(batch: Batch) -> None:
        _produce_states(producer, batch)
        producer.flush()

    return write


def _writing_all(settings: Settings) -> TakeBatch:
    producer = make_producer(
        settings.kafka, {"linger.ms": 1, "transactional.id": "bench-raw", "log_level": 0}
    )
    producer.init_transactions()

    def write(batch: Batch) -> None:
        producer.begin_transaction()
        for output in batch.outputs:
            producer.produce(output.topic, output.value, output.key, output.partition, headers=output.headers)
        _produce_states(producer, batch)
        producer.commit_transaction()

    return write


def _produce_states(producer: Any, batch: Batch) -> None:
    for partition, changed in batch.states.items():
        for key, state in changed.items():
            producer.produce(CHANGELOG, state, key.encode(), partition)


_RULES: Final[Mapping[str, Callable[[Settings], Any]]] = {"city": _city_rules, "counting": _counting_rule}
_WRITES: Final[Mapping[str, Callable[[Settings], TakeBatch]]] = {
    "states": _writing_states,
    "all": _writing_all,
}


def main() -> None:
    """Take the task from the command line, run it, print what it took."""
    configure_logs(logging.WARNING)
    task = RawTask(**json.loads(sys.argv[1]))
    json.dump(run(load_settings(Path(task.home), ADMIN), task), sys.stdout)


if __name__ == "__main__":
    main()
